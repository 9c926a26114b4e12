/** What is delivered after a run's end: its cache entry, its webhook's notice; once each, whatever is refused, hangs or is lost. And its settlement, which is stored with its end. */
import { describe, expect, test } from 'vitest';
import type { ReflectionBody } from '../../src/reflection/request.ts';
import type { Delivery } from '../../src/runs/deliver.ts';
import type { Deletion } from '../../src/runs/run.ts';
import type { RunOrder } from '../../src/runs/runs.ts';
import { kept, orderOf } from '../support/orders.ts';
import { removed } from './object-instance.ts';
import type { Try } from './recipients.ts';
import { account, requestOf, retention, runId, World } from './world.ts';

const hook = 'https://example.com/hook';
const hourMs = 3_600_000;
const entryKey = kept.entry.key;

/** An order that owes all there is to owe. */
function order(part: Partial<ReflectionBody> = {}): RunOrder {
  return orderOf(requestOf({ input: 'What is two and two?', webhook: hook, ...part }), { cache: kept });
}

/** A run watched to its end; gives its record and when it ended, in epoch milliseconds. */
async function ended(world: World, asked = order()) {
  world.start(asked);
  const reader = world.reader();
  await world.watch(600_000, () => reader.ended);
  return {
    endedAt: Date.parse(reader.events.at(-1)?.at ?? ''),
    record: world.run.read(account),
    events: reader.events,
  };
}

const entriesLogged = (world: World, event: string) => world.logged.filter((entry) => entry.event === event);
const never = () => false;

describe('an ended run', () => {
  test('settles, keeps its answer and gives its notice, once each and once its end is stored', async () => {
    const world = new World({ commitMs: 15 });
    const { record, endedAt, events } = await ended(world);
    await world.watch(100_000, never);
    const { settled, entries, notices, tries } = world.recipients;
    expect(settled).toEqual({
      run: runId,
      status: 'completed',
      decision: record?.decision,
      passes: record?.usage.passes,
      retryable: false,
    });
    expect(entries.get(entryKey)).toEqual({ events, storedAt: endedAt, ttlSeconds: kept.entry.ttlSeconds });
    expect(notices).toEqual([{ url: hook, key: order().key, record }]);
    expect(tries).toHaveLength(2);
    expect(world.disk.alarm).toBe(endedAt + retention.unstoredMs);
  });

  test('owes no entry and no notice that was not asked for', async () => {
    const world = new World();
    await ended(world, orderOf(requestOf({ input: 'What is two and two?' })));
    await world.watch(100_000, never);
    expect(world.recipients.tries).toEqual([]);
  });

  test('notes what it paid in one commit', async () => {
    const world = new World({ commitMs: 1 });
    world.recipients.manners.cacheEntry = 30;
    await ended(world, orderOf(requestOf({ input: 'What is two and two?' }), { cache: kept }));
    const before = world.instance.commits;
    await world.time.pass(1_000);
    expect(world.recipients.tries).toHaveLength(1);
    expect(world.instance.commits).toBe(before + 1);
  });

  test('keeps no answer that is not good enough for others', async () => {
    const world = new World();
    world.recipients.cacheable = false;
    await ended(world);
    await world.watch(100_000, never);
    expect(world.recipients.entries.size).toBe(0);
    expect(world.disk.alarm).toBeGreaterThan(world.time.now());
  });

  test('is settled as cancelled or failed as well, with what it used', async () => {
    const world = new World({ script: () => ({ tokens: ['Two ', 'and '], everyMs: 100 }) });
    world.start(order());
    await world.time.pass(150);
    const record = await world.run.cancel(account);
    await world.watch(1_000, never);
    expect(world.recipients.settled).toMatchObject({ status: 'cancelled', passes: record?.usage.passes });
    expect(record?.usage.passes).toHaveLength(1);

    const failing = new World({ script: () => ({ tokens: [], fails: 'upstream_quota' }) });
    await ended(failing);
    await failing.watch(1_000, never);
    expect(failing.recipients.settled).toMatchObject({ status: 'failed', decision: null });
  });

  test('pays all the same whenever it is lost, and tells everybody the same', async () => {
    const undisturbed = new World({ commitMs: 5 });
    const { endedAt } = await ended(undisturbed);
    const length = endedAt - Date.UTC(2026, 0, 1);
    for (let at = length - 3; at < length + 60; at++) {
      const world = new World({ commitMs: 5 });
      Object.assign(world.recipients.manners, { cacheEntry: 13, webhook: 31 });
      world.start(order());
      await world.watch(at, never);
      world.crash();
      await world.watch(200_000, never);
      const { settled, entries, notices, tries } = world.recipients;
      expect(settled?.passes).toEqual(world.run.read(account)?.usage.passes);
      expect(entries.size).toBe(1);
      expect(new Set(notices.map((notice) => JSON.stringify(notice))).size).toBe(1);
      for (const item of ['cacheEntry', 'webhook'] as const) {
        expect(tries.filter((tried) => tried.item === item).length, `${item}, lost at ${at}`).toBeLessThanOrEqual(2);
      }
      expect(world.disk.alarm).toBe(Date.parse(entries.get(entryKey)?.events.at(-1)?.at ?? '') + retention.unstoredMs);
    }
  });

  test('tries nothing twice at a time when its alarm goes off meanwhile', async () => {
    const world = new World();
    Object.assign(world.recipients.manners, { cacheEntry: 3_000, webhook: 9_000 });
    await ended(world);
    for (let time = 0; time < 10; time++) {
      world.ring();
      await world.time.pass(1_000);
    }
    await world.watch(100_000, never);
    expect(world.recipients.tries).toHaveLength(2);
  });

  test('pays again what it could not note as paid', async () => {
    const world = new World();
    world.recipients.manners.cacheEntry = 20;
    await ended(world, orderOf(requestOf({ input: 'What is two and two?' }), { cache: kept }));
    world.instance.full = true;
    await world.time.pass(1_000);
    expect(world.recipients.tries).toHaveLength(1);
    world.crash();
    await world.watch(100_000, never);
    expect(world.recipients.tries).toHaveLength(2);
    expect(world.disk.alarm).toBeGreaterThan(world.time.now());
  });
});

