/** What every shelf must do that an account lives on. */
import { describe, expect, test } from 'vitest';
import type { AccountShelf, KeyedRun } from '../../src/accounts/account-shelf.ts';
import { endOf, type Lease, usageOf } from '../../src/accounts/lease.ts';
import { settlementOf } from '../support/leases.ts';
import { madeUpKey } from '../support/memory-accounts.ts';

const noon = Date.UTC(2026, 10, 23, 12);
const { key } = madeUpKey().caller;

function leaseOf(run: string, admittedAt: number, lease: Partial<Lease> = {}): Lease {
  return {
    run,
    key,
    admittedAt,
    reserved: { tokens: 100, nanodollars: 5_000_000_000_001 },
    expiresAt: admittedAt + 70_000,
    flight: null,
    stored: false,
    ...lease,
  };
}

function keyedAs(idempotencyKey: string, run: string, at = noon): KeyedRun {
  return { idempotencyKey, bodyHash: 'body', run, at };
}

function end(shelf: AccountShelf, run: string, settledAt: number, tokens = 30): void {
  const ended = endOf(settlementOf(run, { input_tokens: tokens, output_tokens: 0, cost_usd: 0.000_5 }), settledAt);
  shelf.end(ended, '2026-11-23', usageOf(ended), false);
}

