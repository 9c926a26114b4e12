/** The one alarm of an account: runs that are overdue are asked after, and what is old is removed. */
import { describe, expect, test, vi } from 'vitest';
import type { Became } from '../../src/accounts/account.ts';
import { askFor, settlementOf } from '../support/leases.ts';
import { AccountWorld, dayMs, hourMs, noon, secondMs } from './account-world.ts';

const always = ['2000-01-01', '2999-12-31'] as const;

describe('a run that lasts longer than its lease', () => {
  test('is not asked after before', async () => {
    const world = new AccountWorld();
    world.start({ lastsMs: 70 * secondMs });
    expect(world.store.alarmAt).toBe(noon + 70 * secondMs);
    world.now = noon + 70 * secondMs - 1;
    await world.account.alarm();
    expect(world.askedAfter).toEqual([]);
    expect(world.store.alarmAt).toBe(noon + 70 * secondMs);
  });

  test('is settled on its own ledger when it has ended', async () => {
    const world = new AccountWorld({ concurrent_runs: 1 });
    const { run } = world.start();
    world.became = async () => ({ type: 'ended', settlement: settlementOf(run) });
    await world.ring();
    expect(world.askedAfter).toEqual([run]);
    expect(world.account.usage(...always).rows).toMatchObject([{ input_tokens: 20, output_tokens: 10 }]);
    world.start();
  });

  test('is asked after a minute later while it goes on, and can still be joined', async () => {
    const world = new AccountWorld({ concurrent_runs: 1 });
    const { run } = world.start({ flight: 'same' });
    await world.ring();
    expect(world.store.alarmAt).toBe(world.now + 60 * secondMs);
    expect(world.account.reserve(world.caller, askFor())).toMatchObject({ type: 'refused' });
    expect(world.account.reserve(world.caller, askFor({ flight: 'same' }))).toMatchObject({ type: 'joined', run });
    await world.ring();
    expect(world.askedAfter).toEqual([run, run]);
  });

  test('is charged nothing when it is gone, and nothing of it is left to be replayed or listed', async () => {
    const world = new AccountWorld({ concurrent_runs: 1 });
    const asked = { stored: true, flight: 'same', idempotency: { key: 'one', bodyHash: 'body' } };
    const { run } = world.start(asked);
    world.became = async () => ({ type: 'gone' });
    await world.ring();
    // It may be about to begin: once is not enough.
    expect(world.store.entry(run)?.end).toBeNull();
    expect(world.store.alarmAt).toBe(world.now + 60 * secondMs);
    await world.ring();
    expect(world.askedAfter).toEqual([run, run]);
    expect(world.logged).toMatchObject([{ level: 'warn', event: 'lease.gone', reflection_id: run }]);
    expect(world.store.entry(run)?.end).toMatchObject({ status: 'failed', used: { tokens: 0, nanodollars: 0 } });
    expect(world.account.stored(null, 10).runs).toEqual([]);
    world.start(asked);
  });

  test('is not given up for an alarm that comes again because storage refused to put the question off', async () => {
    const world = new AccountWorld();
    const { run } = world.start();
    world.became = async () => ({ type: 'gone' });
    const refused = vi.spyOn(world.store, 'postpone').mockImplementation(() => {
      throw new Error('The disk is full.');
    });
    await expect(world.ring()).rejects.toThrow('The disk is full.');
    refused.mockRestore();
    world.now += 2 * secondMs;
    await world.account.alarm();
    expect(world.askedAfter).toEqual([run, run]);
    expect(world.store.entry(run)?.end).toBeNull();
    await world.ring();
    expect(world.events).toEqual(['lease.gone']);
  });

  test('is not given up when two alarms that overlap find nothing of it', async () => {
    const world = new AccountWorld();
    const { run } = world.start();
    world.became = async () => ({ type: 'gone' });
    await Promise.all([world.ring(), world.ring()]);
    expect(world.askedAfter).toEqual([run, run]);
    expect(world.store.entry(run)?.end).toBeNull();
    expect(world.store.alarmAt).toBe(world.now + 60 * secondMs);
  });

  test('is charged what it used when it was given up and lived after all, once', async () => {
    const world = new AccountWorld({ daily_usd: 1 });
    const { run } = world.start();
    world.became = async () => ({ type: 'gone' });
    await world.ring();
    await world.ring();
    for (let times = 0; times < 3; times += 1) world.account.settle(settlementOf(run));
    expect(world.account.usage(...always)).toMatchObject({
      rows: [{ input_tokens: 20, output_tokens: 10 }],
      days: [{ runs: 1 }],
    });
    expect(world.logged.map(({ event }) => event)).toEqual(['lease.gone', 'lease.corrected']);
    expect(world.account.reserve(world.caller, askFor({ usd: 1 }))).toMatchObject({ type: 'refused' });
  });

  test('keeps its lease when nobody can say what became of it', async () => {
    const world = new AccountWorld({ concurrent_runs: 1 });
    const { run } = world.start();
    world.became = async () => {
      throw new Error('The network is down.');
    };
    await world.ring();
    expect(world.logged).toMatchObject([{ level: 'error', event: 'lease.unanswered', reflection_id: run }]);
    expect(JSON.stringify(world.logged)).not.toContain('network');
    expect(world.account.reserve(world.caller, askFor())).toMatchObject({ type: 'refused' });
    expect(world.store.alarmAt).toBe(world.now + 60 * secondMs);
  });

  test('may be settled while it is asked after', async () => {
    for (const type of ['running', 'gone', 'ended'] as const) {
      const world = new AccountWorld();
      const { run } = world.start();
      world.became = async (): Promise<Became> => {
        world.account.settle(settlementOf(run));
        return type === 'ended' ? { type, settlement: settlementOf(run, { input_tokens: 999 }) } : { type };
      };
      await world.ring();
      expect(world.account.usage(...always)).toMatchObject({ rows: [{ input_tokens: 20 }], days: [{ runs: 1 }] });
      expect(world.logged).toEqual([]);
    }
  });

  test('waits its turn when many are overdue', async () => {
    const world = new AccountWorld();
    for (let count = 0; count < 50; count++) world.start({ tokens: 1 });
    world.became = async (run) => ({ type: 'ended', settlement: settlementOf(run) });
    await world.ring();
    expect(world.askedAfter).toHaveLength(20);
    await world.ring();
    await world.ring();
    expect(new Set(world.askedAfter).size).toBe(50);
    expect(world.askedAfter).toHaveLength(50);
  });

  test('is asked after also when the account was lost, and admitted another that lasts longer', async () => {
    const world = new AccountWorld();
    const { run } = world.start({ lastsMs: 30 * secondMs });
    world.lose();
    world.start({ lastsMs: 600 * secondMs });
    expect(world.store.alarmAt).toBe(noon + 30 * secondMs);
    await world.ring();
    expect(world.askedAfter).toEqual([run]);
  });
});

