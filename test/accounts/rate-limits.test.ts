/** What an account is told of its limits: which one refuses, when it frees, how each stands. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultLimits, type KeyId, type Limits } from '../../src/accounts/accounts.ts';
import type { Amounts, Lease } from '../../src/accounts/lease.ts';
import { Limiter, noPast } from '../../src/accounts/rate-limits.ts';
import { madeUpKey } from '../support/made-up-key.ts';
import { holds } from '../support/properties.ts';

const noon = Date.UTC(2026, 10, 23, 12);
const midnight = Date.UTC(2026, 10, 24);
const key: KeyId = madeUpKey().caller.key;
let runs = 0;

function amounts(tokens: number, nanodollars = 0): Amounts {
  return { tokens, nanodollars };
}

/** A limiter at noon, and runs admitted to it whether or not they fit. */
function world(now = noon) {
  const limiter = new Limiter(noPast);
  limiter.advance(now);
  return {
    limiter,
    admit(reserved: Amounts = amounts(0)): Lease {
      const at = limiter.advance(0);
      runs += 1;
      const lease = {
        run: `${runs}`,
        key,
        admittedAt: at,
        reserved,
        expiresAt: at + 10_000,
        singleFlightKey: null,
        stored: false,
        member: null,
      };
      limiter.admit(lease);
      return lease;
    },
  };
}

const limits = (changed: Partial<Limits>): Limits => ({ ...defaultLimits, ...changed });

describe('requests', () => {
  test('a limit’s worth of them fits, one more frees when the first is a minute old', () => {
    const { limiter, admit } = world();
    const two = limits({ requests_per_minute: 2 });
    for (const later of [0, 1_000]) {
      limiter.advance(noon + later);
      expect(limiter.refusal(two, amounts(1))).toBeUndefined();
      limiter.settle(admit(), amounts(0));
    }
    limiter.advance(noon + 5_000);
    expect(limiter.refusal(two, amounts(1))).toEqual({
      code: 'rate_limited',
      limit: 'requests_per_minute',
      size: 2,
      remaining: 0,
      asked: 1,
      resetsAt: noon + 61_000,
      retryAfterMs: 55_000,
    });
    limiter.advance(noon + 59_999);
    expect(limiter.refusal(two, amounts(1))).toBeDefined();
    limiter.advance(noon + 60_000);
    expect(limiter.refusal(two, amounts(1))).toBeUndefined();
  });

  test('no minute holds more than the limit, however they come', () => {
    holds(
      fc.property(fc.array(fc.integer({ min: 0, max: 30_000 }), { maxLength: 200 }), (pauses) => {
        const { limiter, admit } = world();
        const five = limits({ requests_per_minute: 5, concurrent_runs: 1_000 });
        const admitted: number[] = [];
        let now = noon;
        for (const pause of pauses) {
          now += pause;
          limiter.advance(now);
          if (limiter.refusal(five, amounts(0))) continue;
          admit();
          admitted.push(now);
        }
        for (const end of admitted) {
          expect(admitted.filter((at) => end - 60_000 < at && at <= end).length).toBeLessThanOrEqual(5);
        }
      }),
    );
  });
});

