/** The runs that an object's rows hold when all has come to rest. */
import type { ObjectStorage } from '../../src/object-storage.ts';
import { unpackEvents } from '../../src/packed-events.ts';
import type { RunRow } from '../../src/run-row.ts';
import { RunRows } from '../../src/run-rows.ts';

export interface RestingRun {
  readonly run: string;
  /** Epoch milliseconds; null for a run that goes on. */
  readonly endedAt: number | null;
  /** When it is to be woken, in epoch milliseconds; null where it is only to be removed in its time. */
  readonly dueAt: number | null;
  /** How many events its log holds. */
  readonly events: number;
}

export function restingRuns(storage: ObjectStorage): RestingRun[] {
  // Makes the tables where nobody has asked for the object yet.
  new RunRows(storage, { now: () => 0, log: () => {}, after: () => () => {} });
  const { sql } = storage;
  const counts = new Map<string, number>();
  for (const { run, events } of sql.exec<{ run: string; events: string }>('SELECT run, events FROM log')) {
    counts.set(run, (counts.get(run) ?? 0) + unpackEvents(run, events).length);
  }
  return sql
    .exec<RunRow>('SELECT * FROM run WHERE spec IS NOT NULL ORDER BY id')
    .toArray()
    .map(({ id, ended_at, due_at, events }) => ({
      run: id,
      endedAt: ended_at,
      dueAt: due_at,
      events: events === null ? (counts.get(id) ?? 0) : unpackEvents(id, events).length,
    }));
}
