/** When a notice that was not taken is sent again. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextWebhookAttempt } from '../../src/runs/webhook-retry.ts';
import { holds } from '../support/properties.ts';

const hour = 3_600_000;

/** When each attempt is made, in milliseconds from the first, if every one fails at once. */
function attempts(chance: number, retryAfterMs: number | null = null): number[] {
  const times = [0];
  for (;;) {
    const now = times.at(-1) ?? 0;
    const next = nextWebhookAttempt({ attempt: times.length, firstAt: 0, now, retryAfterMs, chance });
    if (next === null) return times;
    times.push(next);
  }
}

test('ten attempts are made, at the times of the published schedule', () => {
  const published = [
    '0:00:00',
    '0:00:05',
    '0:05:05',
    '0:35:05',
    '2:35:05',
    '7:35:05',
    '17:35:05',
    '31:35:05',
    '51:35:05',
    '75:35:05',
  ];
  const seconds = published.map((time) => time.split(':').reduce((sum, part) => sum * 60 + Number(part), 0));
  expect(attempts(0).map((time) => time / 1_000)).toEqual(seconds);
});

test('chance makes each pause longer, by a tenth at most', () => {
  const [early, late] = [attempts(0), attempts(1)];
  expect(late).toHaveLength(early.length);
  for (const [index, time] of early.entries()) expect(late[index]).toBe(Math.round(time * 1.1));
});

test('a receiver may put an attempt off, by a day at most, and never bring it forward', () => {
  const after = (retryAfterMs: number | null) =>
    nextWebhookAttempt({ attempt: 1, firstAt: 0, now: 1_000, retryAfterMs, chance: 0 });
  expect(after(null)).toBe(6_000);
  expect(after(1)).toBe(6_000);
  expect(after(60_000)).toBe(61_000);
  expect(after(1e12)).toBe(1_000 + 24 * hour);
});

test('a receiver who puts every attempt off is given up after four days', () => {
  const times = attempts(1, Number.MAX_SAFE_INTEGER);
  expect(times).toEqual([0, 24, 48, 72, 96].map((hours) => hours * hour));
});

test('whatever happens, the next attempt is later, in whole milliseconds, and there are ten at most', () => {
  const failure = fc.record({
    attempt: fc.integer({ min: 1, max: 20 }),
    firstAt: fc.constant(1_790_000_000_000),
    late: fc.nat(200 * hour),
    retryAfterMs: fc.option(fc.nat(Number.MAX_SAFE_INTEGER)),
    chance: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  holds(
    fc.property(failure, ({ late, ...given }) => {
      const now = given.firstAt + late;
      const next = nextWebhookAttempt({ ...given, now });
      if (given.attempt >= 10) expect(next).toBeNull();
      if (next === null) return;
      expect(Number.isInteger(next)).toBe(true);
      expect(next).toBeGreaterThan(now);
      expect(next).toBeLessThanOrEqual(given.firstAt + 96 * hour);
    }),
  );
});
