import { describe, expect, test } from 'vitest';
import type { Message } from '../../src/reflection/model.ts';
import { classifyTask, isClosed, questionOf, type TaskClass } from '../../src/reflection/task.ts';
import { processorMs } from '../support/processor-time.ts';
import { request } from '../support/reflections.ts';

const asks = (content: string): Message[] => [{ role: 'user', content }];
const classOf = (question: string) => classifyTask(asks(question), [], []).class;

describe('classifyTask', () => {
  const table: readonly (readonly [TaskClass, string])[] = [
    ['choice', 'Which is the capital?\nA) Paris\nB) Lyon'],
    ['choice', '(A) one\n(B) two\n(C) three'],
    ['choice', 'Pick.\n A. one\n B. two'],
    ['code', 'Write a Python function that adds two numbers.'],
    ['code', 'What does this do?\n```js\nx\n```'],
    ['code', 'Fix the bug in my SQL query.'],
    ['number', 'How many apples are left?'],
    ['number', 'What is the total of 3 and 4?'],
    ['number', 'Calculate the area.'],
    ['number', '12 × 7'],
    ['number', 'How many are left? Solve it step by step. Write the answer alone on the last line, as a number.'],
    ['number', "What's the total? Give your final answer as a whole number."],
    ['number', 'Half of the 12 leave. What will be the sum of their ages? Put only the answer on the last line.'],
    ['number', 'Three of ten plants flower. What percent of the plants flower?'],
    ['open', 'How much did he write? Write the answer to his letter.'],
    ['yes_no', 'Is it raining, yes or no?'],
    ['yes_no', 'True or false: the sky is blue.'],
    ['open', 'Hello!'],
    ['open', 'Write a poem about how many stars there are.'],
    ['open', 'Explain how much a ton weighs.'],
    ['open', 'B) only\nA) then'],
    ['open', 'A) alone'],
    ['open', ''],
  ];
  test.each(table)('is %s: %j', (kind, question) => {
    expect(classOf(question)).toBe(kind);
  });

  test('is grounded where sources are given, unless the answer is closed or code', () => {
    const sources = [{ id: 's', text: 'text' }];
    expect(classifyTask(asks('Who was she?'), [], sources).class).toBe('grounded');
    expect(classifyTask(asks('A) x\nB) y'), [], sources).class).toBe('choice');
  });

  test('takes the choices from a declared check first, and else the letters offered', () => {
    const { checks } = request({
      checks: [
        { type: 'words', max: 9 },
        { type: 'choice', choices: ['spam', 'ham'] },
      ],
    });
    expect(classifyTask(asks('A) x\nB) y'), checks, [])).toMatchObject({ class: 'choice', choices: ['spam', 'ham'] });
    expect(classifyTask(asks('A) x\nB) y'), [], [])).toMatchObject({ class: 'choice', choices: ['A', 'B'] });
  });

  test('reads the last user message only', () => {
    const messages: Message[] = [
      { role: 'user', content: 'How many?' },
      { role: 'assistant', content: '3' },
      { role: 'user', content: 'Thanks!' },
      { role: 'assistant', content: '12 × 7' },
    ];
    expect(questionOf(messages)).toBe('Thanks!');
    expect(classifyTask(messages, [], []).class).toBe('open');
    expect(questionOf([{ role: 'system', content: 'x' }])).toBe('');
  });

  test('rates a greeting near 0 and a long, conditional request near 1', () => {
    const { checks } = request({ checks: Array.from({ length: 8 }, () => ({ type: 'words' as const, max: 9 })) });
    const long =
      'If it rains before 3.5 and after 1, then why must each step, unless 2 or 4 or 5, be so? Really? Sure? '.repeat(
        20,
      );
    expect(classifyTask(asks('Hello'), [], []).complexity).toBeLessThan(0.05);
    const { complexity } = classifyTask(asks(long), checks, []);
    expect(complexity).toBeGreaterThan(0.95);
    expect(complexity).toBeLessThanOrEqual(1);
  });

  test.each([
    ['verbs', 'write '.repeat(170_000)],
    ['blanks', ' '.repeat(1_000_000)],
    ['line breaks', '\n'.repeat(1_000_000)],
    ['choices', 'A) x\n'.repeat(200_000)],
    ['questions', '?'.repeat(1_000_000)],
    ['digits', '1'.repeat(1_000_000)],
  ])('reads a megabyte of %s in time', (_, text) => {
    const started = processorMs();
    classOf(text);
    expect(processorMs() - started).toBeLessThan(3_000);
  });
});

test('choices, numbers and yes or no are closed', () => {
  const closed = (['choice', 'number', 'yes_no', 'code', 'grounded', 'open'] as const).filter((kind) =>
    isClosed({ class: kind, choices: [], complexity: 0 }),
  );
  expect(closed).toEqual(['choice', 'number', 'yes_no']);
});
