/** HumanEval's programs run, and hostile ones are contained. */
import { describe, expect, test } from 'vitest';
import { humaneval } from '../../eval/benchmarks/humaneval.ts';
import { runPython } from '../../eval/scorers/humaneval/run-python.ts';
import { programOf, scoreHumanEval, scoreSamples } from '../../eval/scorers/humaneval/score.ts';
import { cheats, hostilePrograms } from './hostile-python.ts';
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

describe('the sandbox', { timeout }, () => {
  const limits = { seconds: 30, megabytes: 256 };

  test.for(hostilePrograms)('contains what tries $tries', { concurrent: true }, async ({ code, outcome, message }) => {
    const seconds = outcome === 'timed out' ? 1 : limits.seconds;
    const judged = await runPython([code], { ...limits, seconds });
    expect(judged).toEqual({ outcome, message: expect.stringMatching(message) });
  });

  test.for(Object.entries(cheats))('is not taken in by solutions that %s', { concurrent: true }, async ([, body]) => {
    const tests =
      'def check(candidate):\n    """Checks \'\'\' it."""\n    assert abs(candidate(1) - 2) < 1e-6\n    assert candidate(2) == 3\n';
    const wrong = programOf({ task_id: '', prompt: 'def f(x):\n', entry_point: 'f', test: tests }, body);
    expect(await runPython(wrong, limits)).toMatchObject({ outcome: 'failed' });
  });

  test('runs the next program as if there had been none before', async () => {
    await runPython(
      ['import builtins, math\nbuiltins.abs = math.fabs = None\nopen("/tmp/left", "w").write("here")'],
      limits,
    );
    const next = 'import math, os\nassert abs(-1) == math.fabs(-1) == 1\nassert not os.path.exists("/tmp/left")';
    expect(await runPython([next], limits)).toEqual({ outcome: 'passed', message: '' });
  });

  test('throws output away, however much there is', async () => {
    const loud =
      'import sys\nfor _ in range(200):\n    print("x" * 1_000_000)\n    print("x" * 1_000_000, file=sys.stderr)';
    expect(await runPython([loud], limits)).toEqual({ outcome: 'passed', message: '' });
  });

  test('leaves to a program what solutions import', async () => {
    const imports = `from collections import Counter, namedtuple
import copy, dataclasses, enum, hashlib, itertools, logging, random, re, string, typing, warnings
Point = namedtuple('Point', 'x y')
assert Point(1, 2).y == 2
@dataclasses.dataclass
class Thing:
    name: str = ''
assert hashlib.md5(b'x').hexdigest().startswith('9dd4')
logging.warning('said')
warnings.warn('said')`;
    expect(await runPython([imports], limits)).toEqual({ outcome: 'passed', message: '' });
  });
});
