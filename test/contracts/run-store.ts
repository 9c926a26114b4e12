/** What every store must do that runs are kept in. */
import { describe, expect, test } from 'vitest';
import type { ReflectionEvent } from '../../src/reflection/events.ts';
import { fold } from '../../src/reflection/fold.ts';
import { parseReflectionBody } from '../../src/reflection/request.ts';
import { newRunId } from '../../src/runs/run-id.ts';
import { type RunMeta, type RunSpec, type RunStores, storedEvents } from '../../src/runs/run-store.ts';
import type { RunId } from '../../src/runs/runs.ts';
import { kept, orderOf } from '../support/orders.ts';

const spec: RunSpec = {
  order: orderOf(parseReflectionBody({ input: 'Zwei und zwei? 二加二？ \u0000' }), { cache: kept }),
  roster: { author: [], critic: [], reviser: [], judge: [], escalation: [] },
  nonce: 'nonce',
  startedAt: 1_790_000_000_000,
};

const meta: RunMeta = {
  executions: 2,
  outbox: { cacheEntry: null, webhook: { attempt: 3, at: 1_790_000_000_000 } },
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

const ending: ReflectionEvent = {
  id: 1,
  reflection_id: 'refl_x',
  at: '2026-01-01T00:00:00.000Z',
  type: 'run.completed',
  reflection: fold([]),
};

function runId(number: number): RunId {
  return newRunId('ab'.repeat(32), (count) => new Uint8Array(count).fill(number));
}

/** `use` hands out fresh stores each time it is called, and gives them up afterwards. */
export function describeRunStores(
  name: string,
  use: (work: (stores: RunStores) => void) => void | Promise<void>,
): void {
  describe(name, () => {
    test('an empty store holds nothing', () =>
      use((stores) => {
        const store = stores.of(runId(1));
        expect(store.spec()).toBeUndefined();
        expect(store.meta()).toBeUndefined();
        expect(store.lastBatch()).toBeUndefined();
        expect(store.batchWith(1)).toBeUndefined();
        expect([...storedEvents(store)]).toEqual([]);
      }));

    test('spec and meta are kept apart, and the newest count', () =>
      use((stores) => {
        const store = stores.of(runId(1));
        store.saveSpec(spec);
        expect(store.spec()).toEqual(spec);
        expect(store.meta()).toBeUndefined();
        store.saveMeta({ ...meta, executions: 1 });
        store.saveMeta(meta);
        expect(store.meta()).toEqual(meta);
        expect(store.spec()).toEqual(spec);
      }));

    test('a batch is found by any of its events', () =>
      use((stores) => {
        const store = stores.of(runId(1));
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
      use((stores) => {
        const store = stores.of(runId(1));
        store.saveSpec(spec);
        const long = { events: events(1, 2, '水🙂\u0001'.repeat(600_000)), reservedTo: 2 };
        store.append(long);
        store.append({ events: events(3, 3), reservedTo: 3 });
        expect(store.batchWith(2)).toEqual(long);
        expect(store.lastBatch()?.events).toEqual(events(3, 3));
      }));

    test('a cleared store is empty, and can be used again', () =>
      use((stores) => {
        const store = stores.of(runId(1));
        store.saveSpec(spec);
        store.saveMeta(meta);
        store.append({ events: events(1, 3), reservedTo: 3 });
        store.remove();
        expect(store.spec()).toBeUndefined();
        expect(store.meta()).toBeUndefined();
        expect(store.lastBatch()).toBeUndefined();
        store.saveSpec(spec);
        store.append({ events: events(1, 1), reservedTo: 1 });
        expect([...storedEvents(store)]).toEqual(events(1, 1));
      }));

    test('runs share a store and nothing else', () =>
      use((stores) => {
        const [one, other] = [stores.of(runId(1)), stores.of(runId(2))];
        one.saveSpec(spec);
        one.append({ events: events(1, 3), reservedTo: 3 });
        expect(other.spec()).toBeUndefined();
        expect(other.lastBatch()).toBeUndefined();
        other.saveSpec({ ...spec, nonce: 'another' });
        other.append({ events: events(1, 1), reservedTo: 1 });
        one.remove();
        expect(other.spec()).toEqual({ ...spec, nonce: 'another' });
        expect([...storedEvents(other)]).toEqual(events(1, 1));
      }));

    test('a run is unended until its terminal event is stored, and due when it says so afterwards', () =>
      use((stores) => {
        for (const number of [1, 2, 3]) stores.of(runId(number)).saveSpec(spec);
        expect([...stores.unended()].sort()).toEqual([runId(1), runId(2), runId(3)].sort());
        expect(stores.nextDue()).toBeUndefined();
        for (const [number, due] of [
          [1, 3_000],
          [2, 2_000],
        ] as const) {
          stores.of(runId(number)).append({ events: [ending], reservedTo: 1 });
          stores.of(runId(number)).saveDue(due);
        }
        expect(stores.unended()).toEqual([runId(3)]);
        expect(stores.nextDue()).toBe(2_000);
        expect(stores.due(1_999, 10)).toEqual([]);
        expect(stores.due(3_000, 10)).toEqual([runId(2), runId(1)]);
        expect(stores.due(3_000, 1)).toEqual([runId(2)]);
        stores.of(runId(2)).remove();
        expect(stores.nextDue()).toBe(3_000);
      }));
  });
}
