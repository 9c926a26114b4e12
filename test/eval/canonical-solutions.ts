/** `npm run test:humaneval`: every solution of the data set passes its own tests in the sandbox. It takes a minute; `npm test` runs a third of them. */
import { runPython } from '../../eval/scorers/humaneval/run-python.ts';
import { programOf } from '../../eval/scorers/humaneval/score.ts';
import { solvedRows } from './humaneval-rows.ts';

const results = await Promise.all(
  solvedRows().map(async (row) => {
    const { outcome, message } = await runPython(programOf(row, row.canonical_solution));
    if (outcome !== 'passed') console.error(`${row.task_id}: ${outcome}: ${message}`);
    return outcome;
  }),
);
const passed = results.filter((outcome) => outcome === 'passed').length;
console.log(`${passed} of ${results.length} canonical solutions pass.`);
process.exitCode = passed === results.length ? 0 : 1;
