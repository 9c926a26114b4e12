import { expect, test } from 'vitest';
import { HitBucket } from '../../src/accounts/hit-bucket.ts';
import { accountOf } from '../../src/accounts/ids.ts';
import { madeUpKey } from '../support/memory-accounts.ts';

const [one, other] = [madeUpKey(), madeUpKey()].map(({ caller }) => accountOf(caller.key));
if (!one || !other) throw new Error('Two keys were made up.');

test('as many hits as the limit says pass in any minute, and each account has its own', () => {
  let now = 1_000_000;
  const bucket = new HitBucket(() => now);
  for (let hit = 0; hit < 3; hit += 1) {
    bucket.take(one, 3);
    now += 10_000;
  }
  expect(() => bucket.take(one, 3)).toThrow(
    expect.objectContaining({
      code: 'rate_limited',
      retryAfterSeconds: 30,
      limit: expect.objectContaining({ size: 3 }),
    }),
  );
  bucket.take(other, 3);
  now += 30_000;
  bucket.take(one, 3);
  expect(() => bucket.take(one, 3)).toThrow('The limit of 3 requests in 60 seconds is reached.');
});
