import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AccountId } from '../../../src/accounts/accounts.ts';
import { accountIdOf } from '../../../src/accounts/ids.ts';
import {
  Capacity,
  type CapacityAnswer,
  type CapacitySettings,
  capacitySettings,
} from '../../../src/models/capacity/capacity.ts';
import { virtualTimers } from './virtual-timers.ts';

const account = (number: number): AccountId => accountIdOf(new Uint8Array(16).fill(number));
const anna = account(1);
const bert = account(2);
const cora = account(3);

interface Asked {
  readonly account: AccountId;
  readonly askedAt: number;
  answeredAt: number | undefined;
  answer: CapacityAnswer | undefined;
}

function scene(settings: Partial<CapacitySettings> = {}) {
  const timers = virtualTimers();
  let grants = 0;
  const newId = (): string => {
    grants += 1;
    return `grant-${grants}`;
  };
  const capacity = new Capacity({ ...capacitySettings, ...settings }, { ...timers, newId });
  const all: Asked[] = [];
  const ask = (of: AccountId, calls = 1, answered: (answer: CapacityAnswer) => void = () => undefined): Asked => {
    const asked: Asked = { account: of, askedAt: timers.now(), answeredAt: undefined, answer: undefined };
    all.push(asked);
    capacity
      .ask(of, calls)
      .then((answer) => {
        asked.answeredAt = timers.now();
        asked.answer = answer;
        answered(answer);
      })
      .catch(() => undefined);
    return asked;
  };
  /** Asks so often, and waits for what is answered at once. */
  const askOften = async (times: number, of: AccountId, calls = 1): Promise<Asked[]> => {
    const asked = Array.from({ length: times }, () => ask(of, calls));
    await timers.advance(0);
    return asked;
  };
  return { timers, capacity, ask, askOften, all };
}

/** Some that ask again as soon as they are answered. */
function floods(settings: Partial<CapacitySettings>) {
  const place = scene(settings);
  const { ask, timers } = place;
  const flood = (of: AccountId, times: number, calls: number): void => {
    for (let line = 0; line < times; line += 1) {
      ask(of, calls, () => timers.after(100, () => flood(of, 1, calls)));
    }
  };
  return { ...place, flood };
}

/** The calls granted by these answers. */
function granted(asked: readonly Asked[]): number {
  return asked.reduce((sum, { answer }) => sum + (answer?.type === 'granted' ? answer.calls : 0), 0);
}

function waiting(asked: readonly Asked[]): number {
  return asked.filter(({ answer }) => answer === undefined).length;
}

function grantOf(asked: Asked | undefined): string {
  if (asked?.answer?.type !== 'granted') throw new Error('It was not granted.');
  return asked.answer.grant;
}

