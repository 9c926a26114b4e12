/** What every store must do that runs are kept in. */
import { describe, expect, test } from 'vitest';
import type { ReflectionEvent } from '../../src/reflection/events.ts';
import { parseReflectionBody } from '../../src/reflection/request.ts';
import { type RunMeta, type RunSpec, type RunStore, storedEvents } from '../../src/runs/run-store.ts';
import { kept, orderOf } from '../support/orders.ts';

const spec: RunSpec = {
  order: orderOf(parseReflectionBody({ input: 'Zwei und zwei? 二加二？ \u0000' }), { cache: kept }),
  roster: { author: [], critic: [], reviser: [], judge: [], escalation: [] },
  nonce: 'nonce',
  startedAt: 1_790_000_000_000,
};

const meta: RunMeta = {
  executions: 2,
  outbox: { settlement: null, cacheEntry: null, webhook: { attempt: 3, at: 1_790_000_000_000 } },
  feedback: { rating: 'down', comment: 'Nö 🙂', preferred_output: null, created_at: 1_790_000_000 },
};

/** Deltas numbered so; the text of each is so long. */
function events(from: number, to: number, text = 'wörd 🙂 '): ReflectionEvent[] {
  return Array.from({ length: to - from + 1 }, (_, index) => ({
    id: from + index,
    reflection_id: 'refl_x',
    at: '2026-01-01T00:00:00.000Z',
    type: 'pass.delta',
    pass: 'draft',
    attempt: 1,
    offset: 0,
    text,
  }));
}

/** `use` hands out a fresh store each time it is called, and gives it up afterwards. */
export function describeRunStore(name: string, use: (work: (store: RunStore) => Promise<void>) => Promise<void>): void {
  describe(name, () => {
    test('a store that was made ready holds nothing, and takes what comes', () =>
      use(async (store) => {
        store.prepare();
        store.prepare();
        await store.confirmed();
        expect(store.spec()).toBeUndefined();
        expect(store.lastBatch()).toBeUndefined();
        store.saveSpec(spec);
        await store.confirmed();
        expect(store.spec()).toEqual(spec);
      }));

    test('a store that is cleared with a mark holds nothing else, until it is cleared again', () =>
      use(async (store) => {
        store.saveSpec(spec);
        expect(store.markedUntil()).toBeUndefined();
        const until = Date.now() + 60_000;
        await store.clear(until);
        expect(store.markedUntil()).toBe(until);
        expect(store.spec()).toBeUndefined();
        await store.clear();
        expect(store.markedUntil()).toBeUndefined();
      }));

    test('an empty store holds nothing', () =>
      use(async (store) => {
        expect(store.spec()).toBeUndefined();
        expect(store.meta()).toBeUndefined();
        expect(store.lastBatch()).toBeUndefined();
        expect(store.batchWith(1)).toBeUndefined();
        expect([...storedEvents(store)]).toEqual([]);
        await store.confirmed();
      }));

    test('spec and meta are kept apart, and the newest count', () =>
      use(async (store) => {
        store.saveSpec(spec);
        expect(store.spec()).toEqual(spec);
        expect(store.meta()).toBeUndefined();
        store.saveMeta({ ...meta, executions: 1 });
        store.saveMeta(meta);
        expect(store.meta()).toEqual(meta);
        expect(store.spec()).toEqual(spec);
        store.saveSpec({ ...spec, nonce: 'another' });
        expect(store.spec()).toEqual({ ...spec, nonce: 'another' });
        expect(store.meta()).toEqual(meta);
        await store.confirmed();
      }));

    test('a batch is found by any of its events', () =>
      use(async (store) => {
        store.saveSpec(spec);
        const [first, second] = [
          { events: events(1, 3), reservedTo: 35 },
          { events: events(4, 4), reservedTo: 4 },
        ];
        store.append(first);
        store.append(second);
        for (const id of [1, 2, 3]) expect(store.batchWith(id)).toEqual(first);
        expect(store.batchWith(4)).toEqual(second);
        expect(store.batchWith(5)).toBeUndefined();
        expect(store.lastBatch()).toEqual(second);
        expect([...storedEvents(store)]).toEqual(events(1, 4));
      }));

    test('a batch may be longer than a row can be', () =>
      use(async (store) => {
        store.saveSpec(spec);
        const long = { events: events(1, 2, '水🙂\u0001'.repeat(600_000)), reservedTo: 2 };
        store.append(long);
        store.append({ events: events(3, 3), reservedTo: 3 });
        expect(store.batchWith(2)).toEqual(long);
        expect(store.lastBatch()?.events).toEqual(events(3, 3));
        await store.confirmed();
      }));

    test('a cleared store is empty, and can be used again', () =>
      use(async (store) => {
        store.saveSpec(spec);
        store.saveMeta(meta);
        store.append({ events: events(1, 3), reservedTo: 3 });
        store.wakeAt(Date.now() + 100_000);
        await store.clear();
        expect(store.spec()).toBeUndefined();
        expect(store.meta()).toBeUndefined();
        expect(store.lastBatch()).toBeUndefined();
        store.saveSpec(spec);
        store.append({ events: events(1, 1), reservedTo: 1 });
        expect([...storedEvents(store)]).toEqual(events(1, 1));
      }));

    test('work put off is done later, unless it is taken back', () =>
      use(async (store) => {
        const done: string[] = [];
        const takeBack = store.after(1, () => done.push('taken back'));
        const waited = new Promise<void>((resolve) => {
          store.after(2, () => {
            done.push('done');
            resolve();
          });
        });
        takeBack();
        expect(done).toEqual([]);
        await waited;
        expect(done).toEqual(['done']);
      }));
  });
}
