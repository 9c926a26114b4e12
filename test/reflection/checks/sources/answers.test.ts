import { expect, test } from 'vitest';
import { readLines } from '../cases.ts';
import { judge } from '../judge.ts';

interface Answers {
  readonly source: string;
  readonly faithful: string;
  readonly invented: string;
}

const sets = readLines<Answers>('source-answers.jsonl');

function statusOf(text: string, source: string): string {
  return judge(text, { type: 'sources' }, { question: '', sources: [{ id: 's', text: source }] }).status;
}

test('of 60 faithful answers at least 95 % are not refuted', () => {
  const refuted = sets.filter(({ faithful, source }) => statusOf(faithful, source) === 'fail');
  expect(sets).toHaveLength(60);
  expect(refuted.length, JSON.stringify(refuted)).toBeLessThanOrEqual(3);
});

test('of 60 answers with one invention at least 90 % are refuted', () => {
  const missed = sets.filter(({ invented, source }) => statusOf(invented, source) !== 'fail');
  expect(missed.length, JSON.stringify(missed)).toBeLessThanOrEqual(6);
});
