/** What every store must do that runs are kept in. */
import { describe, expect, test } from 'vitest';
import type { ReflectionEvent } from '../../src/reflection/events.ts';
import { fold } from '../../src/reflection/fold.ts';
import { parseReflectionBody } from '../../src/reflection/request.ts';
import type { RunRows } from '../../src/run-rows.ts';
import { newRunId } from '../../src/runs/run-id.ts';
import { type ExpiredRun, type RunMeta, type RunSpec, type RunStores, storedEvents } from '../../src/runs/run-store.ts';
import type { RunId } from '../../src/runs/runs.ts';
import { caller } from '../support/callers.ts';
import { kept, orderOf } from '../support/orders.ts';

const spec: RunSpec = {
  order: orderOf(parseReflectionBody({ input: 'Zwei und zwei? 二加二？ \u0000' }), { cache: kept }),
  roster: { author: [], critic: [], reviser: [], judge: [], escalation: [] },
  nonce: 'nonce',
  startedAt: 1_790_000_000_000,
};

const meta: RunMeta = {
  executions: 2,
  outbox: {
    cacheEntry: null,
    webhook: { attempt: 3, at: 1_790_000_000_000 },
    channel: { attempt: 1, at: 1_790_000_000_001 },
  },
  notes: '{"posted":"1.2"}',
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

/** A run as its account inserts it. */
function admit(rows: RunRows, number: number): void {
  rows.insert(
    {
      id: runId(number),
      key_id: caller.key,
      admitted_at: number,
      held_tokens: 1,
      held_nanodollars: 1,
      expires_at: 1_000,
      single_flight: null,
      stored: 0,
      member: null,
    },
    1_000_000,
    () => {},
  );
}

const never = 1_000_000;
const nobody = (): void => {};

/** `use` hands out fresh stores each time it is called, over rows that store nothing until they are told to, and gives them up afterwards. */
export function describeRunStores(
  name: string,
  use: (work: (stores: RunStores, rows: RunRows) => void) => void | Promise<void>,
): void {
  describe(name, () => {
    test('a run of which nothing was saved holds nothing', () =>
      use((stores, rows) => {
        for (const number of [1, 2]) {
          if (number === 2) admit(rows, number);
          const store = stores.of(runId(number));
          expect(store.spec()).toBeUndefined();
          expect(store.meta()).toBeUndefined();
          expect(store.lastBatch()).toBeUndefined();
          expect(store.batchWith(1)).toBeUndefined();
          expect([...storedEvents(store)]).toEqual([]);
        }
      }));

    test.each([
      ['before it is stored', false],
      ['and after', true],
    ])('spec and meta are kept apart, and the newest count, %s', (_, isStored) =>
      use((stores, rows) => {
        admit(rows, 1);
        const store = stores.of(runId(1));
        store.saveSpec(spec);
        if (isStored) store.flush();
        expect(store.spec()).toEqual(spec);
        expect(store.meta()).toBeUndefined();
        store.saveMeta({ ...meta, executions: 1 });
        store.saveMeta(meta);
        if (isStored) store.flush();
        expect(store.meta()).toEqual(meta);
        expect(store.spec()).toEqual(spec);
      }),
    );

    test('what is stored together is a batch, found by any of its events, as is what waits', () =>
      use((stores, rows) => {
        admit(rows, 1);
        const store = stores.of(runId(1));
        store.saveSpec(spec);
        for (const event of events(1, 3)) store.append({ events: [event], reservedTo: 35 }, never, nobody);
        const first = { events: events(1, 3), reservedTo: 35 };
        expect(store.batchWith(2)).toEqual(first);
        store.flush();
        for (const id of [1, 2, 3]) expect(store.batchWith(id)).toEqual(first);
        const second = { events: events(4, 4), reservedTo: 4 };
        store.append(second, never, nobody);
        for (const isStored of [false, true]) {
          if (isStored) store.flush();
          expect(store.batchWith(1)).toEqual(first);
          expect(store.batchWith(4)).toEqual(second);
          expect(store.batchWith(5)).toBeUndefined();
          expect(store.lastBatch()).toEqual(second);
          expect([...storedEvents(store)]).toEqual(events(1, 4));
        }
      }));

    test('whoever saves is told once it is stored, once a time', () =>
      use((stores, rows) => {
        admit(rows, 1);
        const store = stores.of(runId(1));
        let told = 0;
        const tell = (): void => {
          told += 1;
        };
        for (const event of events(1, 3)) store.append({ events: [event], reservedTo: 3 }, never, tell);
        expect(told).toBe(0);
        store.flush();
        expect(told).toBe(1);
        store.flush();
        expect(told).toBe(1);
      }));

    test('a batch may be longer than a row can be', () =>
      use((stores, rows) => {
        admit(rows, 1);
        const store = stores.of(runId(1));
        store.saveSpec(spec);
        const long = { events: events(1, 2, '水🙂\u0001'.repeat(600_000)), reservedTo: 2 };
        store.append(long, never, nobody);
        store.flush();
        store.append({ events: events(3, 3), reservedTo: 3 }, never, nobody);
        store.flush();
        expect(store.batchWith(2)).toEqual(long);
        expect(store.lastBatch()?.events).toEqual(events(3, 3));
      }));

    test('a run that is over before it is stored has its whole log in one batch', () =>
      use((stores, rows) => {
        for (const [number, text] of [
          [1, 'short'],
          [2, '水🙂\u0001'.repeat(600_000)],
        ] as const) {
          admit(rows, number);
          const store = stores.of(runId(number));
          store.saveSpec(spec);
          store.append({ events: events(1, 2, text), reservedTo: 34 }, never, nobody);
          store.append({ events: [{ ...ending, id: 3 }], reservedTo: 3 }, never, nobody);
          end(rows, number);
          store.flush();
          expect(store.batchWith(1)).toEqual({ events: [...events(1, 2, text), { ...ending, id: 3 }], reservedTo: 3 });
          expect(store.lastBatch()?.events.at(-1)).toEqual({ ...ending, id: 3 });
        }
      }));

    test('a removed run holds nothing, whether it was stored or not', () =>
      use((stores, rows) => {
        for (const number of [1, 2]) {
          admit(rows, number);
          const store = stores.of(runId(number));
          store.saveSpec(spec);
          store.saveMeta(meta);
          store.append({ events: events(1, 3), reservedTo: 3 }, never, nobody);
          if (number === 2) store.flush();
          store.remove();
          for (const isStored of [false, true]) {
            if (isStored) store.flush();
            expect(store.spec()).toBeUndefined();
            expect(store.meta()).toBeUndefined();
            expect(store.lastBatch()).toBeUndefined();
          }
        }
      }));

    test('runs share a store and nothing else', () =>
      use((stores, rows) => {
        const [one, other] = [stores.of(runId(1)), stores.of(runId(2))];
        for (const number of [1, 2]) admit(rows, number);
        one.saveSpec(spec);
        one.append({ events: events(1, 3), reservedTo: 3 }, never, nobody);
        expect(other.spec()).toBeUndefined();
        expect(other.lastBatch()).toBeUndefined();
        other.saveSpec({ ...spec, nonce: 'another' });
        other.append({ events: events(1, 1), reservedTo: 1 }, never, nobody);
        one.flush();
        other.flush();
        one.remove();
        one.flush();
        expect(other.spec()).toEqual({ ...spec, nonce: 'another' });
        expect([...storedEvents(other)]).toEqual(events(1, 1));
      }));

    test('a run is unended until its end is stored, and due when it says so afterwards', () =>
      use((stores, rows) => {
        for (const number of [1, 2, 3]) {
          admit(rows, number);
          stores.of(runId(number)).saveSpec(spec);
          stores.of(runId(number)).flush();
        }
        expect([...stores.unended()].sort()).toEqual([runId(1), runId(2), runId(3)].sort());
        expect(stores.nextDue()).toBeUndefined();
        for (const [number, due] of [
          [1, 3_000],
          [2, 2_000],
        ] as const) {
          end(rows, number);
          stores.of(runId(number)).saveDue(due);
          stores.of(runId(number)).flush();
        }
        expect(stores.unended()).toEqual([runId(3)]);
        expect(stores.nextDue()).toBe(2_000);
        expect(stores.due(1_999, 10)).toEqual([]);
        expect(stores.due(3_000, 10)).toEqual([runId(2), runId(1)]);
        expect(stores.due(3_000, 1)).toEqual([runId(2)]);
        stores.of(runId(2)).remove();
        stores.of(runId(2)).flush();
        expect(stores.nextDue()).toBe(3_000);
      }));

    test('a run that waits for nothing but its removal is found by its end, until that was looked at', () =>
      use((stores, rows) => {
        for (const number of [1, 2, 3, 4]) {
          admit(rows, number);
          const store = stores.of(runId(number));
          store.saveSpec(spec);
          if (number < 4) end(rows, number);
          if (number === 2) store.saveDue(9_000);
          store.flush();
        }
        expect(stores.oldestEnd()).toBe(1_000);
        expect(stores.expired(2_000, 10)).toEqual([expired(1)]);
        expect(stores.expired(3_000, 10)).toEqual([expired(1), expired(3)]);
        expect(stores.expired(3_000, 1)).toEqual([expired(1)]);
        stores.sweptTo(2_000);
        expect(stores.oldestEnd()).toBe(3_000);
        expect(stores.expired(3_000, 10)).toEqual([expired(3)]);
        stores.of(runId(3)).remove();
        stores.of(runId(3)).flush();
        expect(stores.expired(3_000, 10)).toEqual([]);
      }));
  });
}

/** The run whose end `end` saves. */
function expired(number: number): ExpiredRun {
  return { id: runId(number), endedAt: number * 1_000 };
}

/** A run's end as its account saves it, at second `number`. */
function end(rows: RunRows, number: number): void {
  rows.change(runId(number), { ended_at: number * 1_000, status: 'completed', passes: '[]' }, never);
}
