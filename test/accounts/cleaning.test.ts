/** When an account is due, and what it removes then. */
import { describe, expect, test } from 'vitest';
import { askFor, settlementOf } from '../support/leases.ts';
import { AccountWorld, always, dayMs, hourMs, noon, secondMs } from './account-world.ts';

describe('an account', () => {
  test('is never due when it never admitted anything', () => {
    const world = new AccountWorld();
    expect(world.account.nextDue()).toBe(Number.POSITIVE_INFINITY);
    world.ring();
    expect(world.alarmAt).toBeUndefined();
  });

  test('is not woken anew for every run', () => {
    const world = new AccountWorld();
    for (let count = 0; count < 10; count++) {
      world.start();
      world.now += secondMs;
    }
    expect(world.alarmsSet).toBe(1);
    expect(world.alarmAt).toBe(noon + 36 * dayMs);
    world.start({ idempotency: { key: 'one', bodyHash: 'body' } });
    expect(world.alarmsSet).toBe(2);
    expect(world.alarmAt).toBe(world.now + 2 * dayMs);
  });

  test('is due at the same time after a loss', () => {
    const world = new AccountWorld();
    world.start();
    world.start({ idempotency: { key: 'one', bodyHash: 'body' } });
    expect(world.account.nextDue()).toBe(noon + 2 * dayMs);
    world.lose();
    expect(world.account.nextDue()).toBe(noon + 2 * dayMs);
  });

  test('is due for a key of whoever joined a run, too', () => {
    const world = new AccountWorld();
    const { run } = world.start({ singleFlightKey: 'same' });
    world.now += hourMs;
    const joining = askFor({ singleFlightKey: 'same', idempotency: { key: 'one', bodyHash: 'body' } });
    expect(world.account.reserve(world.caller, joining)).toMatchObject({ type: 'joined', run });
    expect(world.account.nextDue()).toBe(world.now + 2 * dayMs);
  });

  test('does not give up a run that lasts longer than it was to', () => {
    const world = new AccountWorld({ concurrent_runs: 1 });
    const { run } = world.start({ lastsMs: 10 * secondMs, singleFlightKey: 'same' });
    world.now += hourMs;
    world.account.alarm();
    expect(world.store.entry(run)?.end).toBeNull();
    expect(world.account.reserve(world.caller, askFor())).toMatchObject({ type: 'refused' });
    expect(world.account.reserve(world.caller, askFor({ singleFlightKey: 'same' }))).toMatchObject({
      type: 'joined',
      run,
    });
  });

  test('removes a great many rows in rounds, so that nobody waits for all of them', () => {
    const world = new AccountWorld({ requests_per_minute: 1_000_000, tokens_per_minute: 1_000_000 });
    for (let count = 0; count < 4_500; count += 1) {
      const { run } = world.start({ usd: 0, tokens: 0 });
      world.account.settle(settlementOf(run));
    }
    world.store.flush();
    const left: number[] = [];
    for (let round = 1; round <= 3; round += 1) {
      world.ring();
      left.push(world.entries.length);
    }
    expect(left).toEqual([2_500, 500, 0]);
    expect(world.account.nextDue()).toBe(Number.POSITIVE_INFINITY);
  });

  test('whose storage refuses a cleaning tells the log, and is due again an hour later', () => {
    const world = new AccountWorld();
    world.settle(settlementOf(world.start().run));
    world.full = true;
    world.ring();
    expect(world.events).toContain('cleaning.refused');
    expect(world.alarmAt).toBe(world.now + hourMs);
    expect(world.entries).toHaveLength(1);
    world.full = false;
    world.ring();
    expect(world.entries).toHaveLength(0);
    expect(world.account.nextDue()).toBe(Number.POSITIVE_INFINITY);
  });

  test('that is woken for something else removes nothing, and stays due', () => {
    const world = new AccountWorld();
    const { run } = world.start({ idempotency: { key: 'one', bodyHash: 'body' } });
    world.settle(settlementOf(run));
    for (let times = 0; times < 2; times++) {
      world.now += 2 * dayMs - 1 - (world.now - noon);
      world.account.alarm();
      expect(world.store.oldest()).toEqual({ lease: noon, keyed: noon });
      expect(world.account.nextDue()).toBe(noon + 2 * dayMs);
    }
  });

  test('that is woken for anything writes the hits that no row holds', () => {
    const world = new AccountWorld();
    world.account.countHits(1);
    world.account.alarm();
    expect(world.store.usage(...always).days).toEqual([{ day: '2026-11-23', runs: 0, cache_hits: 1 }]);
  });
});

describe('cleaning', () => {
  test('removes idempotency keys after a day, and leases after 35', () => {
    const world = new AccountWorld();
    const { run } = world.start({ idempotency: { key: 'one', bodyHash: 'body' } });
    world.settle(settlementOf(run));
    expect(world.alarmAt).toBe(noon + 2 * dayMs);
    world.ring();
    expect(world.store.oldest()).toEqual({ lease: noon, keyed: undefined });
    expect(world.alarmAt).toBe(noon + 36 * dayMs);
    world.ring();
    expect(world.entries).toEqual([]);
    expect(world.alarmAt).toBeUndefined();
    expect(world.account.usage(...always).days).toEqual([{ day: '2026-11-23', runs: 1, cache_hits: 0 }]);
  });

  test('leaves a lease as long as its run may be on the list', () => {
    const world = new AccountWorld();
    world.storedMs = 90 * dayMs;
    world.lose();
    const { run } = world.start({ stored: true });
    world.settle(settlementOf(run));
    expect(world.alarmAt).toBe(noon + 92 * dayMs);
    world.now = noon + 91 * dayMs;
    world.account.alarm();
    expect(world.account.stored(null, 10).runs).toEqual([run]);
    world.ring();
    expect(world.account.stored(null, 10).runs).toEqual([]);
  });

  test('costs at most one alarm a day, however much comes in, and misses none after losses', () => {
    const world = new AccountWorld();
    let alarms = 0;
    for (let hour = 0; hour < 60 * 24; hour++) {
      world.now += hourMs;
      const { run } = world.start({ idempotency: { key: `${hour}`, bodyHash: 'body' } });
      world.settle(settlementOf(run));
      if (hour % 7 === 0) world.lose();
      while (world.alarmAt !== undefined && world.alarmAt <= world.now + hourMs) {
        world.ring();
        alarms += 1;
      }
    }
    expect(alarms).toBeLessThanOrEqual(60);
    const oldest = world.store.oldest();
    expect(world.now - (oldest.lease ?? 0)).toBeLessThanOrEqual(36 * dayMs + hourMs);
    expect(world.now - (oldest.keyed ?? 0)).toBeLessThanOrEqual(2 * dayMs + hourMs);
  });

  test('leaves a lease that is open, however old, does not wake for it all the time, and removes it when it has ended', () => {
    const world = new AccountWorld();
    const { run } = world.start();
    world.now = noon + 40 * dayMs;
    world.ring();
    expect(world.store.entry(run)).toBeDefined();
    expect(world.alarmAt).toBe(world.now + dayMs);
    world.settle(settlementOf(run));
    world.ring();
    expect(world.store.entry(run)).toBeUndefined();
    expect(world.alarmAt).toBeUndefined();
  });
});