describe('the alarm', () => {
  test('is not set again by every run', () => {
    const world = new AccountWorld();
    for (let count = 0; count < 10; count++) {
      world.start();
      world.now += secondMs;
    }
    expect(world.store.alarmsSet).toBe(1);
    world.start({ lastsMs: 10 * secondMs });
    expect(world.store.alarmsSet).toBe(2);
  });

  test('that comes twice does no harm', async () => {
    const world = new AccountWorld();
    const { run } = world.start();
    world.became = async () => ({ type: 'ended', settlement: settlementOf(run) });
    await world.ring();
    await world.account.alarm();
    expect(world.account.usage(...always).days).toMatchObject([{ runs: 1 }]);
  });

  test('of an account that never admitted anything is not set', async () => {
    const world = new AccountWorld();
    await world.account.alarm();
    expect(world.store.alarmAt).toBeUndefined();
  });
});

describe('cleaning', () => {
  test('removes idempotency keys after a day, and leases after 35', async () => {
    const world = new AccountWorld();
    const { run } = world.start({ idempotency: { key: 'one', bodyHash: 'body' } });
    world.account.settle(settlementOf(run));
    await world.ring();
    expect(world.store.alarmAt).toBe(noon + 2 * dayMs);
    await world.ring();
    expect(world.store.oldest()).toEqual({ lease: noon, keyed: undefined });
    expect(world.store.alarmAt).toBe(noon + 36 * dayMs);
    await world.ring();
    expect(world.store.entries).toEqual([]);
    expect(world.store.alarmAt).toBeUndefined();
    expect(world.account.usage(...always).days).toEqual([{ day: '2026-11-23', runs: 1, cache_hits: 0 }]);
  });

  test('leaves a lease as long as its run may be on the list', async () => {
    const world = new AccountWorld();
    world.storedMs = 90 * dayMs;
    world.lose();
    const { run } = world.start({ stored: true });
    world.account.settle(settlementOf(run));
    await world.ring();
    expect(world.store.alarmAt).toBe(noon + 92 * dayMs);
    expect(world.account.stored(null, 10).runs).toEqual([run]);
    await world.ring();
    expect(world.account.stored(null, 10).runs).toEqual([]);
  });

  test('costs at most one alarm a day, however much comes in, and misses none after losses', async () => {
    const world = new AccountWorld();
    world.became = async (run) => ({ type: 'ended', settlement: settlementOf(run) });
    let alarms = 0;
    for (let hour = 0; hour < 60 * 24; hour++) {
      world.now += hourMs;
      const { run } = world.start({ idempotency: { key: `${hour}`, bodyHash: 'body' } });
      world.account.settle(settlementOf(run));
      if (hour % 7 === 0) world.lose();
      while (world.store.alarmAt !== undefined && world.store.alarmAt <= world.now + hourMs) {
        await world.ring();
        alarms += 1;
      }
    }
    // One for the lease of each hour, and one a day.
    expect(alarms).toBeLessThanOrEqual(60 * 24 + 60);
    const oldest = world.store.oldest();
    expect(world.now - (oldest.lease ?? 0)).toBeLessThanOrEqual(36 * dayMs + hourMs);
    expect(world.now - (oldest.keyed ?? 0)).toBeLessThanOrEqual(2 * dayMs + hourMs);
  });

  test('leaves a lease that is open, however old, and does not wake for it all the time', async () => {
    const world = new AccountWorld();
    const { run } = world.start();
    world.now = noon + 40 * dayMs;
    await world.ring();
    expect(world.store.entry(run)).toBeDefined();
    expect(world.store.alarmAt).toBe(world.now + 60 * secondMs);
    world.account.settle(settlementOf(run));
    await world.ring();
    expect(world.store.alarmAt).toBeGreaterThanOrEqual(world.now + 23 * hourMs);
  });
});
