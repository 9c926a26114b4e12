/** What every store must do that an account lives on. */
import { describe, expect, test } from 'vitest';
import type { AccountStore, KeyedRun } from '../../src/accounts/account-store.ts';
import { type EscrowSize, noEscrow } from '../../src/accounts/escrow.ts';
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
    singleFlightKey: null,
    stored: false,
    member: null,
    ...lease,
  };
}

function keyedAs(idempotencyKey: string, run: string, at = noon): KeyedRun {
  return { idempotencyKey, bodyHash: 'body', run, at };
}

/** Stores an open lease, and the caller's key that it came with. */
function admit(store: AccountStore, lease: Lease, keyed?: KeyedRun): void {
  store.admit(lease, () => {});
  store.flush(lease.run, keyed);
}

/** Saves a lease's end, which is stored with the next group. */
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
        expect(store.past(60_000, noon)).toEqual({
          seenAt: 0,
          open: [],
          admissions: [],
          settled: [],
          members: [],
          spent: { thatDay: 0, dayBefore: 0 },
        });
        expect(store.entry('run')).toBeUndefined();
        expect(store.keyed('one', 0)).toBeUndefined();
        expect(store.stored(null, 10)).toEqual([]);
        expect(store.stored('run', 10)).toBeUndefined();
        expect(store.usage('2000-01-01', '2999-12-31')).toEqual({ rows: [], days: [] });
        expect(store.oldest()).toEqual({ lease: undefined, keyed: undefined });
      }));

    test('a lease is kept as it was, open and ended', () =>
      use((store) => {
        const lease = leaseOf('run', noon, { singleFlightKey: 'flight', stored: true });
        admit(store, lease);
        expect(store.entry('run')).toEqual({ lease, end: null });
        const ended = endOf(settlementOf('run'), noon + 5);
        store.end(ended, '2026-11-23', usageOf(ended), false);
        expect(store.entry('run')).toEqual({ lease, end: ended });
      }));

    test('an end frees the callers’ keys of its run where it is told to, and no others', () =>
      use((store) => {
        admit(store, leaseOf('run', noon), keyedAs('one', 'run'));
        store.flush('run', keyedAs('two', 'run'));
        admit(store, leaseOf('other', noon), keyedAs('three', 'other'));
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

    test('what is saved of runs is seen at once, and stored with the next group: its runs and their sums together', () =>
      use((store) => {
        const told: string[] = [];
        for (const run of ['ended', 'open']) store.admit(leaseOf(run, noon), () => told.push(run));
        end(store, 'ended', noon + 5);
        expect(['ended', 'open'].map((run) => store.entry(run)?.end?.settledAt)).toEqual([noon + 5, undefined]);
        expect(told).toEqual([]);
        expect(store.past(60_000, noon)).toMatchObject({
          open: [],
          settled: [],
          members: [],
          spent: { thatDay: 0, dayBefore: 0 },
        });
        store.flush();
        expect(told).toEqual(['ended']);
        expect(store.past(60_000, noon)).toMatchObject({
          open: [],
          settled: [{ at: noon + 5, tokens: 30 }],
          members: [],
          spent: { thatDay: 500_000, dayBefore: 0 },
        });
        store.flush('open');
        expect(told).toEqual(['ended', 'open']);
        expect(store.past(60_000, noon).open).toEqual([leaseOf('open', noon)]);
      }));

    test('a run that failed for a reason that passes frees its key at once', () =>
      use((store) => {
        admit(store, leaseOf('run', noon), keyedAs('one', 'run'));
        const failed = endOf(settlementOf('run', {}, { status: 'failed' }), noon + 5);
        store.end(failed, '2026-11-23', usageOf(failed), true);
        expect(store.keyed('one', 0)).toBeUndefined();
        store.flush();
        expect(store.keyed('one', 0)).toBeUndefined();
      }));

    test('where a group of writes is refused, nothing of it is stored, and what waits is known still, but for the caller’s key', () =>
      use((store) => {
        admit(store, leaseOf('run', noon));
        store.admit(leaseOf('other', noon + 1), () => expect.unreachable());
        store.admit(leaseOf('run', noon), () => expect.unreachable());
        expect(() => store.flush('run', keyedAs('one', 'run'))).toThrow();
        expect(store.past(60_000, noon).open).toEqual([leaseOf('run', noon)]);
        expect(store.keyed('one', 0)).toBeUndefined();
        expect(store.entry('other')?.end).toBeNull();
      }));

    test('a lease that is taken back never was', () =>
      use((store) => {
        store.admit(leaseOf('run', noon, { stored: true }), () => expect.unreachable());
        store.takeBack('run');
        store.flush('run');
        expect(store.entry('run')).toBeUndefined();
        expect(store.stored(null, 10)).toEqual([]);
        expect(store.past(60_000, noon).open).toEqual([]);
      }));

    test('an escrow that is stored and that nobody closed counts as used from the moment on at which the past is read, once', () =>
      use((store) => {
        const size: EscrowSize = { requests: 2, tokens: 300, nanodollars: 5_000_000_000_001 };
        store.saveEscrow(size);
        store.flush();
        const past = store.past(60_000, noon);
        expect(past).toMatchObject({
          seenAt: noon,
          open: [],
          admissions: [noon, noon],
          settled: [{ at: noon, tokens: 300 }],
          members: [],
          spent: { thatDay: 5_000_000_000_001, dayBefore: 0 },
        });
        expect(store.past(60_000, noon + 1_000)).toEqual(past);
        admit(store, leaseOf('later', noon + 60_000));
        expect(store.past(60_000, noon + 60_000)).toMatchObject({
          admissions: [noon + 60_000],
          settled: [],
          members: [],
          spent: { thatDay: 5_000_000_000_001, dayBefore: 0 },
        });
        admit(store, leaseOf('next day', noon + 86_400_000));
        expect(store.past(60_000, noon + 86_400_000).spent.thatDay).toBe(0);
      }));

    test('an escrow that was closed, or is not stored yet, costs nothing', () =>
      use((store) => {
        store.saveEscrow({ requests: 2, tokens: 300, nanodollars: 5 });
        store.flush();
        store.saveEscrow(noEscrow);
        store.flush();
        expect(store.past(60_000, noon)).toMatchObject({
          admissions: [],
          settled: [],
          members: [],
          spent: { thatDay: 0, dayBefore: 0 },
        });
      }));

    test('what an escrow came to counts no less long where the clock has stepped back', () =>
      use((store) => {
        admit(store, leaseOf('run', noon));
        store.saveEscrow({ requests: 1, tokens: 300, nanodollars: 5 });
        store.flush();
        expect(store.past(60_000, noon - 86_400_000)).toMatchObject({
          seenAt: noon,
          admissions: [noon, noon],
          settled: [{ at: noon, tokens: 300 }],
          members: [],
          spent: { thatDay: 5, dayBefore: 0 },
        });
      }));

    test('the past is what is open, what the last minute holds, and the day’s money', () =>
      use((store) => {
        for (const [run, at] of [
          ['old', noon - 600_000],
          ['slow', noon - 300_000],
          ['leaving', noon - 60_000],
          ['first', noon - 59_999],
          ['second', noon - 10],
        ] as const) {
          admit(store, leaseOf(run, at));
        }
        end(store, 'old', noon - 60_000);
        end(store, 'second', noon, 7);
        end(store, 'first', noon - 59_999, 9);
        store.flush();
        expect(store.past(60_000, noon)).toEqual({
          seenAt: noon,
          open: [leaseOf('slow', noon - 300_000), leaseOf('leaving', noon - 60_000)],
          admissions: [noon - 59_999, noon - 10],
          settled: [
            { at: noon - 59_999, tokens: 9 },
            { at: noon, tokens: 7 },
          ],
          members: [],
          spent: { thatDay: 1_500_000, dayBefore: 0 },
        });
      }));

    test('the newest moment counts, whatever it is of', () =>
      use((store) => {
        admit(store, leaseOf('run', noon));
        expect(store.past(60_000, noon).seenAt).toBe(noon);
        end(store, 'run', noon + 5);
        store.flush();
        expect(store.past(60_000, noon).seenAt).toBe(noon + 5);
        store.flush('run', keyedAs('one', 'run', noon + 7));
        expect(store.past(60_000, noon).seenAt).toBe(noon + 7);
      }));

    test('the money of another day is not that day’s', () =>
      use((store) => {
        admit(store, leaseOf('run', noon));
        end(store, 'run', noon + 86_400_000);
        store.flush();
        expect(store.past(60_000, noon).spent.thatDay).toBe(0);
      }));

    test('a caller’s key stands for the newest run it was kept for', () =>
      use((store) => {
        admit(store, leaseOf('run', noon), keyedAs('one', 'run'));
        expect(store.keyed('one', noon - 1)).toEqual(keyedAs('one', 'run'));
        expect(store.keyed('one', noon)).toBeUndefined();
        expect(store.keyed('two', noon - 1)).toBeUndefined();
        admit(store, leaseOf('other', noon + 5), keyedAs('one', 'other', noon + 5));
        expect(store.keyed('one', noon - 1)).toEqual(keyedAs('one', 'other', noon + 5));
      }));

    test('a forgotten run is off the list, its keys and its single-flight key are free, and its lease stays', () =>
      use((store) => {
        admit(store, leaseOf('run', noon, { singleFlightKey: 'flight', stored: true }), keyedAs('one', 'run'));
        store.flush('run', keyedAs('two', 'run'));
        store.flush('other', keyedAs('three', 'other'));
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
        for (const run of ['b', 'c', 'a']) admit(store, leaseOf(run, noon, { stored: true }));
        admit(store, leaseOf('unlisted', noon));
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
          admit(store, leaseOf(run, at, { key: owner }));
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
        admit(store, leaseOf('run', noon));
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
          admit(store, leaseOf(run, at), keyedAs(run, run, at));
        }
        end(store, 'ended', noon + 5);
        end(store, 'new', noon + 6);
        store.flush();
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
        admit(store, leaseOf('run', noon));
        expect(() => admit(store, leaseOf('run', noon + 1), keyedAs('one', 'run'))).toThrow();
        store.takeBack('run');
        store.flush('run');
        expect(store.keyed('one', 0)).toBeUndefined();
        expect(store.entry('run')?.lease.admittedAt).toBe(noon);
      }));
  });
}
