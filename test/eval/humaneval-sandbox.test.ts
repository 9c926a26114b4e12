/** HumanEval's programs run, and hostile ones are contained. */
import { describe, expect, test } from 'vitest';
import { humaneval } from '../../eval/benchmarks/humaneval.ts';
import { runPython } from '../../eval/scorers/humaneval/run-python.ts';
import { programOf, scoreHumanEval, scoreSamples } from '../../eval/scorers/humaneval/score.ts';
import { solvedRows } from './humaneval-rows.ts';

/** Also on a machine that does much else. */
const timeout = 180_000;

const row = {
  task_id: 'Test/0',
  prompt: 'def twice(x):\n    """Twice x."""\n',
  entry_point: 'twice',
  test: 'METADATA = {}\n\n\ndef check(candidate):\n    assert candidate(2) == 4\n    assert candidate(0) == 0\n',
};

describe('a response', { timeout }, () => {
  test('is correct where its code passes the tests', async () => {
    const block = '```python\ndef twice(x):\n    return 2 * x\n```';
    expect(await scoreHumanEval(row, block)).toEqual({ correct: true, outcome: 'passed', message: '', lenient: true });
    expect(await scoreHumanEval(row, block.replace('2', '3'))).toEqual({
      correct: false,
      outcome: 'failed',
      message: 'AssertionError',
      lenient: false,
    });
    expect(await scoreHumanEval(row, '')).toMatchObject({ correct: false, outcome: 'failed' });
  });

  test('that needs what stands before its function passes by the lenient rule alone', async () => {
    const block = '```python\ndef double(x):\n    y = 2 * x\n    return y\n\ndef twice(x):\n    return double(x)\n```';
    expect(await scoreHumanEval(row, block)).toMatchObject({ correct: false, lenient: true });
  });

  test('is one of several to a problem', async () => {
    const responses = ['def twice(x):\n    return 2 * x', 'def twice(x):\n    return x', 'I cannot.'];
    expect(await scoreSamples(row, responses)).toEqual({ n: 3, correct: 1 });
  });

  test('is judged as an item of the benchmark', async () => {
    const item = humaneval.item(row, 0);
    expect(item).toMatchObject({ id: 'humaneval-0', checks: [] });
    expect(item.prompt).toMatch(/^Read the following function signature and docstring, .*\.\ndef twice\(x\):\n/);
    expect(await item.score('def twice(x):\n    return x + x')).toMatchObject({ correct: true });
  });
});

describe('the data set', () => {
  const third = solvedRows().filter((_, index) => index % 3 === 0);

  test(`passes its own tests with ${third.length} of its solutions`, { timeout }, async () => {
    const failed = await Promise.all(
      third.map(async (each) => {
        const { outcome, message } = await runPython(programOf(each, each.canonical_solution));
        return outcome === 'passed' ? [] : [`${each.task_id}: ${outcome}: ${message}`];
      }),
    );
    expect(failed.flat()).toEqual([]);
  });
});
