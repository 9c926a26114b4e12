/** The ports to where an object keeps its runs. One SQLite database in service and in tests. */
import type { ReflectionEvent } from '../reflection/events.ts';
import type { Roster } from '../reflection/model.ts';
import type { Outbox } from './outbox.ts';
import type { Feedback, RunId, RunOrder } from './runs.ts';

/** What a run must be given again to go on after a loss: it may be long, and is stored once. Everything else is in its log or its meta. */
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
  /** What the run's channel noted of what it posted; null at first. */
  readonly notes: string | null;
}

/** Events stored together: one row, unless they are very long. */
export interface Batch {
  readonly events: readonly ReflectionEvent[];
  /** Readers may have seen events up to this id, though no row holds them. Never less than the last event's id. */
  readonly reservedTo: number;
}

/** What one run has stored. What is saved here is seen at once, and stored for good with the next group of writes. */
export interface RunStore {
  /** Undefined when nothing was ever stored of this run, or it was removed. */
  spec(): RunSpec | undefined;
  /** Begins the run. `order`: the spec's, as JSON, where that is known. */
  saveSpec(spec: RunSpec, order?: string): void;
  /** The newest meta; undefined when none was saved. */
  meta(): RunMeta | undefined;
  saveMeta(meta: RunMeta): void;

  /**
   * Adds events that follow the last one, to be stored within so many milliseconds. `stored` is told once they are; `refused`, where storage refuses this run
   * alone: what waits of it is given up then, and of an ended run nothing is left but what it has cost.
   */
  append(batch: Batch, withinMs: number, stored: () => void, refused?: (error: unknown) => void): void;
  /** The stored batch that holds the event numbered `id`, or undefined when the log ends before it. */
  batchWith(id: number): Batch | undefined;
  lastBatch(): Batch | undefined;
  /** Removes everything but what the run has cost. */
  remove(): void;
  /** When an ended run wants to be woken, in epoch milliseconds; null where only its time is to run out. */
  saveDue(epochMs: number | null): void;
  /** Whether something that was saved of this run is not stored. */
  readonly waits: boolean;
  /** Stores now all that was saved of this run. Throws where storage refuses; what was saved stays, and is tried again. */
  flush(): void;
  /** Stores what should have been stored a while ago, of whichever run. Never throws. */
  flushIfLate(): void;
}

export interface ExpiredRun {
  readonly id: RunId;
  /** Epoch milliseconds. */
  readonly endedAt: number;
}

/** What all runs of an object have stored. */
export interface RunStores {
  of(run: RunId): RunStore;
  /** Runs that have not ended. */
  unended(): readonly RunId[];
  /** Ended runs that are due, the longest due first. */
  due(nowMs: number, most: number): readonly RunId[];
  /** Epoch milliseconds at which the next of these is due. */
  nextDue(): number | undefined;
  /** Ended runs that wait for nothing but their removal, ended at this moment or before; the longest ended first. */
  expired(endedBy: number, most: number): readonly ExpiredRun[];
  /** Runs that ended by then were looked at, and need not be again. */
  sweptTo(endedBy: number): void;
  /** Epoch milliseconds of the earliest end that was not looked at. */
  oldestEnd(): number | undefined;
  /** How often something was stored. */
  readonly commits: number;
  /** Stores all that waits, of whichever run. Throws where storage refuses; it is tried again later. */
  flush(): void;
}

/** What the object does for each of its runs. */
export interface RunHost {
  /** Settles once everything that the stores' commits hold so far would survive a crash. */
  confirmed(): Promise<void>;
  /** Wakes a run that goes on at this moment, in epoch milliseconds, in place of the one named before. After a crash it is woken whatever was said. */
  wakeAt(epochMs: number): void;
  /** Wakes an ended run at this moment; null: it is removed with others when its time is over. */
  dueAt(epochMs: number | null): void;
  /** As `dueAt`, where the run's row says so already. */
  isDueAt(epochMs: number | null): void;
  /** Does `work` after so many milliseconds, in this instance of the object only. The answer takes it back. */
  after(milliseconds: number, work: () => void): () => void;
  /** As `after`, for limits that are seldom reached: they share a timer. */
  limit(milliseconds: number, work: () => void): () => void;
  /** Does `work` when held frames of whichever run leave next, within 10 ms. */
  atNextFrame(work: () => void): void;
  /** Keeps the object in memory, as far as it can be, until `work` has settled. */
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
