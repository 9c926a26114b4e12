import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { extractAnswer, numbersIn } from '../../src/reflection/answer.ts';
import type { Task, TaskClass } from '../../src/reflection/task.ts';
import { processorMs } from '../support/processor-time.ts';
import { holds } from '../support/properties.ts';

const task = (kind: TaskClass, choices: readonly string[] = []): Task => ({ class: kind, choices, complexity: 0 });
const number = task('number');
const letters = task('choice', ['A', 'B', 'C', 'D']);
const words = task('choice', ['low', 'very low', 'high']);
const yesNo = task('yes_no');

describe('a number', () => {
  test.each([
    ['The answer is 42.', '42'],
    ['6 × 7 = 42, so the answer is: 42', '42'],
    ['**Answer:** 1,234.50 dollars', '1234.5'],
    ['**Answer**: 7', '7'],
    ['Final answer = -3', '-3'],
    ['The result is −3 °C', '-3'],
    ['The answer is 12. No wait: the answer is 13.', '13'],
    ['I count 3 apples.\nAnswer:\n5', '5'],
    ['So we get \\boxed{42}.', '42'],
    ['First \\boxed{1}, then \\boxed{2}.', '2'],
    ['It is \\boxed{\\frac{1}{2}}', '0.5'],
    ['The answer is 1/2.', '0.5'],
    ['The answer is 0.5', '0.5'],
    ['Work.\n#### 42', '42'],
    ['3 + 4 makes seven, that is 7', '7'],
    ['In total 5 apples and 3 pears, which makes 8.', '8'],
    ['As a result we have 5 and 3.\nThat makes 8.', '8'],
    ['pages 10-15', '15'],
    ['42', '42'],
    ['The answer is 42, since 6 × 7 is 42.', '42'],
    ["The answer isn't 5, but 6.", '6'],
  ])('is read from %j', (text, answer) => {
    expect(extractAnswer(text, number)).toBe(answer);
  });

  test.each([
    '',
    'I cannot tell.',
    'The answer is 3 or 4.',
    'Answer: x = 3 or x = 4',
    'The answer is 3 and 4',
    'the answer is 10^6',
    '1/0',
  ])('is not read from %j', (text) => {
    expect(extractAnswer(text, number)).toBeNull();
  });

  test('is the same string for every way to write it', () => {
    holds(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), (value) => {
        const grouped = value.toLocaleString('en-US');
        for (const text of [
          `The answer is ${value}.`,
          `Answer: ${grouped}`,
          `\\boxed{${value}}`,
          `So it is ${value}`,
          `#### ${value}.00`,
        ])
          expect(extractAnswer(text, number)).toBe(String(value));
      }),
    );
  });
});

test('numbers in a text come in order, powers and halves of dates aside', () => {
  expect(numbersIn('1,000 and 2.5, then -3 or 4/8; x-9, 2^10, no')).toEqual(['1000', '2.5', '-3', '0.5', '9']);
  expect(numbersIn('none')).toEqual([]);
});

describe('a choice', () => {
  test.each([
    [letters, 'B', 'B'],
    [letters, 'B)', 'B'],
    [letters, 'The answer is B.', 'B'],
    [letters, 'The answer is (B)', 'B'],
    [letters, 'The answer is [B].', 'B'],
    [letters, 'Answer: **B**', 'B'],
    [letters, 'A is wrong and C is wrong.\nThe answer is B.', 'B'],
    [letters, 'Is it "A"? No. The answer is B: Paris', 'B'],
    [letters, '\\boxed{B}', 'B'],
    [letters, 'A capital is a city. So B', 'B'],
    [words, 'It is low.', 'low'],
    [words, 'It is very low.', 'very low'],
    [words, 'Below average, so: low', 'low'],
    [words, 'The answer is HIGH', 'high'],
    [words, 'İ say low', 'low'],
  ])('%# is read from %j', (kind, text, answer) => {
    expect(extractAnswer(text, kind)).toBe(answer);
  });

  test.each([
    [letters, ''],
    [letters, 'A or B'],
    [letters, 'The answer is A) or B).'],
    [letters, 'None of them.'],
    [letters, 'A man walks into a bar'],
    [letters, 'ABBA'],
    [words, 'lower'],
    [words, 'low or high'],
    [words, 'very low, no: high'],
  ])('%# is not read from %j', (kind, text) => {
    expect(extractAnswer(text, kind)).toBeNull();
  });

  test('is one that was offered, whatever the text', () => {
    const part = fc.constantFrom('A', 'B', 'low', 'very low', 'high', ' ', '.', 'answer is ', '(', ')', '\n', 'İ');
    holds(
      fc.property(fc.array(part), (parts) => {
        const mixed = task('choice', ['A', 'B', 'low', 'very low', 'high']);
        expect([null, ...mixed.choices]).toContain(extractAnswer(parts.join(''), mixed));
      }),
    );
  });
});

describe('yes or no', () => {
  test.each([
    ['Yes, it does.', 'yes'],
    ['It does not work that way. The answer is no.', 'no'],
    ['Yes and no at first, but the answer is yes.', 'yes'],
    ['True', 'true'],
    ['That is FALSE.', 'false'],
  ])('is read from %j', (text, answer) => {
    expect(extractAnswer(text, yesNo)).toBe(answer);
  });

  test.each(['', 'Perhaps.', 'Yes and no.', 'No, that is true.', 'I know nothing'])('is not read from %j', (text) => {
    expect(extractAnswer(text, yesNo)).toBeNull();
  });
});

test.each(['open', 'code', 'grounded'] as const)('an %s task has no answer to compare', (kind) => {
  expect(extractAnswer('The answer is 42.', task(kind))).toBeNull();
});

test.each([
  ['answers', 'answer '.repeat(100_000)],
  ['blanks', `answer${' '.repeat(500_000)}`],
  ['commas', `1${','.repeat(500_000)}^`],
  ['digits and commas', `${'1,'.repeat(300_000)}^`],
  ['boxes', '\\boxed{{'.repeat(80_000)],
  ['line breaks', `a${'\n'.repeat(500_000)}b`],
  ['letters', 'A '.repeat(250_000)],
  ['full stops', '. '.repeat(250_000)],
])('half a megabyte of %s is read in time', (_, text) => {
  const started = processorMs();
  for (const kind of [number, letters, words, yesNo]) extractAnswer(text, kind);
  expect(processorMs() - started).toBeLessThan(4_000);
});

test.each([
  ['The answer is not B.', ['A', 'B'], null],
  ['It isn’t positive.', ['positive', 'negative'], null],
  ['I cannot say it is safe.', ['safe', 'unsafe'], null],
  ['The answer is B, not A.', ['A', 'B'], null],
  ['Not bad at all: the answer is positive.', ['positive', 'negative'], 'positive'],
  ['The answer is B.', ['A', 'B'], 'B'],
])('a choice that is denied is none: %j', (text, choices, answer) => {
  expect(extractAnswer(text, { class: 'choice', choices, complexity: 0 })).toBe(answer);
});

test('a truth that is denied is none', () => {
  expect(extractAnswer('That is not true.', { class: 'yes_no', choices: [], complexity: 0 })).toBeNull();
  expect(extractAnswer('That is true.', { class: 'yes_no', choices: [], complexity: 0 })).toBe('true');
});
