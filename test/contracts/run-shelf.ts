/** What every shelf must do that a run lives on. */
import { describe, expect, test } from 'vitest';
import type { ReflectionEvent } from '../../src/reflection/events.ts';
import { parseReflectionBody } from '../../src/reflection/request.ts';
import { type RunFacts, type RunNotes, type RunShelf, storedEvents } from '../../src/runs/run-shelf.ts';
import { kept, orderOf } from '../support/orders.ts';

const facts: RunFacts = {
  order: orderOf(parseReflectionBody({ input: 'Zwei und zwei? 二加二？ \u0000' }), { cache: kept }),
  roster: { author: [], critic: [], reviser: [], judge: [], escalation: [] },
  nonce: 'nonce',
  startedAt: 1_790_000_000_000,
};

const notes: RunNotes = {
  lives: 2,
  debts: { settlement: null, cacheEntry: null, webhook: { attempt: 3, at: 1_790_000_000_000 } },
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

/** `use` hands out a fresh shelf each time it is called, and gives it up afterwards. */
export function describeRunShelf(name: string, use: (work: (shelf: RunShelf) => Promise<void>) => Promise<void>): void {
  describe(name, () => {
    test('a shelf that was made ready holds nothing, and takes what comes', () =>
      use(async (shelf) => {
        shelf.prepare();
        shelf.prepare();
        await shelf.confirmed();
        expect(shelf.facts()).toBeUndefined();
        expect(shelf.lastBatch()).toBeUndefined();
        shelf.keep(facts);
        await shelf.confirmed();
        expect(shelf.facts()).toEqual(facts);
      }));

    test('a shelf that is cleared with a mark holds nothing else, until it is cleared again', () =>
      use(async (shelf) => {
        shelf.keep(facts);
        expect(shelf.markedUntil()).toBeUndefined();
        const until = Date.now() + 60_000;
        await shelf.clear(until);
        expect(shelf.markedUntil()).toBe(until);
        expect(shelf.facts()).toBeUndefined();
        await shelf.clear();
        expect(shelf.markedUntil()).toBeUndefined();
      }));

    test('an empty shelf holds nothing', () =>
      use(async (shelf) => {
        expect(shelf.facts()).toBeUndefined();
        expect(shelf.notes()).toBeUndefined();
        expect(shelf.lastBatch()).toBeUndefined();
        expect(shelf.batchWith(1)).toBeUndefined();
        expect([...storedEvents(shelf)]).toEqual([]);
        await shelf.confirmed();
      }));

    test('facts and notes are kept apart, and the newest count', () =>
      use(async (shelf) => {
        shelf.keep(facts);
        expect(shelf.facts()).toEqual(facts);
        expect(shelf.notes()).toBeUndefined();
        shelf.note({ ...notes, lives: 1 });
        shelf.note(notes);
        expect(shelf.notes()).toEqual(notes);
        expect(shelf.facts()).toEqual(facts);
        shelf.keep({ ...facts, nonce: 'another' });
        expect(shelf.facts()).toEqual({ ...facts, nonce: 'another' });
        expect(shelf.notes()).toEqual(notes);
        await shelf.confirmed();
      }));

    test('a batch is found by any of its events', () =>
      use(async (shelf) => {
        shelf.keep(facts);
        const [first, second] = [
          { events: events(1, 3), reservedTo: 35 },
          { events: events(4, 4), reservedTo: 4 },
        ];
        shelf.append(first);
        shelf.append(second);
        for (const id of [1, 2, 3]) expect(shelf.batchWith(id)).toEqual(first);
        expect(shelf.batchWith(4)).toEqual(second);
        expect(shelf.batchWith(5)).toBeUndefined();
        expect(shelf.lastBatch()).toEqual(second);
        expect([...storedEvents(shelf)]).toEqual(events(1, 4));
      }));

    test('a batch may be longer than a row can be', () =>
      use(async (shelf) => {
        shelf.keep(facts);
        const long = { events: events(1, 2, '水🙂\u0001'.repeat(600_000)), reservedTo: 2 };
        shelf.append(long);
        shelf.append({ events: events(3, 3), reservedTo: 3 });
        expect(shelf.batchWith(2)).toEqual(long);
        expect(shelf.lastBatch()?.events).toEqual(events(3, 3));
        await shelf.confirmed();
      }));

    test('a cleared shelf is empty, and can be used again', () =>
      use(async (shelf) => {
        shelf.keep(facts);
        shelf.note(notes);
        shelf.append({ events: events(1, 3), reservedTo: 3 });
        shelf.wakeAt(Date.now() + 100_000);
        await shelf.clear();
        expect(shelf.facts()).toBeUndefined();
        expect(shelf.notes()).toBeUndefined();
        expect(shelf.lastBatch()).toBeUndefined();
        shelf.keep(facts);
        shelf.append({ events: events(1, 1), reservedTo: 1 });
        expect([...storedEvents(shelf)]).toEqual(events(1, 1));
      }));

    test('work put off is done later, unless it is taken back', () =>
      use(async (shelf) => {
        const done: string[] = [];
        const takeBack = shelf.after(1, () => done.push('taken back'));
        const waited = new Promise<void>((resolve) => {
          shelf.after(2, () => {
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