describe('the platform’s capacity', () => {
  test('is granted at once while there is some', async () => {
    const { askOften } = scene();
    const [asked] = await askOften(1, anna, 3);
    expect(asked?.answer).toEqual({ type: 'granted', grant: 'grant-1', calls: 3, validMs: capacitySettings.validMs });
  });

  test('is free again sixty seconds after the call that it was granted for, and not a moment sooner', async () => {
    const { timers, askOften } = scene({ requestsPerMinute: 5 });
    expect(granted(await askOften(5, anna))).toBe(5);
    await timers.advance(59_999 - capacitySettings.waitMs);
    const [tooSoon] = await askOften(1, anna);
    await timers.advance(capacitySettings.waitMs);
    expect(tooSoon?.answer).toEqual({ type: 'busy', retryAfterMs: 1_000 });
    const [intime] = await askOften(1, anna);
    expect(intime?.answer).toBeUndefined();
    await timers.advance(1);
    expect(intime?.answer?.type).toBe('granted');
  });

  test('is granted in part when there is not enough', async () => {
    const { askOften } = scene({ requestsPerMinute: 5 });
    await askOften(1, anna, 3);
    const [asked] = await askOften(1, anna, 4);
    expect(asked?.answer).toMatchObject({ type: 'granted', calls: 2 });
  });

  test('is refused after two seconds, with the time until some is free', async () => {
    const { timers, askOften } = scene({ requestsPerMinute: 5 });
    await askOften(5, anna);
    await timers.advance(10_000);
    const [asked] = await askOften(1, anna);
    await timers.advance(1_999);
    expect(asked?.answer).toBeUndefined();
    await timers.advance(1);
    expect(asked?.answer).toEqual({ type: 'busy', retryAfterMs: 48_000 });
  });

  test('that a run gives back goes at once to who waits for it', async () => {
    const { timers, capacity, askOften } = scene({ requestsPerMinute: 5 });
    const [first] = await askOften(1, anna, 5);
    const [second] = await askOften(1, anna, 2);
    await timers.advance(1_000);
    capacity.release(grantOf(first), [1_000]);
    await timers.advance(0);
    expect(second?.answer).toMatchObject({ type: 'granted', calls: 2 });
    expect(granted(await askOften(1, bert, 4))).toBe(2);
  });

  test('that is never given back, as by a run that was lost, is free again in the end', async () => {
    const { timers, askOften } = scene({ requestsPerMinute: 5 });
    await askOften(1, anna, 5);
    await timers.advance(60_000);
    expect(granted(await askOften(1, anna, 5))).toBe(1);
    await timers.advance(capacitySettings.validMs);
    expect(granted(await askOften(1, anna, 5))).toBe(5);
  });

  test('is not made more by giving back what was never granted, or twice', async () => {
    const { capacity, askOften } = scene({ requestsPerMinute: 5 });
    const [first] = await askOften(1, anna, 2);
    capacity.release('another', []);
    for (let times = 0; times < 2; times += 1) capacity.release(grantOf(first), [0, 0, 0, 0, -5_000]);
    expect(granted(await askOften(9, anna))).toBe(3);
  });

  test('is asked for by no more than so many at once; the longest line is turned away first', async () => {
    const { timers, askOften } = scene({ requestsPerMinute: 5, mostWaiting: 20 });
    await askOften(5, anna);
    const many = await askOften(30, anna);
    expect(waiting(many)).toBe(20);
    expect(many.slice(20).map(({ answer }) => answer?.type)).toEqual(Array.from({ length: 10 }, () => 'busy'));
    const few = await askOften(3, bert);
    expect([waiting(many), waiting(few)]).toEqual([17, 3]);
    await timers.advance(2_000);
    expect([waiting(many), waiting(few)]).toEqual([0, 0]);
  });
});

describe('accounts that share capacity', () => {
  test('take turns while they wait, one that holds little before one that holds much', async () => {
    const { timers, askOften } = scene({ requestsPerMinute: 6 });
    await askOften(6, cora);
    await timers.advance(59_000);
    const [first, second] = [await askOften(6, anna), await askOften(2, bert)];
    await timers.advance(1_000);
    expect([granted(first), granted(second)]).toEqual([4, 2]);
  });

  test('leave room for one that comes late', async () => {
    const { askOften } = scene();
    expect(granted(await askOften(400, anna))).toBe(270);
    expect(granted(await askOften(30, bert))).toBe(30);
  });

  test('get equal parts when both want all', async () => {
    const { timers, flood, all } = floods({ requestsPerMinute: 60 });
    flood(anna, 10, 1);
    flood(bert, 10, 1);
    await timers.advance(600_000);
    const of = (who: AccountId): number => granted(all.filter((asked) => asked.account === who));
    expect(of(anna) / of(bert)).toBeCloseTo(1, 1);
    // All but the reserve is used.
    expect(of(anna) + of(bert)).toBeGreaterThanOrEqual(10 * 54);
  });

  test('get at least half as much as one that asks for four times as much at once', async () => {
    const { timers, flood, all } = floods({ requestsPerMinute: 60 });
    flood(anna, 10, 1);
    flood(bert, 10, 4);
    await timers.advance(600_000);
    const of = (who: AccountId): number => granted(all.filter((asked) => asked.account === who));
    expect(of(anna)).toBeGreaterThan(of(bert) / 2);
  });

  test('cannot starve one that keeps within the reserve: once they have settled, it never waits', async () => {
    const others = fc.record({ greedy: fc.integer({ min: 1, max: 3 }), lines: fc.integer({ min: 1, max: 12 }) });
    await fc.assert(
      fc.asyncProperty(others, fc.integer({ min: 120_000, max: 200_000 }), async ({ greedy, lines }, comesAfterMs) => {
        const { timers, flood, ask } = floods({ requestsPerMinute: 60 });
        for (let who = 0; who < greedy; who += 1) flood(account(100 + who), lines, 1);
        await timers.advance(comesAfterMs);
        for (let times = 0; times < 12; times += 1) {
          const asked = ask(anna);
          await timers.advance(10_000);
          expect(asked).toMatchObject({ answeredAt: asked.askedAt, answer: { type: 'granted' } });
        }
      }),
      { numRuns: 20 },
    );
  });

  test('come to their share within a minute of asking for it', async () => {
    const { timers, flood, all } = floods({ requestsPerMinute: 60 });
    flood(anna, 10, 1);
    await timers.advance(65_000);
    flood(bert, 10, 1);
    const cameAt = timers.now();
    await timers.advance(120_001);
    const second = all.filter((asked) => asked.account === bert && (asked.answeredAt ?? 0) > cameAt + 60_000);
    // A third is its share: another third is for the other, and one for whoever may come.
    expect(granted(second)).toBeGreaterThanOrEqual(20);
  });
});