describe('a settlement', () => {
  test('is stored with the end, and told before nobody', async () => {
    for (let at = 0; at < 60; at += 1) {
      const world = new World({ commitMs: 3 });
      world.start(order());
      await world.time.pass(at);
      expect(world.recipients.settled !== undefined).toBe(world.disk.endIsStored);
      world.crash();
      await world.watch(100_000, never);
      expect(world.recipients.settled?.passes).toEqual(world.run.read(account)?.usage.passes);
    }
  });
});

describe('a cache entry', () => {
  test('that cannot be written is tried three times, and as old as its answer', async () => {
    const world = new World();
    world.recipients.manners.cacheEntry = 'throws';
    const { endedAt } = await ended(world);
    await world.watch(60_000, never);
    const [first = 0, ...later] = world.recipients.triedAt('cacheEntry', endedAt);
    expect(later).toEqual([first + 2_000, first + 4_000]);
    expect(entriesLogged(world, 'outbox.given_up')).toEqual([
      expect.objectContaining({ level: 'warn', item: 'cacheEntry', attempt: 3 }),
    ]);

    const late = new World();
    late.recipients.manners.cacheEntry = 'throws';
    const run = await ended(late);
    await late.watch(1_000, never);
    late.recipients.manners.cacheEntry = 'takes';
    await late.watch(10_000, never);
    expect(late.recipients.entries.get(entryKey)?.storedAt).toBe(run.endedAt);
  });
});

describe('a webhook', () => {
  const failed = (retryAfterMs: number | null = null): Delivery => ({ type: 'failed', retryAfterMs });
  const days = { unstoredMs: 24 * hourMs, storedMs: 30 * 24 * hourMs };

  test('that fails is tried by the schedule over days; its run is kept for it and removed then', async () => {
    const world = new World({ retention: days });
    world.recipients.deliveries = [failed()];
    const { endedAt } = await ended(world);
    await world.watch(40 * hourMs, never);
    expect(world.run.read(account)?.status).toBe('completed');
    await world.watch(60 * hourMs, never);
    const at = world.recipients.triedAt('webhook', endedAt).map((milliseconds) => milliseconds / 1_000);
    const seconds = at.map((time, index) => Math.round(time - (at[index - 1] ?? 0)));
    expect(seconds).toEqual([0, 5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400]);
    expect(entriesLogged(world, 'outbox.given_up')).toEqual([
      expect.objectContaining({ item: 'webhook', attempt: 10, outcome: 'failed' }),
    ]);
    expect(world.disk.committed).toEqual(removed);
  });

  test('is left alone for as long as it asked', async () => {
    const world = new World({ retention: days });
    world.recipients.deliveries = [failed(hourMs), failed(1), { type: 'delivered' }];
    const { endedAt } = await ended(world);
    await world.watch(3 * hourMs, never);
    const [first = 0, ...later] = world.recipients.triedAt('webhook', endedAt);
    expect(later).toEqual([first + hourMs, first + hourMs + 300_000]);
    expect(entriesLogged(world, 'outbox.delivered')).toEqual([
      expect.objectContaining({ item: 'webhook', attempt: 3 }),
    ]);
  });

  test('that wants no more is not tried again', async () => {
    const world = new World();
    world.recipients.deliveries = [{ type: 'refused' }];
    const { endedAt } = await ended(world);
    await world.watch(100_000, never);
    expect(world.recipients.notices).toHaveLength(1);
    expect(entriesLogged(world, 'outbox.given_up')).toEqual([
      expect.objectContaining({ item: 'webhook', outcome: 'refused' }),
    ]);
    expect(world.disk.alarm).toBe(endedAt + retention.unstoredMs);
  });

  test('goes on being tried where a lost object left off', async () => {
    const world = new World({ retention: days });
    world.recipients.deliveries = [failed()];
    const { endedAt } = await ended(world);
    for (let hour = 0; hour < 20; hour++) {
      await world.watch(hourMs, never);
      world.crash();
    }
    expect(world.recipients.triedAt('webhook', endedAt)).toHaveLength(7);
  });
});

