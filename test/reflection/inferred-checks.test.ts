/** Checks that nobody declared: the request states them in its own words. */
import { expect, test } from 'vitest';
import { max, reflecting } from '../support/reflecting.ts';

const input = 'What is a plain answer? Use at most 3 words.';
const long = 'This plain answer is far too long.';

test('A stated limit is held, and mended as a declared one is', async () => {
  const { record, passes } = await reflecting({ input }, { draft: long, repair: 'A plain answer.' });
  expect(record).toMatchObject({ decision: 'repaired_check', output: 'A plain answer.', passed: true });
  expect(passes).toEqual(['draft', 'repair-1']);
  expect(record.checks).toMatchObject([
    { id: 'c1', type: 'words', origin: 'inferred', status: 'pass', inferred: { span: [28, 43] } },
  ]);
  expect(input.slice(28, 43)).toBe('at most 3 words');
});

test('A stated form is mended by code, without another call', async () => {
  const { record, passes } = await reflecting(
    { input: 'Name three colours. Do not use any commas.' },
    { draft: 'Red, green and blue.' },
  );
  expect(record).toMatchObject({ decision: 'repaired_check', output: 'Red green and blue.' });
  expect(passes).toEqual(['draft']);
});

test('`infer_checks: false` turns it off', async () => {
  const { record, passes } = await reflecting({ input, infer_checks: false, strategy: 'checks' }, { draft: long });
  expect(record).toMatchObject({ output: long, checks: [], passed: null });
  expect(passes).toEqual(['draft']);
});

test('A declared check takes the place of a stated one of its type', async () => {
  const { record } = await reflecting({ input, checks: max(9), strategy: 'checks' }, { draft: long });
  expect(record.checks).toMatchObject([{ type: 'words', origin: 'declared', status: 'pass' }]);
});

test('Only the last user message is read', async () => {
  const messages = [
    { role: 'user' as const, content: 'What is tea? At most 3 words.' },
    { role: 'assistant' as const, content: 'A hot drink.' },
    { role: 'user' as const, content: 'Tell me more of it.' },
  ];
  const { record } = await reflecting({ input: undefined, messages, strategy: 'checks' }, { draft: long });
  expect(record.checks).toEqual([]);
});
