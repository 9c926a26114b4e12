/** What every store must do that an account lives on. */
import { describe, expect, test } from 'vitest';
import type { AccountStore, KeyedRun } from '../../src/accounts/account-store.ts';
import { endOf, type Lease, usageOf } from '../../src/accounts/lease.ts';
import { settlementOf } from '../support/leases.ts';
import { madeUpKey } from '../support/made-up-key.ts';

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

function end(store: AccountStore, run: string, settledAt: number, tokens = 30): void {
  const ended = endOf(settlementOf(run, { input_tokens: tokens, output_tokens: 0, cost_usd: 0.000_5 }), settledAt);
  store.end(ended, '2026-11-23', usageOf(ended), false);
}

/** `use` hands out a fresh store each time it is called, and gives it up afterwards. */
export function describeAccountStore(
  name: string,
  use: (work: (store: AccountStore) => void | Promise<void>) => Promise<void>,
): void {
  describe(name, () => {
    test('an empty store knows of nothing', () =>
      use((store) => {
        expect(store.past(60_000)).toEqual({ seenAt: 0, open: [], admissions: [], settled: [], spentThatDay: 0 });
        expect(store.entry('run')).toBeUndefined();
        expect(store.keyed('one', 0)).toBeUndefined();
        expect(store.stored(null, 10)).toEqual([]);
        expect(store.stored('run', 10)).toBeUndefined();
        expect(store.usage('2000-01-01', '2999-12-31')).toEqual({ rows: [], days: [] });
        expect(store.oldest()).toEqual({ lease: undefined, keyed: undefined });
      }));

    test('a lease is kept as it was, open and ended', () =>
      use((store) => {
        const lease = leaseOf('run', noon, { flight: 'flight', stored: true });
        store.admit(lease, null);
        expect(store.entry('run')).toEqual({ lease, end: null });
        const ended = endOf(settlementOf('run'), noon + 5);
        store.end(ended, '2026-11-23', usageOf(ended), false);
        expect(store.entry('run')).toEqual({ lease, end: ended });
      }));

    test('an end frees the callers’ keys of its run where it is told to, and no others', () =>
      use((store) => {
        store.admit(leaseOf('run', noon), keyedAs('one', 'run'));
        store.keep(keyedAs('two', 'run'));
        store.admit(leaseOf('other', noon), keyedAs('three', 'other'));
        end(store, 'other', noon + 5);
        expect(store.keyed('three', 0)).toEqual(keyedAs('three', 'other'));
        const failed = endOf(settlementOf('run', {}, { status: 'failed' }), noon + 5);
        store.end(failed, '2026-11-23', usageOf(failed), true);
        expect(['one', 'two', 'three'].map((name) => store.keyed(name, 0)?.run)).toEqual([
          undefined,
          undefined,
          'other',
        ]);
      }));

    test('what is written together is all there, or nothing of it when it throws', () =>
      use((store) => {
        store.admit(leaseOf('open', noon), keyedAs('one', 'open'));
        const write = (): void => {
          store.admit(leaseOf('run', noon + 1, { stored: true }), keyedAs('two', 'run'));
          end(store, 'open', noon + 2);
          store.forget('open');
          store.addHits('2026-11-23', 1);
        };
        const broken = new Error('The last of it failed.');
        const before = store.past(60_000);
        expect(() =>
          store.atomically(() => {
            write();
            expect(store.stored(null, 10)).toEqual(['run']);
            throw broken;
          }),
        ).toThrow(broken);
        expect(store.past(60_000)).toEqual(before);
        expect(['open', 'run'].map((run) => store.entry(run)?.end)).toEqual([null, undefined]);
        expect(['one', 'two'].map((name) => store.keyed(name, 0)?.run)).toEqual(['open', undefined]);
        expect(store.stored(null, 10)).toEqual([]);
        expect(store.usage('2026-11-23', '2026-11-23')).toEqual({ rows: [], days: [] });
        store.atomically(write);
        expect(['open', 'run'].map((run) => store.entry(run)?.end?.settledAt)).toEqual([noon + 2, undefined]);
        expect(['one', 'two'].map((name) => store.keyed(name, 0)?.run)).toEqual([undefined, 'run']);
        expect(store.usage('2026-11-23', '2026-11-23').days).toEqual([{ day: '2026-11-23', runs: 1, cache_hits: 1 }]);
      }));

    test('the past is what is open, what the last minute holds, and the day’s money', () =>
      use((store) => {
        for (const [run, at] of [
          ['old', noon - 600_000],
          ['slow', noon - 300_000],
          ['leaving', noon - 60_000],
          ['first', noon - 59_999],
          ['second', noon],
        ] as const) {
          store.admit(leaseOf(run, at), null);
        }
        end(store, 'old', noon - 60_000);
        end(store, 'second', noon - 10, 7);
        end(store, 'first', noon - 59_999, 9);
        expect(store.past(60_000)).toEqual({
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
      use((store) => {
        store.admit(leaseOf('run', noon), null);
        expect(store.past(60_000).seenAt).toBe(noon);
        end(store, 'run', noon + 5);
        expect(store.past(60_000).seenAt).toBe(noon + 5);
        store.keep(keyedAs('one', 'run', noon + 7));
        expect(store.past(60_000).seenAt).toBe(noon + 7);
      }));

    test('the money of another day is not that day’s', () =>
      use((store) => {
        store.admit(leaseOf('run', noon), null);
        end(store, 'run', noon + 86_400_000);
        expect(store.past(60_000).spentThatDay).toBe(0);
      }));

    test('a caller’s key stands for the newest run it was kept for', () =>
      use((store) => {
        store.admit(leaseOf('run', noon), keyedAs('one', 'run'));
        expect(store.keyed('one', noon - 1)).toEqual(keyedAs('one', 'run'));
        expect(store.keyed('one', noon)).toBeUndefined();
        expect(store.keyed('two', noon - 1)).toBeUndefined();
        store.admit(leaseOf('other', noon + 5), keyedAs('one', 'other', noon + 5));
        expect(store.keyed('one', noon - 1)).toEqual(keyedAs('one', 'other', noon + 5));
      }));

    test('a forgotten run is off the list, its keys and its flight are free, and its lease stays', () =>
      use((store) => {
        store.admit(leaseOf('run', noon, { flight: 'flight', stored: true }), keyedAs('one', 'run'));
        store.keep(keyedAs('two', 'run'));
        store.keep(keyedAs('three', 'other'));
        store.forget('run');
        expect(store.stored(null, 10)).toEqual([]);
        expect(['one', 'two', 'three'].map((name) => store.keyed(name, 0)?.run)).toEqual([
          undefined,
          undefined,
          'other',
        ]);
        expect(store.entry('run')).toEqual({ lease: leaseOf('run', noon), end: null });
      }));

    test('the list is in order of admission, also within a millisecond', () =>
      use((store) => {
        for (const run of ['b', 'c', 'a']) store.admit(leaseOf(run, noon, { stored: true }), null);
        store.admit(leaseOf('unlisted', noon), null);
        expect(store.stored(null, 10)).toEqual(['a', 'c', 'b']);
        expect(store.stored('a', 1)).toEqual(['c']);
        expect(store.stored('unlisted', 1)).toBeUndefined();
      }));

    test('the ends of one key are found by the day of their admission', () =>
      use((store) => {
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
          store.admit(leaseOf(run, at, { key: owner }), null);
          if (run !== 'open') end(store, run, at + 5);
        }
        const runs = (from: string, to: string) => [...store.ends(key, from, to)].map(({ lease }) => lease.run);
        expect(runs('2026-11-23', '2026-11-23')).toEqual(['one', 'two']);
        expect(runs('2026-11-22', '2026-11-24')).toEqual(['before', 'one', 'two', 'after']);
        expect([...store.ends(other, '2026-11-23', '2026-11-23')].map(({ end }) => end.used.tokens)).toEqual([30]);
      }));

    test('hits are added up, and stand beside runs', () =>
      use((store) => {
        store.addHits('2026-11-23', 2);
        store.addHits('2026-11-23', 3);
        store.addHits('2026-11-24', 1);
        store.admit(leaseOf('run', noon), null);
        end(store, 'run', noon + 5);
        expect(store.usage('2026-11-23', '2026-11-24').days).toEqual([
          { day: '2026-11-23', runs: 1, cache_hits: 5 },
          { day: '2026-11-24', runs: 0, cache_hits: 1 },
        ]);
        expect(store.usage('2026-11-24', '2026-11-24').days).toHaveLength(1);
      }));

    test('cleaning removes what is old and ended, and nothing of the sums', () =>
      use((store) => {
        for (const [run, at] of [
          ['ended', noon],
          ['open', noon + 1],
          ['new', noon + 2],
        ] as const) {
          store.admit(leaseOf(run, at), keyedAs(run, run, at));
        }
        end(store, 'ended', noon + 5);
        end(store, 'new', noon + 6);
        const usage = store.usage('2026-11-23', '2026-11-23');
        expect(store.oldest()).toEqual({ lease: noon, keyed: noon });
        store.clean(noon, noon);
        expect(store.entry('ended')).toBeDefined();
        store.clean(noon + 2, noon + 1);
        expect(['ended', 'open', 'new'].map((run) => store.entry(run) !== undefined)).toEqual([false, true, true]);
        expect(['ended', 'open', 'new'].map((name) => store.keyed(name, 0)?.run)).toEqual([undefined, 'open', 'new']);
        expect(store.oldest()).toEqual({ lease: noon + 1, keyed: noon + 1 });
        store.clean(noon + 1_000, noon + 1_000);
        expect(store.entry('new')).toBeUndefined();
        expect(store.oldest()).toEqual({ lease: noon + 1, keyed: undefined });
        expect(store.usage('2026-11-23', '2026-11-23')).toEqual(usage);
      }));

    test('a run’s lease is stored once', () =>
      use((store) => {
        store.admit(leaseOf('run', noon), null);
        expect(() => store.admit(leaseOf('run', noon + 1), keyedAs('one', 'run'))).toThrow();
        expect(store.keyed('one', 0)).toBeUndefined();
        expect(store.entry('run')?.lease.admittedAt).toBe(noon);
      }));
  });
}
