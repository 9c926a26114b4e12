/** How large the rows of runs become: a Durable Object takes 2 MB a row. */
import { expect, test } from 'vitest';
import type { LogEntry } from '../../src/errors.ts';
import type { ReflectionEvent } from '../../src/reflection/events.ts';
import type { NewRun } from '../../src/run-row.ts';
import { RunRows } from '../../src/run-rows.ts';
import { madeUpKey } from '../support/made-up-key.ts';
import { SqliteDisk } from '../support/sqlite-disk.ts';
import { noon } from './account-world.ts';
import { freshStorage } from './fresh-storage.ts';

const delta = (text: string): ReflectionEvent => ({
  id: 1,
  reflection_id: 'run',
  at: '2026-11-23T12:00:00.000Z',
  type: 'pass.delta',
  pass: 'draft',
  attempt: 1,
  offset: 0,
  text,
});

/** Three bytes a letter in UTF-8. */
const letters = (count: number): string => '日'.repeat(count);

/** A run as it is admitted, with 9 tokens and nanodollars set aside. */
function admitted(id: string): NewRun {
  return {
    id,
    key_id: madeUpKey().caller.key,
    admitted_at: noon,
    held_tokens: 9,
    held_nanodollars: 9,
    expires_at: noon,
    single_flight: null,
    stored: 0,
    member: null,
  };
}

