import { expect, test } from 'vitest';
import { accountOf } from '../../src/accounts/ids.ts';
import { IsolateLimiter } from '../../src/accounts/isolate-limiter.ts';
import { madeUpKey } from '../support/made-up-key.ts';

const [one, other] = [madeUpKey(), madeUpKey()].map(({ caller }) => accountOf(caller.key));
if (!one || !other) throw new Error('Two keys were made up.');

test('as many hits as the limit says pass in any minute, and each account has its own', () => {
  let now = 1_000_000;
  const limiter = new IsolateLimiter('requests_per_minute', () => now);
  for (let hit = 0; hit < 3; hit += 1) {
    limiter.take(one, 3);
    now += 10_000;
  }
  expect(() => limiter.take(one, 3)).toThrow(
    expect.objectContaining({
      code: 'rate_limited',
      retryAfterSeconds: 30,
      limit: expect.objectContaining({ size: 3 }),
    }),
  );
  limiter.take(other, 3);
  now += 30_000;
  limiter.take(one, 3);
  expect(() => limiter.take(one, 3)).toThrow('The limit of 3 requests in 60 seconds is reached.');
});

test('what is counted without asking may pass the limit, and then leaves one by one', () => {
  let now = 1_000_000;
  const limiter = new IsolateLimiter<string>('refused_per_minute', () => now);
  expect(limiter.knows('a')).toBe(false);
  for (let refused = 0; refused < 4; refused += 1) {
    limiter.add('a');
    now += 1_000;
  }
  expect(limiter.knows('a')).toBe(true);
  expect(limiter.knows('b')).toBe(false);
  limiter.assertBelow('a', 5);
  // The third of four must have left before there are fewer than two.
  expect(() => limiter.assertBelow('a', 2)).toThrow(
    expect.objectContaining({
      code: 'rate_limited',
      message: 'The limit of 2 refused requests in 60 seconds is reached.',
      retryAfterSeconds: 58,
      limit: expect.objectContaining({ limit: 'refused_per_minute', size: 2, remaining: 0 }),
    }),
  );
  now += 58_000;
  limiter.assertBelow('a', 2);
});

test('of very many ids the one that was silent longest is forgotten', () => {
  const limiter = new IsolateLimiter<string>('refused_per_minute', () => 0);
  for (let id = 0; id <= 1_000; id += 1) limiter.add(String(id));
  expect(limiter.knows('0')).toBe(false);
  expect(limiter.knows('1')).toBe(true);
});

test('a clock that steps back by an hour holds nobody up for an hour', () => {
  let now = 10_000_000;
  const limiter = new IsolateLimiter('requests_per_minute', () => now);
  for (let hit = 0; hit < 3; hit += 1) limiter.take(one, 3);
  now -= 3_600_000;
  for (let hit = 0; hit < 3; hit += 1) limiter.take(one, 3);
  expect(() => limiter.take(one, 3)).toThrow('The limit of 3 requests in 60 seconds is reached.');
  now += 60_000;
  limiter.take(one, 3);
});
