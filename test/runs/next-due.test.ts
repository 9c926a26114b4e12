import { expect, test } from 'vitest';
import { type Lifetime, nextDue, overdueAt } from '../../src/runs/next-due.ts';

const running: Lifetime = { startedAt: 1_000, resumedAt: 1_000, deadlineMs: 60_000, endedAt: null, keepMs: 500_000 };

test('a run that goes on is looked after every 30 seconds', () => {
  expect(nextDue(running, 1_000)).toBe(31_000);
  expect(nextDue(running, 31_000)).toBe(61_000);
});

test('a run is overdue ten seconds after its deadline', () => {
  expect(overdueAt(running)).toBe(71_000);
  expect(nextDue(running, 61_000)).toBe(71_000);
});

test('a run resumed after its deadline has ten seconds to end with what it has', () => {
  const resumed = { ...running, resumedAt: 200_000 };
  expect(nextDue(resumed, 200_000)).toBe(210_000);
});

test('what is overdue is due now and never in the past', () => {
  expect(nextDue(running, 99_000)).toBe(99_000);
});

test('an ended run is due when it need not be kept any longer', () => {
  expect(nextDue({ ...running, endedAt: 5_000 }, 6_000)).toBe(505_000);
});
