/** The runs that an object's rows hold when all has come to rest. */
import { z } from 'zod';
import type { ObjectStorage } from '../../src/object-storage.ts';
import { SqliteRunStores } from '../../src/runs/sqlite-run-store.ts';

export interface RestingRun {
  readonly run: string;
  readonly hasEnded: boolean;
  /** When it is to be woken, in epoch milliseconds; null for never. */
  readonly dueAt: number | null;
  /** How many events its log holds. */
  readonly events: number;
}

const idsOfEvents = z.array(z.object({ id: z.number() }));

export function restingRuns(storage: ObjectStorage): RestingRun[] {
  // Makes the tables where nobody has asked for the object yet.
  new SqliteRunStores(storage);
  const { sql } = storage;
  const counts = new Map<string, number>();
  for (const { run, events } of sql.exec<{ run: string; events: string }>('SELECT run, events FROM log')) {
    counts.set(run, (counts.get(run) ?? 0) + idsOfEvents.parse(JSON.parse(events)).length);
  }
  return sql
    .exec<{ id: string; ended: number; due_at: number | null }>('SELECT id, ended, due_at FROM run ORDER BY id')
    .toArray()
    .map(({ id, ended, due_at }) => ({
      run: id,
      hasEnded: ended === 1,
      dueAt: due_at,
      events: counts.get(id) ?? 0,
    }));
}