describe('tokens', () => {
  const hundred = limits({ tokens_per_minute: 100 });

  test('an open run holds what it reserved, and a settled one what it used for a minute more', () => {
    const { limiter, admit } = world();
    const lease = admit(amounts(80));
    limiter.advance(noon + 120_000);
    expect(limiter.refusal(hundred, amounts(21))).toMatchObject({
      limit: 'tokens_per_minute',
      remaining: 20,
      asked: 21,
    });
    expect(limiter.refusal(hundred, amounts(20))).toBeUndefined();
    limiter.settle(lease, amounts(30));
    expect(limiter.refusal(hundred, amounts(70))).toBeUndefined();
    expect(limiter.refusal(hundred, amounts(71))).toMatchObject({ retryAfterMs: 60_000 });
    limiter.advance(noon + 179_999);
    expect(limiter.refusal(hundred, amounts(71))).toMatchObject({ retryAfterMs: 1 });
    limiter.advance(noon + 180_000);
    expect(limiter.refusal(hundred, amounts(100))).toBeUndefined();
  });

  test('a run that used more than it reserved counts with what it used', () => {
    const { limiter, admit } = world();
    limiter.settle(admit(amounts(10)), amounts(150));
    expect(limiter.standings(hundred)[1]).toEqual({
      limit: 'tokens_per_minute',
      size: 100,
      remaining: 0,
      resetsAt: noon + 60_000,
    });
    expect(limiter.refusal(hundred, amounts(0))).toMatchObject({ limit: 'tokens_per_minute', retryAfterMs: 60_000 });
  });

  test('what only open runs hold may be free in a second', () => {
    const { limiter, admit } = world();
    admit(amounts(90));
    expect(limiter.refusal(hundred, amounts(20))).toMatchObject({ retryAfterMs: 1_000 });
  });

  test('when the settled and the open are both in the way, it is the settled that is waited for', () => {
    const { limiter, admit } = world();
    admit(amounts(20));
    limiter.settle(admit(amounts(80)), amounts(80));
    limiter.advance(noon + 15_000);
    expect(limiter.refusal(hundred, amounts(60))).toMatchObject({ retryAfterMs: 45_000 });
  });

  test('a request that is larger than the limit never fits', () => {
    expect(world().limiter.refusal(hundred, amounts(101))).toEqual({
      code: 'request_exceeds_limit',
      limit: 'tokens_per_minute',
      size: 100,
      remaining: 100,
      asked: 101,
      resetsAt: noon,
      retryAfterMs: null,
    });
  });
});

describe('runs at once', () => {
  test('as many as the limit says, and another when one of them ends', () => {
    const { limiter, admit } = world();
    const one = limits({ concurrent_runs: 1 });
    const lease = admit();
    limiter.advance(noon + 1_000);
    expect(limiter.refusal(one, amounts(0))).toEqual({
      code: 'rate_limited',
      limit: 'concurrent_runs',
      size: 1,
      remaining: 0,
      asked: 1,
      resetsAt: noon + 10_000,
      retryAfterMs: 1_000,
    });
    limiter.settle(lease, amounts(0));
    expect(limiter.refusal(one, amounts(0))).toBeUndefined();
  });

  test('they are all over when the last of them has expired', () => {
    const { limiter, admit } = world();
    const first = admit();
    limiter.advance(noon + 500);
    const second = admit();
    const resetsAt = () => limiter.standings(defaultLimits)[2]?.resetsAt;
    expect(resetsAt()).toBe(noon + 10_500);
    limiter.settle(second, amounts(0));
    expect(resetsAt()).toBe(noon + 10_000);
    limiter.settle(first, amounts(0));
    expect(resetsAt()).toBe(noon + 500);
  });
});

describe('money', () => {
  const dollar = limits({ daily_usd: 1 });

  test('a budget that is spent is whole again at midnight', () => {
    const { limiter, admit } = world();
    limiter.settle(admit(amounts(0, 1_000_000_000)), amounts(0, 900_000_000));
    expect(limiter.refusal(dollar, amounts(0, 100_000_000))).toBeUndefined();
    expect(limiter.refusal(dollar, amounts(0, 100_000_001))).toEqual({
      code: 'budget_exhausted',
      limit: 'daily_usd',
      size: 1,
      remaining: 0.1,
      asked: 0.100_000_001,
      resetsAt: midnight,
      retryAfterMs: midnight - noon,
    });
    limiter.advance(midnight - 1);
    expect(limiter.refusal(dollar, amounts(0, 100_000_001))).toBeDefined();
    limiter.advance(midnight);
    expect(limiter.refusal(dollar, amounts(0, 1_000_000_000))).toBeUndefined();
  });

  test('a budget that is only set aside is not spent', () => {
    const { limiter, admit } = world();
    admit(amounts(0, 900_000_000));
    expect(limiter.refusal(dollar, amounts(0, 200_000_000))).toMatchObject({
      code: 'rate_limited',
      limit: 'daily_usd',
      retryAfterMs: 1_000,
    });
  });

  test('a run belongs to the day of its admission, whenever it ends', () => {
    const { limiter, admit } = world(midnight - 1);
    const lease = admit(amounts(0, 900_000_000));
    limiter.advance(midnight + 5);
    const standing = { limit: 'daily_usd', size: 1, remaining: 1, resetsAt: midnight + 5 };
    expect(limiter.standings(dollar)[3]).toEqual(standing);
    limiter.settle(lease, amounts(0, 900_000_000));
    expect(limiter.standings(dollar)[3]).toEqual(standing);
  });

  test('more than a day’s budget never fits', () => {
    expect(world().limiter.refusal(dollar, amounts(0, 1_000_000_001))).toMatchObject({
      code: 'request_exceeds_limit',
      limit: 'daily_usd',
      retryAfterMs: null,
    });
  });
});

