/** The scorers of GSM8K, MATH, MMLU and GPQA agree with their references on every recorded input. */
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import {
  exactMatch,
  flexibleExtract,
  openAiExtract,
  openAiMatch,
  scoreGsm8k,
  strictMatch,
} from '../../eval/scorers/gsm8k.ts';
import { isEquivalent, lastBoxed, scoreMath, unboxed } from '../../eval/scorers/math.ts';
import { extractGpqa, extractMmlu, normaliseMmlu } from '../../eval/scorers/multiple-choice.ts';
import { goldenRows } from './golden.ts';

describe('GSM8K', () => {
  const rows = goldenRows(
    'gsm8k.jsonl',
    z.object({
      gold_answer_field: z.string(),
      response: z.string(),
      strict: z.string(),
      strict_exact_match: z.boolean(),
      flex: z.string(),
      flex_exact_match: z.boolean(),
      openai_extract: z.string(),
      openai_correct: z.boolean(),
    }),
  );

  test(`agrees on ${rows.length} responses, in every part`, () => {
    for (const row of rows) {
      const { response, gold_answer_field: gold } = row;
      expect({
        strict: strictMatch(response),
        strict_exact_match: exactMatch(strictMatch(response), gold),
        flex: flexibleExtract(response),
        flex_exact_match: exactMatch(flexibleExtract(response), gold),
        openai_extract: openAiExtract(response),
        openai_correct: openAiMatch(response, gold),
      }).toEqual(without(row, 'gold_answer_field', 'response'));
    }
  });

  test('takes a response without a number for wrong', () => {
    expect(scoreGsm8k('', '#### 18')).toEqual({ correct: false, extracted: '[invalid]', strict: false });
    expect(scoreGsm8k('It is 1,018.', 'so\n#### 1018')).toMatchObject({ correct: true, extracted: '1,018.' });
    expect(scoreGsm8k('The answer is 18', '18')).toMatchObject({ correct: true });
  });
});

describe('MMLU and GPQA', () => {
  const rows = goldenRows(
    'mc-simple-evals.jsonl',
    z.object({
      response: z.string(),
      gpqa_simple_evals: z.nullable(z.string()),
      mmlu_simple_evals: z.nullable(z.string()),
      mmlu_normalized: z.string(),
    }),
  );

  test(`agree on ${rows.length} responses`, () => {
    for (const { response, ...expected } of rows) {
      expect({
        response,
        gpqa_simple_evals: extractGpqa(response),
        mmlu_simple_evals: extractMmlu(response),
        mmlu_normalized: normaliseMmlu(response),
      }).toEqual({ response, ...expected });
    }
  });
});

describe('MATH', () => {
  const pairs = goldenRows('math-equiv-edge.jsonl', z.object({ a: z.string(), b: z.string(), hendrycks: z.boolean() }));
  const boxes = goldenRows(
    'math-extraction.jsonl',
    z.object({
      text: z.string(),
      last_boxed: z.nullable(z.string()),
      remove_boxed: z.union([z.null(), z.string(), z.object({ raises: z.string() })]),
    }),
  );

  test(`finds ${pairs.length} pairs equivalent or not as the data set’s own code does`, () => {
    for (const { a, b, hendrycks } of pairs) expect([a, b, isEquivalent(a, b)]).toEqual([a, b, hendrycks]);
  });

  test(`takes the last box of ${boxes.length} texts`, () => {
    for (const { text, last_boxed, remove_boxed } of boxes) {
      const boxed = lastBoxed(text);
      expect([text, boxed]).toEqual([text, last_boxed]);
      const raises = typeof remove_boxed === 'object' && remove_boxed !== null;
      if (boxed !== null) expect(unboxed(boxed)).toBe(raises ? undefined : remove_boxed);
    }
  });

  test('takes a line "Answer:" where nothing is boxed, and a response without an answer for wrong', () => {
    expect(scoreMath('So.\nAnswer: $\\frac12$', '\\frac{1}{2}')).toEqual({ correct: true, extracted: '\\frac12' });
    expect(scoreMath('**Answer: 7.**', '7')).toMatchObject({ correct: true });
    expect(scoreMath('It is seven.', '7')).toEqual({ correct: false, extracted: null });
    expect(scoreMath('', '')).toEqual({ correct: false, extracted: null });
  });
});

function without(row: Readonly<Record<string, unknown>>, ...names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)));
}
