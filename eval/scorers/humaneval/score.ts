/** Scores of HumanEval: the code of a response is run against the data set's tests. */
import * as z from 'zod/mini';
import { functionBody, wholeCode } from './extract.ts';
import { guardedCandidate } from './guarded-candidate.ts';
import type { Samples } from './pass-at-k.ts';
import { type PythonLimits, type PythonProgram, type PythonResult, runPython } from './run-python.ts';

/** A problem, as the data set has it. */
export const humanEvalRow = z.object({
  task_id: z.string(),
  prompt: z.string(),
  entry_point: z.string(),
  test: z.string(),
});

export type HumanEvalRow = Readonly<z.output<typeof humanEvalRow>>;

export interface HumanEvalVerdict {
  readonly correct: boolean;
  readonly outcome: PythonResult['outcome'];
  /** Of the error that it ended with. */
  readonly message: string;
  /** By the rule of ours that runs the whole block of code. */
  readonly lenient: boolean;
}

/** By simple-evals' rule for what is run. Throws an Error where the sandbox does not work here. */
export async function scoreHumanEval(
  row: HumanEvalRow,
  response: string,
  limits?: PythonLimits,
): Promise<HumanEvalVerdict> {
  const { outcome, message } = await run(programOf(row, functionBody(response)), limits);
  const correct = outcome === 'passed';
  const whole = programOf(row, `\n${wholeCode(response, row.entry_point)}`);
  return { correct, outcome, message, lenient: correct || (await run(whole, limits)).outcome === 'passed' };
}

/** Several responses to one problem, for `passAtK`. */
export async function scoreSamples(row: HumanEvalRow, responses: readonly string[]): Promise<Samples> {
  const verdicts = await Promise.all(responses.map((response) => scoreHumanEval(row, response)));
  return { n: verdicts.length, correct: verdicts.filter(({ correct }) => correct).length };
}

/**
 * https://github.com/openai/human-eval/blob/master/human_eval/execution.py (`check_correctness`), which runs it as one text. In two, code cannot take the tests
 * into a string of its own; and what it gives is looked at before the tests see it.
 */
export function programOf({ prompt, test, entry_point }: HumanEvalRow, completion: string): PythonProgram {
  return [`${prompt}${completion}\n`, `${test}\n${guardedCandidate}\ncheck(_guarded(${entry_point}))\n`];
}

async function run(program: PythonProgram, limits: PythonLimits | undefined): Promise<PythonResult> {
  const result = await runPython(program, limits);
  if (result.outcome === 'broken') throw new Error(result.message);
  return result;
}