test('of several limits in the way, the one that goes last is told', () => {
  const { limiter, admit } = world();
  limiter.settle(admit(amounts(100, 500_000_000)), amounts(90, 500_000_000));
  const tight = limits({ requests_per_minute: 1, tokens_per_minute: 100, daily_usd: 0.6 });
  expect(limiter.refusal(tight, amounts(20, 200_000_000))).toMatchObject({ limit: 'daily_usd' });
  limiter.advance(noon + 1_000);
  expect(limiter.refusal(tight, amounts(200, 1_000))).toMatchObject({ code: 'request_exceeds_limit' });
  expect(limiter.refusal(tight, amounts(20, 1_000))).toMatchObject({
    limit: 'requests_per_minute',
    retryAfterMs: 59_000,
  });
});

test('with nothing open, a refused request fits at the moment that was told, and not a millisecond before', () => {
  const past = fc.array(
    fc.record({ later: fc.integer({ min: 0, max: 20_000 }), tokens: fc.integer({ min: 0, max: 60 }) }),
    { minLength: 1, maxLength: 30 },
  );
  holds(
    fc.property(past, fc.integer({ min: 0, max: 100 }), (runs, tokens) => {
      const few = limits({ requests_per_minute: 5, tokens_per_minute: 100 });
      const filled = () => {
        const { limiter, admit } = world();
        let now = noon;
        for (const each of runs) {
          now += each.later;
          limiter.advance(now);
          limiter.settle(admit(amounts(each.tokens)), amounts(each.tokens));
        }
        return { limiter, now };
      };
      const { limiter, now } = filled();
      const refusal = limiter.refusal(few, amounts(tokens));
      if (!refusal) return;
      const free = now + (refusal.retryAfterMs ?? 0);
      for (const [moment, fits] of [
        [free - 1, false],
        [free, true],
      ] as const) {
        const later = filled().limiter;
        later.advance(moment);
        expect(later.refusal(few, amounts(tokens)) === undefined).toBe(fits);
      }
    }),
  );
});

test('limits that are lowered below what is in use admit nothing, and leave nothing', () => {
  const { limiter, admit } = world();
  for (let count = 0; count < 5; count++) admit(amounts(10, 1_000));
  const low = limits({ requests_per_minute: 2, tokens_per_minute: 20, concurrent_runs: 3, daily_usd: 0.000_001 });
  expect(limiter.standings(low).map(({ remaining }) => remaining)).toEqual([0, 0, 0, 0]);
  expect(limiter.refusal(low, amounts(0))).toBeDefined();
});

test('a clock that steps back frees nothing and is not followed', () => {
  const { limiter, admit } = world();
  const one = limits({ requests_per_minute: 1 });
  limiter.settle(admit(), amounts(0));
  expect(limiter.advance(noon - 3_600_000)).toBe(noon);
  expect(limiter.refusal(one, amounts(0))).toMatchObject({ retryAfterMs: 60_000 });
  expect(limiter.advance(noon + 60_000)).toBe(noon + 60_000);
  expect(limiter.refusal(one, amounts(0))).toBeUndefined();
});

test('an amount that is no number does not fit', () => {
  expect(world().limiter.refusal(defaultLimits, amounts(Number.NaN))).toBeDefined();
  expect(world().limiter.refusal(defaultLimits, amounts(0, Number.NaN))).toBeDefined();
});
