/** How large the rows of runs become: a Durable Object takes 2 MB a row. */
import { expect, test } from 'vitest';
import type { LogEntry } from '../../src/errors.ts';
import { RunRows } from '../../src/run-rows.ts';
import { madeUpKey } from '../support/made-up-key.ts';
import { noon } from './account-world.ts';
import { freshStorage } from './fresh-storage.ts';

/** Three bytes a letter in UTF-8. */
const letters = (count: number): string => '日'.repeat(count);

test.each([
  ['nearly all that fits into a row', 590_000, 1_000],
  ['that fits into a row, of a request as large as any', 500_000, 349_000],
])('a run that is over at once, with a log %s, makes no row of more than 2 MB', (_, ofLog, ofSpec) => {
  const storage = freshStorage();
  const rows = new RunRows(storage, { now: () => noon, log: () => {}, after: () => () => {} });
  const insertion = { held_tokens: 1, held_nanodollars: 1, expires_at: noon, single_flight: null, stored: 0 };
  rows.insert({ id: 'run', key_id: madeUpKey().caller.key, admitted_at: noon, ...insertion }, 200, () => {});
  rows.change('run', { spec: letters(ofSpec), ended_at: noon + 1, status: 'completed', passes: '[]' }, 200);
  const text = JSON.stringify({ text: letters(ofLog) });
  rows.append('run', { first: 1, reservedTo: 1, text }, 200, () => {});
  rows.flush();
  const [row] = storage.sql
    .exec<{ bytes: number }>(
      "SELECT coalesce(octet_length(spec), 0) + coalesce(octet_length(events), 0) AS bytes FROM run WHERE id = 'run'",
    )
    .toArray();
  expect(row?.bytes).toBeLessThan(2_000_000);
  expect(rows.log('run', 1)?.text).toBe(`[${text}]`);
});

test('what waits is stored in time where the clock steps back', () => {
  const storage = freshStorage();
  const timers: { readonly at: number; readonly work: () => void }[] = [];
  let [wall, passed] = [noon, 0];
  const after = (milliseconds: number, work: () => void) => {
    const timer = { at: passed + milliseconds, work };
    timers.push(timer);
    return () => void timers.splice(timers.indexOf(timer), 1);
  };
  const rows = new RunRows(storage, { now: () => wall, log: () => {}, after });
  const insertion = { held_tokens: 1, held_nanodollars: 1, expires_at: noon, single_flight: null, stored: 0 };
  let isWritten = false;
  rows.insert({ id: 'run', key_id: madeUpKey().caller.key, admitted_at: noon, ...insertion }, 200, () => {
    isWritten = true;
  });
  wall -= 3_600_000;
  for (passed = 1; passed <= 1_000; passed += 1) for (const { at, work } of [...timers]) if (at === passed) work();
  expect(isWritten).toBe(true);
});

test('what goes wrong as one run is told that it is stored keeps the others from nothing', () => {
  const logged: string[] = [];
  const log = ({ event }: LogEntry) => void logged.push(event);
  const rows = new RunRows(freshStorage(), { now: () => noon, log, after: () => () => {} });
  const insertion = { held_tokens: 1, held_nanodollars: 1, expires_at: noon, single_flight: null, stored: 0 };
  const told: string[] = [];
  for (const id of ['broken', 'good']) {
    rows.insert({ id, key_id: madeUpKey().caller.key, admitted_at: noon, ...insertion }, 0, () => {
      if (id === 'broken') throw new Error('broken');
      told.push(id);
    });
  }
  rows.flushAll();
  expect(told).toEqual(['good']);
  expect(logged).toEqual(['run.untold']);
});
