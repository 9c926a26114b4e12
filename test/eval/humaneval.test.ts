/** What is run of a response to HumanEval, and what several responses to a problem are worth, agree with the references. */
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { beforeFence, functionBody, wholeCode } from '../../eval/scorers/humaneval/extract.ts';
import { passAtK } from '../../eval/scorers/humaneval/pass-at-k.ts';
import { goldenRows } from './golden.ts';

describe('the code of a response', () => {
  const rows = goldenRows(
    'humaneval-extract.jsonl',
    z.object({ completion: z.string(), simple_evals_find_code: z.string(), lm_eval_instruct: z.string() }),
  );

  test(`is what the references take of ${rows.length} responses`, () => {
    for (const { completion, ...expected } of rows) {
      const taken = { simple_evals_find_code: functionBody(completion), lm_eval_instruct: beforeFence(completion) };
      expect({ completion, ...taken }).toEqual({ completion, ...expected });
    }
  });

  test('loses its first character where no head of a function is found, as the reference has it', () => {
    expect(functionBody('😀 no code')).toBe(' no code');
    expect(functionBody('')).toBe('');
    expect(functionBody('```python\nreturn x')).toBe('``python\nreturn x');
  });

  test('is, by the lenient rule, the whole block that defines the function', () => {
    const helper = 'def helper(x):\n    return x\n\ndef f(x):\n    return helper(x)\n';
    expect(wholeCode(`Call it so:\n\`\`\`\nf(1)\n\`\`\`\n\`\`\`py\n${helper}\`\`\`\nDone.`, 'f')).toBe(helper);
    expect(wholeCode('```\n    return x\n```', 'f')).toBe('    return x\n');
    expect(wholeCode('    return x', 'f')).toBe('    return x');
    expect(wholeCode('```python\ndef f(x):\n    return x', 'f')).toBe('def f(x):\n    return x');
  });
});

describe('pass@k', () => {
  test('is the share of draws of k responses in which one passes', () => {
    // Of the six pairs of four responses with one that passes, three hold it.
    expect(passAtK([{ n: 4, correct: 1 }], 2)).toBeCloseTo(0.5, 12);
    expect(passAtK([{ n: 5, correct: 2 }], 3)).toBeCloseTo(0.9, 12);
    expect(passAtK([{ n: 5, correct: 3 }], 3)).toBe(1);
    expect(passAtK([{ n: 5, correct: 0 }], 5)).toBe(0);
  });

  test('is the mean over problems, and unknown where a problem has too few responses', () => {
    const problems = [
      { n: 2, correct: 1 },
      { n: 2, correct: 2 },
    ];
    expect(passAtK(problems, 1)).toBeCloseTo(0.75, 12);
    expect(passAtK([...problems, { n: 1, correct: 1 }], 2)).toBeUndefined();
    expect(passAtK([], 1)).toBeUndefined();
  });

  test('is a half for the six samples of the data set’s own self-check', () => {
    expect(passAtK([{ n: 6, correct: 3 }], 1)).toBeCloseTo(0.5, 12);
  });
});
