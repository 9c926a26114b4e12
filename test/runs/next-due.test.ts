/** When a run's one alarm is due, as a table. */
import { describe, expect, test } from 'vitest';
import { type Deadlines, deadlinesOf, nextDue, overdueAt } from '../../src/runs/next-due.ts';
import { type Outbox, outboxOf } from '../../src/runs/outbox.ts';
import { kept, orderOf } from '../support/orders.ts';
import { requestOf, roster } from './world.ts';

const running: Deadlines = {
  startedAt: 1_000,
  resumedAt: 1_000,
  deadlineMs: 60_000,
  endedAt: null,
  keepMs: 500_000,
  deliversAt: null,
};
const ended: Deadlines = { ...running, endedAt: 5_000 };

describe('the alarm', () => {
  test.each<[string, Deadlines, number, number]>([
    ['is due every 30 seconds while the run goes on', running, 1_000, 31_000],
    ['is due again 30 seconds later', running, 31_000, 61_000],
    ['is due sooner when the run is overdue sooner', running, 61_000, 71_000],
    ['is due at once when the run is overdue', running, 71_000, 71_000],
    ['is never due in the past while the run goes on', running, 99_000, 99_000],
    ['leaves a run resumed after its deadline ten seconds', { ...running, resumedAt: 200_000 }, 200_000, 210_000],
    ['is due at the next try of an ended run that owes', { ...ended, deliversAt: 7_000 }, 6_000, 7_000],
    ['is due at a try that is late already', { ...ended, deliversAt: 5_500 }, 6_000, 5_500],
    [
      'is due at the next try though the run would be removed before',
      { ...ended, deliversAt: 900_000 },
      6_000,
      900_000,
    ],
    ['is due when an ended run that owes nothing need not be kept any longer', ended, 6_000, 505_000],
    ['is due then however late it is', ended, 900_000, 505_000],
  ])('%s', (_, deadlines, now, due) => {
    expect(nextDue(deadlines, now)).toBe(due);
  });

  test('finds a run overdue ten seconds after its deadline', () => {
    expect(overdueAt(running)).toBe(71_000);
  });
});

describe('a run’s deadlines', () => {
  const request = requestOf({ input: 'Hello?', webhook: 'https://example.com/hook', budget: { deadline_ms: 9_000 } });
  const order = orderOf(request, { cache: kept });
  const spec = { order, roster, nonce: 'nonce', startedAt: 1_000 };
  const retention = { unstoredMs: 10, storedMs: 20 };
  const due = (at: number) => ({ attempt: 1, at });
  const deadlines = (endedAt: number | null, noted: Outbox | null, resumedAt?: number) =>
    deadlinesOf(spec, { resumedAt, endedAt, outbox: outboxOf(order, endedAt, noted) }, retention);

  test('owes nothing while it goes on', () => {
    expect(deadlines(null, null)).toEqual({ ...running, deadlineMs: 9_000, keepMs: 10 });
    expect(deadlines(null, null, 7_000).resumedAt).toBe(7_000);
  });

  test('owes everything at its end, and then the earliest of what is left', () => {
    expect(deadlines(5_000, null).deliversAt).toBe(5_000);
    const left = { cacheEntry: due(8_000), webhook: due(7_000), channel: due(9_000) };
    expect(deadlines(5_000, left).deliversAt).toBe(7_000);
    expect(deadlines(5_000, { ...left, webhook: null }).deliversAt).toBe(8_000);
    expect(deadlines(5_000, { ...left, webhook: null, cacheEntry: null }).deliversAt).toBe(9_000);
    expect(deadlines(5_000, { cacheEntry: null, webhook: null, channel: null }).deliversAt).toBeNull();
  });

  test('is longer for what is to be stored', () => {
    const stored = { ...spec, order: { ...order, request: { ...request, store: true } } };
    const standing = { resumedAt: undefined, endedAt: null, outbox: outboxOf(order, null, null) };
    expect(deadlinesOf(stored, standing, retention).keepMs).toBe(20);
  });
});