test.each([
  ['nearly all that fits into a row', 590_000, 1_000],
  ['that fits into a row, of a request as large as any', 500_000, 349_000],
])('a run that is over at once, with a log %s, makes no row of more than 2 MB', (_, ofLog, ofSpec) => {
  const storage = freshStorage();
  const rows = new RunRows(storage, { now: () => noon, log: () => {}, after: () => () => {} });
  rows.insert(admitted('run'), 200, () => {});
  rows.change('run', { spec: letters(ofSpec), ended_at: noon + 1, status: 'completed', passes: '[]' }, 200);
  const event = delta(letters(ofLog));
  rows.append('run', { reservedTo: 1, events: [event] }, 200, () => {});
  rows.flush();
  const [row] = storage.sql
    .exec<{ bytes: number }>(
      "SELECT coalesce(octet_length(spec), 0) + coalesce(octet_length(events), 0) AS bytes FROM run WHERE id = 'run'",
    )
    .toArray();
  expect(row?.bytes).toBeLessThan(2_000_000);
  expect(rows.log('run', 1)?.events).toEqual([event]);
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
  let isWritten = false;
  rows.insert(admitted('run'), 200, () => {
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
  const told: string[] = [];
  for (const id of ['broken', 'good']) {
    rows.insert(admitted(id), 0, () => {
      if (id === 'broken') throw new Error('broken');
      told.push(id);
    });
  }
  rows.flushAll();
  expect(told).toEqual(['good']);
  expect(logged).toEqual(['run.untold']);
});

/** Rows over storage that takes nothing with the word "refused" in it. */
function picky() {
  const seen = { logged: [] as string[], told: [] as string[], commits: 0 };
  const storage = new SqliteDisk().open({
    mayWrite: (values) => {
      if (values.some((value) => String(value).includes('refused'))) throw new Error('string or blob too big');
    },
    wrote: (commit) => commit(),
  });
  const log = ({ event, reflection_id }: LogEntry) => void seen.logged.push(`${event} ${reflection_id}`);
  const rows = new RunRows(storage, { now: () => noon, log, after: () => () => {} });
  rows.alongside({
    write: () => {},
    written: () => {
      seen.commits += 1;
    },
  });
  const insert = (id: string, spec: string): void => {
    const told = (what: string) => () => void seen.told.push(`${what} ${id}`);
    rows.insert(admitted(id), 0, told('admitted'));
    rows.change(id, { spec }, 0);
    rows.append(id, { reservedTo: 1, events: [delta('1')] }, 0, told('stored'), told('given up'));
  };
  const end = (id: string): void =>
    rows.change(id, { ended_at: noon + 1, status: 'completed', used_tokens: 3, passes: '[]' }, 0);
  const stored = () =>
    storage.sql
      .exec<{ id: string; spec: string | null; used_tokens: number | null }>('SELECT id, spec, used_tokens FROM run')
      .toArray()
      .map(({ id, spec, used_tokens }) => [id, spec, used_tokens]);
  return { seen, rows, insert, end, stored };
}

test('an ended run that storage refuses keeps no other from being stored, and of it what it cost is', () => {
  const { seen, rows, insert, end, stored } = picky();
  for (const [id, spec] of [
    ['one', 'taken'],
    ['two', 'refused'],
    ['three', 'taken'],
  ] as const) {
    insert(id, spec);
    end(id);
  }
  rows.flush('three');
  expect(stored()).toEqual([
    ['one', 'taken', 3],
    ['two', null, 3],
    ['three', 'taken', 3],
  ]);
  expect(seen.commits).toBe(1);
  expect(seen.logged).toEqual(['runs.unstored two']);
  expect(seen.told.filter((told) => told.endsWith('two'))).toEqual(['admitted two', 'given up two']);
  expect(rows.waits('two')).toBe(false);
});

test('an ended run whose cost storage refuses as well waits with its cost, and keeps no other from being stored', () => {
  const { rows, insert, end, stored } = picky();
  insert('one', 'taken');
  insert('refused', 'taken');
  end('refused');
  rows.flush('one');
  expect(stored()).toEqual([['one', 'taken', null]]);
  expect(rows.read('refused')).toMatchObject({ status: 'completed', used_tokens: 3, spec: null });
  expect(rows.waits('refused')).toBe(true);
});

test('the removal of a run that storage refuses waits, and keeps no other from being removed', () => {
  let refused = 'nothing';
  const storage = new SqliteDisk().open({
    mayWrite: (values) => {
      if (values.includes(refused)) throw new Error('The disk is full.');
    },
    wrote: (commit) => commit(),
  });
  const rows = new RunRows(storage, { now: () => noon, log: () => {}, after: () => () => {} });
  for (const id of ['one', 'two']) {
    rows.insert(admitted(id), 0, () => {});
    rows.change(id, { spec: 'asked', ended_at: noon + 1, status: 'completed', passes: '[]' }, 0);
  }
  rows.flushAll();
  const specs = () => storage.sql.exec<{ spec: string | null }>('SELECT spec FROM run ORDER BY id').toArray();
  refused = 'two';
  for (const id of ['one', 'two']) rows.clear(id);
  rows.flushAll();
  expect(specs()).toEqual([{ spec: null }, { spec: 'asked' }]);
  refused = 'nothing';
  rows.flushAll();
  expect(specs()).toEqual([{ spec: null }, { spec: null }]);
});

test('a run that goes on and that storage refuses keeps no other from being stored, and is given up before it has a row', () => {
  const { seen, rows, insert, end, stored } = picky();
  insert('one', 'taken');
  insert('two', 'refused');
  rows.flush('one');
  expect(stored()).toEqual([['one', 'taken', null]]);
  expect(seen.told).toEqual(['admitted one', 'stored one', 'given up two']);
  // Whoever gives it up ends it.
  end('two');
  rows.flush();
  expect(stored()).toEqual([
    ['one', 'taken', null],
    ['two', null, 3],
  ]);
  expect(seen.told).toContain('admitted two');
});

test.each([
  ['that has a row', true],
  ['that has no row', false],
])('what a run has set aside since is kept where storage refuses the rest: of one %s', (_, hasRow) => {
  const { seen, rows, insert } = picky();
  insert('one', 'taken');
  insert('two', hasRow ? 'taken' : 'refused');
  if (hasRow) rows.flush('two');
  rows.change('two', { held_tokens: 70, held_nanodollars: 71, meta: 'refused' }, 0);
  rows.append('two', { reservedTo: 1, events: [delta('1')] }, 0, () => {});
  rows.flush('one');
  expect(seen.logged).toEqual(['runs.unstored two']);
  expect(rows.read('two')).toMatchObject({ held_tokens: 70, held_nanodollars: 71, meta: null });
  rows.flush('two');
  expect(rows.waits('two')).toBe(false);
  const spec = hasRow ? 'taken' : null;
  expect(rows.read('two')).toMatchObject({ held_tokens: 70, held_nanodollars: 71, spec, meta: null });
});

test('who stores a run that storage refuses is told so, and nothing is stored beside it', () => {
  const { seen, rows, insert, stored } = picky();
  insert('one', 'taken');
  insert('two', 'refused');
  expect(() => rows.flush('two')).toThrow('too big');
  expect(() => rows.flushAll()).toThrow('too big');
  expect(stored()).toEqual([]);
  expect(seen.commits).toBe(0);
  rows.flush();
  expect(stored()).toEqual([['one', 'taken', null]]);
});

test('where storage takes nothing, everything goes on waiting', () => {
  const { seen, rows, insert, end } = picky();
  rows.alongside({
    write: () => {
      throw new Error('The disk is full.');
    },
    written: () => {},
  });
  insert('one', 'taken');
  end('one');
  expect(() => rows.flush()).toThrow('The disk is full.');
  expect(rows.waits('one')).toBe(true);
  expect(seen.told).toEqual([]);
});
