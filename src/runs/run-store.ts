/** The port to the place that a run is stored in: its storage, its alarm, its timers. A Durable Object in service, memory and a virtual clock in tests. */
import type { ReflectionEvent } from '../reflection/events.ts';
import type { Roster } from '../reflection/model.ts';
import type { Outbox } from './outbox.ts';
import type { Feedback, RunOrder } from './runs.ts';

/** What a run must be given again to go on after a loss: it may be long, and is stored once. Everything else is in its log, or a note. */
export interface RunSpec {
  readonly order: RunOrder;
  readonly roster: Roster;
  readonly nonce: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
}

/** What changes beside the log, and is short. */
export interface RunMeta {
  /** How often the run was started: 1, and one more for each resumption. */
  readonly executions: number;
  /** What an ended run has still to deliver; null before any of it was delivered. */
  readonly outbox: Outbox | null;
  readonly feedback: Feedback | null;
}

/** Events stored together: one row, unless they are very long. */
export interface Batch {
  readonly events: readonly ReflectionEvent[];
  /** Readers may have seen events up to this id, though no row holds them. Never less than the last event's id. */
  readonly reservedTo: number;
}

export interface RunStore {
  /** Makes what the first rows need, so that storing them takes less. */
  prepare(): void;
  /** Undefined when nothing was ever stored here, or it was cleared. */
  spec(): RunSpec | undefined;
  saveSpec(spec: RunSpec): void;
  /** The newest meta; undefined when none was saved. */
  meta(): RunMeta | undefined;
  saveMeta(meta: RunMeta): void;

  /** Stores events that follow the last stored one. */
  append(batch: Batch): void;
  /** The stored batch that holds the event numbered `id`, or undefined when the log ends before it. */
  batchWith(id: number): Batch | undefined;
  lastBatch(): Batch | undefined;
  /** Settles once everything stored so far would survive a crash. */
  confirmed(): Promise<void>;
  /** Removes everything, the alarm too. Given a moment in epoch milliseconds, a mark of it stays, and the alarm is set to then. */
  clear(markedUntil?: number): Promise<void>;
  /** Until when what was cleared here is marked, in epoch milliseconds; undefined where it is not. */
  markedUntil(): number | undefined;

  /** Sets the one alarm, in epoch milliseconds. It survives a crash. */
  wakeAt(epochMs: number): void;
  /** Does `work` after so many milliseconds, in this instance of the object only. The answer takes it back. */
  after(milliseconds: number, work: () => void): () => void;
  /** Keeps the place in memory, as far as it can be, until `work` has settled. */
  keepAlive(work: Promise<void>): void;
}

/** The stored log from its beginning, batch by batch. */
export function* storedEvents(store: RunStore): Generator<ReflectionEvent> {
  let batch = store.batchWith(1);
  while (batch) {
    yield* batch.events;
    const last = batch.events.at(-1);
    batch = last && store.batchWith(last.id + 1);
  }
}