interface Visit {
  readonly afterMs: number;
  readonly account: number;
  readonly calls: number;
  /** When each call is made after its grant; null when it never is. */
  readonly madeAfterMs: readonly (number | null)[];
  /** When it tells what it made, after its last call; null for a run that was lost. */
  readonly tellsAfterMs: number | null;
}

const visit: fc.Arbitrary<Visit> = fc.record({
  afterMs: fc.oneof(fc.constant(0), fc.nat(500), fc.nat(30_000)),
  account: fc.integer({ min: 1, max: 4 }),
  calls: fc.integer({ min: 1, max: 5 }),
  madeAfterMs: fc.array(fc.option(fc.nat(capacitySettings.validMs - 1)), { minLength: 4, maxLength: 4 }),
  tellsAfterMs: fc.option(fc.nat(20_000)),
});

test('no minute ever sees more calls made than the limit, and nobody waits longer than two seconds', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 12 }),
      fc.array(visit, { minLength: 5, maxLength: 120 }),
      async (limit, visits) => {
        const { timers, capacity, ask, all } = scene({ requestsPerMinute: limit, mostWaiting: 10 });
        const made: number[] = [];
        const use = (answer: CapacityAnswer, { madeAfterMs, tellsAfterMs }: Visit): void => {
          if (answer.type === 'busy') return;
          const delays = [0, ...madeAfterMs].slice(0, answer.calls).flatMap((delay) => delay ?? []);
          for (const delay of delays) timers.after(delay, () => made.push(timers.now()));
          if (tellsAfterMs === null) return;
          const times = delays.map((delay) => timers.now() + delay).sort((one, other) => one - other);
          const end = Math.max(...delays) + tellsAfterMs;
          timers.after(end, () =>
            capacity.release(
              answer.grant,
              times.map((time) => timers.now() - time),
            ),
          );
        };
        for (const next of visits) {
          await timers.advance(next.afterMs);
          ask(account(next.account), next.calls, (answer) => use(answer, next));
          await timers.advance(0);
          expect(waiting(all)).toBeLessThanOrEqual(10);
        }
        await timers.advance(200_000);
        const times = made.sort((one, other) => one - other);
        for (const [index, time] of times.entries()) {
          const before = times[index - limit];
          if (before !== undefined) expect(time - before).toBeGreaterThanOrEqual(60_000);
        }
        const waits = all.map(({ askedAt, answeredAt }) => (answeredAt ?? Number.POSITIVE_INFINITY) - askedAt);
        expect(Math.max(...waits)).toBeLessThanOrEqual(capacitySettings.waitMs);
        expect(made.length).toBeGreaterThan(0);
      },
    ),
    { numRuns: 200 },
  );
});