/** `use` hands out a fresh shelf each time it is called, and gives it up afterwards. */
export function describeAccountShelf(
  name: string,
  use: (work: (shelf: AccountShelf) => void | Promise<void>) => Promise<void>,
): void {
  describe(name, () => {
    test('an empty shelf knows of nothing', () =>
      use((shelf) => {
        expect(shelf.past(60_000)).toEqual({ seenAt: 0, open: [], admissions: [], settled: [], spentThatDay: 0 });
        expect(shelf.entry('run')).toBeUndefined();
        expect(shelf.keyed('one', 0)).toBeUndefined();
        expect(shelf.stored(null, 10)).toEqual([]);
        expect(shelf.stored('run', 10)).toBeUndefined();
        expect(shelf.usage('2000-01-01', '2999-12-31')).toEqual({ rows: [], days: [] });
        expect(shelf.oldest()).toEqual({ lease: undefined, keyed: undefined });
      }));

    test('a lease is kept as it was, open and ended', () =>
      use((shelf) => {
        const lease = leaseOf('run', noon, { flight: 'flight', stored: true });
        shelf.admit(lease, null);
        expect(shelf.entry('run')).toEqual({ lease, end: null });
        const ended = endOf(settlementOf('run'), noon + 5);
        shelf.end(ended, '2026-11-23', usageOf(ended), false);
        expect(shelf.entry('run')).toEqual({ lease, end: ended });
      }));

    test('an end that came to nothing is replaced by one that did not: the day’s sums grow, its runs stay as many', () =>
      use((shelf) => {
        shelf.admit(leaseOf('run', noon), null);
        const nothing = endOf({ run: 'run', status: 'failed', decision: null, passes: [], retryable: true }, noon + 5);
        shelf.end(nothing, '2026-11-23', usageOf(nothing), false);
        end(shelf, 'run', noon + 9);
        expect(shelf.entry('run')?.end).toMatchObject({
          status: 'completed',
          settledAt: noon + 9,
          used: { tokens: 30 },
        });
        expect(shelf.past(60_000).settled).toEqual([{ at: noon + 9, tokens: 30 }]);
        expect(shelf.usage('2026-11-23', '2026-11-23')).toMatchObject({
          rows: [{ input_tokens: 30, calls: 1 }],
          days: [{ runs: 1 }],
        });
      }));

    test('the past is what is open, what the last minute holds, and the day’s money', () =>
      use((shelf) => {
        for (const [run, at] of [
          ['old', noon - 600_000],
          ['slow', noon - 300_000],
          ['leaving', noon - 60_000],
          ['first', noon - 59_999],
          ['second', noon],
        ] as const) {
          shelf.admit(leaseOf(run, at), null);
        }
        end(shelf, 'old', noon - 60_000);
        end(shelf, 'second', noon - 10, 7);
        end(shelf, 'first', noon - 59_999, 9);
        expect(shelf.past(60_000)).toEqual({
          seenAt: noon,
          open: [leaseOf('slow', noon - 300_000), leaseOf('leaving', noon - 60_000)],
          admissions: [noon - 59_999, noon],
          settled: [
            { at: noon - 59_999, tokens: 9 },
            { at: noon - 10, tokens: 7 },
          ],
          spentThatDay: 1_500_000,
        });
      }));

    test('the newest moment counts, whatever it is of', () =>
      use((shelf) => {
        shelf.admit(leaseOf('run', noon), null);
        expect(shelf.past(60_000).seenAt).toBe(noon);
        end(shelf, 'run', noon + 5);
        expect(shelf.past(60_000).seenAt).toBe(noon + 5);
        shelf.keep(keyedAs('one', 'run', noon + 7));
        expect(shelf.past(60_000).seenAt).toBe(noon + 7);
      }));

    test('the money of another day is not that day’s', () =>
      use((shelf) => {
        shelf.admit(leaseOf('run', noon), null);
        end(shelf, 'run', noon + 86_400_000);
        expect(shelf.past(60_000).spentThatDay).toBe(0);
      }));

    test('a postponed lease expires later', () =>
      use((shelf) => {
        shelf.admit(leaseOf('run', noon), null);
        shelf.postpone('run', noon + 100_000);
        expect(shelf.entry('run')?.lease.expiresAt).toBe(noon + 100_000);
      }));

    test('a caller’s key stands for the newest run it was kept for', () =>
      use((shelf) => {
        shelf.admit(leaseOf('run', noon), keyedAs('one', 'run'));
        expect(shelf.keyed('one', noon - 1)).toEqual(keyedAs('one', 'run'));
        expect(shelf.keyed('one', noon)).toBeUndefined();
        expect(shelf.keyed('two', noon - 1)).toBeUndefined();
        shelf.admit(leaseOf('other', noon + 5), keyedAs('one', 'other', noon + 5));
        expect(shelf.keyed('one', noon - 1)).toEqual(keyedAs('one', 'other', noon + 5));
      }));

    test('a forgotten run is off the list, its keys and its flight are free, and its lease stays', () =>
      use((shelf) => {
        shelf.admit(leaseOf('run', noon, { flight: 'flight', stored: true }), keyedAs('one', 'run'));
        shelf.keep(keyedAs('two', 'run'));
        shelf.keep(keyedAs('three', 'other'));
        shelf.forget('run');
        expect(shelf.stored(null, 10)).toEqual([]);
        expect(['one', 'two', 'three'].map((name) => shelf.keyed(name, 0)?.run)).toEqual([
          undefined,
          undefined,
          'other',
        ]);
        expect(shelf.entry('run')).toEqual({ lease: leaseOf('run', noon), end: null });
      }));

    test('the list is in order of admission, also within a millisecond', () =>
      use((shelf) => {
        for (const run of ['b', 'c', 'a']) shelf.admit(leaseOf(run, noon, { stored: true }), null);
        shelf.admit(leaseOf('unlisted', noon), null);
        expect(shelf.stored(null, 10)).toEqual(['a', 'c', 'b']);
        expect(shelf.stored('a', 1)).toEqual(['c']);
        expect(shelf.stored('unlisted', 1)).toBeUndefined();
      }));

    test('the ends of one key are found by the day of their admission', () =>
      use((shelf) => {
        const other = madeUpKey().caller.key;
        const day = 86_400_000;
        for (const [run, at, owner] of [
          ['before', noon - day, key],
          ['one', noon, key],
          ['foreign', noon, other],
          ['two', noon + 1, key],
          ['open', noon + 2, key],
          ['after', noon + day, key],
        ] as const) {
          shelf.admit(leaseOf(run, at, { key: owner }), null);
          if (run !== 'open') end(shelf, run, at + 5);
        }
        const runs = (from: string, to: string) => [...shelf.ends(key, from, to)].map(({ lease }) => lease.run);
        expect(runs('2026-11-23', '2026-11-23')).toEqual(['one', 'two']);
        expect(runs('2026-11-22', '2026-11-24')).toEqual(['before', 'one', 'two', 'after']);
        expect([...shelf.ends(other, '2026-11-23', '2026-11-23')].map(({ end }) => end.used.tokens)).toEqual([30]);
      }));

    test('hits are added up, and stand beside runs', () =>
      use((shelf) => {
        shelf.addHits('2026-11-23', 2);
        shelf.addHits('2026-11-23', 3);
        shelf.addHits('2026-11-24', 1);
        shelf.admit(leaseOf('run', noon), null);
        end(shelf, 'run', noon + 5);
        expect(shelf.usage('2026-11-23', '2026-11-24').days).toEqual([
          { day: '2026-11-23', runs: 1, cache_hits: 5 },
          { day: '2026-11-24', runs: 0, cache_hits: 1 },
        ]);
        expect(shelf.usage('2026-11-24', '2026-11-24').days).toHaveLength(1);
      }));

    test('cleaning removes what is old and ended, and nothing of the sums', () =>
      use((shelf) => {
        for (const [run, at] of [
          ['ended', noon],
          ['open', noon + 1],
          ['new', noon + 2],
        ] as const) {
          shelf.admit(leaseOf(run, at), keyedAs(run, run, at));
        }
        end(shelf, 'ended', noon + 5);
        end(shelf, 'new', noon + 6);
        const usage = shelf.usage('2026-11-23', '2026-11-23');
        expect(shelf.oldest()).toEqual({ lease: noon, keyed: noon });
        shelf.clean(noon, noon);
        expect(shelf.entry('ended')).toBeDefined();
        shelf.clean(noon + 2, noon + 1);
        expect(['ended', 'open', 'new'].map((run) => shelf.entry(run) !== undefined)).toEqual([false, true, true]);
        expect(['ended', 'open', 'new'].map((name) => shelf.keyed(name, 0)?.run)).toEqual([undefined, 'open', 'new']);
        expect(shelf.oldest()).toEqual({ lease: noon + 1, keyed: noon + 1 });
        shelf.clean(noon + 1_000, noon + 1_000);
        expect(shelf.entry('new')).toBeUndefined();
        expect(shelf.oldest()).toEqual({ lease: noon + 1, keyed: undefined });
        expect(shelf.usage('2026-11-23', '2026-11-23')).toEqual(usage);
      }));

    test('a run’s lease is stored once', () =>
      use((shelf) => {
        shelf.admit(leaseOf('run', noon), null);
        expect(() => shelf.admit(leaseOf('run', noon + 1), keyedAs('one', 'run'))).toThrow();
        expect(shelf.keyed('one', 0)).toBeUndefined();
        expect(shelf.entry('run')?.lease.admittedAt).toBe(noon);
      }));
  });
}
