/** Which choice an answer comes to, on answers written by hand for this project, each with the choice that a reader settles on, or none. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { processorMs } from '../../../support/processor-time.ts';
import { reflecting } from '../../../support/reflecting.ts';
import { judge } from '../judge.ts';

const line = z.strictObject({ text: z.string(), choices: z.array(z.string()), settles: z.nullable(z.string()) });
const cases = readFileSync(new URL('../cases/choice.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((text) => line.parse(JSON.parse(text)));
const answers = cases.filter(({ settles }) => settles !== null);
const traps = cases.filter(({ settles }) => settles === null);

test('the set is large enough to say something', () => {
  expect(answers.length).toBeGreaterThanOrEqual(60);
  expect(traps.length).toBeGreaterThanOrEqual(40);
});

describe('an everyday answer', () => {
  test.each(answers)('$text comes to $settles', ({ text, choices, settles }) => {
    expect(judge(text, { type: 'choice', choices })).toMatchObject({ status: 'pass', measured: settles });
  });
});

describe('a trap', () => {
  test.each(traps)('$text is not settled', ({ text, choices }) => {
    expect(judge(text, { type: 'choice', choices }).status).not.toBe('pass');
  });
});

describe('an answer that must be the choice and nothing else', () => {
  test.each(['checks', 'selective'] as const)(
    'is brought down to it by code, and never by guess, with %s',
    async (strategy) => {
      for (const { text, choices, settles } of cases) {
        if (text === '') continue;
        const checks = [{ type: 'choice' as const, choices, whole: true }];
        const script = { draft: text, repair: text, otherwise: text };
        const { outcome, record } = await reflecting({ strategy, checks }, script);
        const expected = settles ?? text;
        expect({ text, output: outcome.output }).toEqual({ text, output: expected });
        expect({ text, status: record.checks[0]?.status }).toEqual({
          text,
          status: settles === null ? 'fail' : 'pass',
        });
      }
    },
  );
});

test('a negation alone comes to no choice, and a doubt is not decided', () => {
  const choices = ['A', 'B', 'C', 'D'];
  for (const text of ["The answer isn't A.", 'The answer cannot be B.', 'The answer is definitely not B'])
    expect(judge(text, { type: 'choice', choices }).status).toBe('fail');
  for (const text of ['It is probably A.', 'It depends, but I would say A.'])
    expect(judge(text, { type: 'choice', choices }).status).toBe('skipped');
});

test('a long answer is read in time linear in it', () => {
  const choices = ['yes', 'no', 'yes and no'];
  for (const piece of [
    'yes or no, ',
    'is it ',
    'the answer to ',
    '((((',
    'a ',
    '\n- ',
    '不',
    '*',
    '~~',
    '$\\boxed{',
    "' ",
  ]) {
    const started = processorMs();
    judge(piece.repeat(100_000 / piece.length), { type: 'choice', choices });
    expect(processorMs() - started).toBeLessThan(2_000);
  }
});