describe('a run that is deleted', () => {
  /** Deletes it, and gives the outcome with what was tried for it, in order. */
  async function deleted(world: World, withinMs = 1_000) {
    const before = world.recipients.tries.length;
    let outcome: Deletion | 'waiting' = 'waiting';
    void world.run.delete(account).then((answer) => {
      outcome = answer;
    });
    await world.watch(withinMs, () => outcome !== 'waiting');
    return { outcome, tried: world.recipients.tries.slice(before).map(({ item }: Try) => item) };
  }

  test('while it goes on is settled, gives no notice and leaves nothing in the cache', async () => {
    const world = new World();
    world.start(order());
    await world.time.pass(30);
    expect(await deleted(world)).toEqual({ outcome: 'removed', tried: ['removal'] });
    expect(world.recipients.settled).toMatchObject({ status: 'cancelled', passes: [{ id: 'draft', charged: true }] });
    await world.watch(100_000, never);
    expect(world.recipients.tries).toHaveLength(1);
    expect(world.recipients.forgotten).toEqual([runId]);
    expect(world.disk.committed).toEqual(removed);
  });

  test('after its end is taken out of the cache', async () => {
    const world = new World();
    await ended(world);
    await world.watch(1_000, never);
    expect(world.recipients.entries.size).toBe(1);
    expect(await deleted(world)).toEqual({ outcome: 'removed', tried: ['removal'] });
    expect(world.recipients.entries.size).toBe(0);
  });

  test('is still there when its answer cannot be taken out of the cache', async () => {
    const world = new World();
    await ended(world);
    await world.watch(1_000, never);
    world.recipients.manners.removal = 'throws';
    expect((await deleted(world)).outcome).toBe('still_cached');
    expect(world.run.read(account)?.status).toBe('completed');
    world.recipients.manners.removal = 'takes';
    expect((await deleted(world)).outcome).toBe('removed');
    expect(world.recipients.entries.size).toBe(0);
  });

  test('waits for its entry being written, and takes it out then', async () => {
    const world = new World();
    world.recipients.manners.cacheEntry = 500;
    await ended(world);
    await world.time.pass(30);
    expect(await deleted(world)).toEqual({ outcome: 'removed', tried: ['removal'] });
    await world.watch(10_000, never);
    expect(world.recipients.entries.size).toBe(0);
  });

  test('waits for no webhook, whose answer changes nothing any more', async () => {
    const world = new World();
    world.recipients.manners.webhook = 5_000;
    await ended(world);
    await world.watch(100, never);
    expect((await deleted(world)).outcome).toBe('removed');
    await world.watch(100_000, never);
    expect(world.recipients.notices).toHaveLength(1);
    expect(world.disk.committed).toEqual(removed);
  });

  test('is deleted by each who deletes it at the same time, alarms going off meanwhile', async () => {
    const world = new World();
    Object.assign(world.recipients.manners, { cacheEntry: 100, webhook: 100, removal: 100 });
    world.start(order());
    await world.time.pass(60);
    const both = Promise.all([world.run.delete(account), world.run.delete(account)]);
    for (let time = 0; time < 30; time++) {
      world.ring();
      await world.time.pass(10);
    }
    expect(await both).toEqual(['removed', 'removed']);
    expect(world.recipients.tries.map(({ item }) => item)).toEqual(['removal']);
    await world.watch(100_000, never);
    expect(world.disk.committed).toEqual(removed);
  });

  test('is deleted on being asked again when its object was lost meanwhile, settled as before', async () => {
    for (let at = 0; at < 60; at += 2) {
      const world = new World({ commitMs: 3 });
      world.recipients.manners.removal = 10;
      world.start(order());
      await world.time.pass(60);
      void world.run.delete(account);
      await world.time.pass(at);
      world.crash();
      const again = world.run.delete(account);
      await world.time.pass(2_000);
      expect(['removed', 'absent']).toContain(await again);
      expect(world.disk.committed).toEqual(removed);
      expect(world.recipients.settled).toMatchObject({ status: 'cancelled' });
      expect(world.recipients.contradictions).toEqual([]);
    }
  });
});
