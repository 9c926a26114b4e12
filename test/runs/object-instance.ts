/** One instance of the object that hosts a world's run: its storage, its timers, its commits; all of them end with it. */

import type { ObjectStorage } from '../../src/object-storage.ts';
import { unpackEvents } from '../../src/packed-events.ts';
import type { ReflectionEvent } from '../../src/reflection/events.ts';
import type { RunRow } from '../../src/run-row.ts';
import { RunRows } from '../../src/run-rows.ts';
import type { RunsHost } from '../../src/runs/hosted-runs.ts';
import type { Batch, RunMeta, RunSpec, RunStore, RunStores } from '../../src/runs/run-store.ts';
import type { RunId } from '../../src/runs/runs.ts';
import { SqliteRunStores } from '../../src/runs/sqlite-run-store.ts';
import { SqliteDisk } from '../support/sqlite-disk.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What would survive a crash now, of the one run. */
export interface Committed {
  readonly spec: RunSpec | undefined;
  readonly meta: RunMeta | undefined;
  readonly batches: readonly Batch[];
  readonly hasEnded: boolean;
}

export const nothingCommitted: Committed = { spec: undefined, meta: undefined, batches: [], hasEnded: false };

/** What the object's instances share. */
export class ObjectDisk {
  readonly sqlite = new SqliteDisk();
  committed: Committed = nothingCommitted;
  /** Epoch milliseconds; undefined for none. */
  alarm: number | undefined;

  get events(): ReflectionEvent[] {
    return this.committed.batches.flatMap(({ events }) => events);
  }

  get isEmpty(): boolean {
    return this.committed.spec === undefined && this.committed.batches.length === 0 && this.alarm === undefined;
  }

  get endIsStored(): boolean {
    return this.committed.hasEnded;
  }
}

export class ObjectInstance {
  readonly stores: RunStores;
  readonly store: RunStore;
  readonly rows: RunRows;
  /** Set to make storage refuse. */
  full = false;
  /** Set to make storage refuse every value that has this text in it. */
  refusedText: string | undefined;
  /** How many commits there were: one for each turn of the event loop that wrote. */
  commits = 0;
  readonly #disk: ObjectDisk;
  readonly #storage: ObjectStorage;
  readonly #time: VirtualTime;
  readonly #commitMs: number;
  readonly #timers = new Set<() => void>();
  /** What this turn of the event loop has written: committed at once, apart from what later turns write. */
  #turn: (() => void)[] | undefined;
  #confirmed: Promise<void> = Promise.resolve();
  #isLost = false;
  #isOpen = false;

  constructor(disk: ObjectDisk, run: RunId, time: VirtualTime, commitMs: number) {
    this.#disk = disk;
    this.#time = time;
    this.#commitMs = commitMs;
    this.#storage = disk.sqlite.open({
      mayWrite: (values) => {
        if (this.full) throw new Error('The disk is full.');
        const { refusedText } = this;
        if (refusedText === undefined) return;
        if (values.some((value) => typeof value === 'string' && value.includes(refusedText))) {
          throw new Error('string or blob too big');
        }
      },
      // The tables are there before the test begins.
      wrote: (commit) => (this.#isOpen ? this.committed(commit) : commit()),
    });
    this.rows = new RunRows(this.#storage, {
      now: time.now,
      log: () => {},
      after: (milliseconds, work) => this.#after(milliseconds, work),
    });
    const stores = new SqliteRunStores(this.#storage.sql, this.rows);
    const store = stores.of(run);
    this.store = store;
    // The same one for whoever asks, so that a test may stand in its way.
    this.stores = {
      of: () => store,
      unended: () => stores.unended(),
      due: (now, most) => stores.due(now, most),
      nextDue: () => stores.nextDue(),
      expired: (endedBy, most) => stores.expired(endedBy, most),
      sweptTo: (endedBy) => stores.sweptTo(endedBy),
      oldestEnd: () => stores.oldestEnd(),
      get commits() {
        return stores.commits;
      },
      flush: () => stores.flush(),
    };
    this.#isOpen = true;
  }

  get host(): Omit<RunsHost, 'wakeAt'> & { setAlarm(epochMs: number | undefined): void } {
    return {
      confirmed: () => this.#confirmed,
      after: (milliseconds, work) => this.#after(milliseconds, work),
      keepAlive: () => {},
      setAlarm: (epochMs) =>
        this.committed(() => {
          this.#disk.alarm = epochMs;
        }),
    };
  }

  /** Happens when what this turn writes is committed. */
  committed(work: () => void): void {
    if (this.#isLost) return;
    if (this.#turn) {
      this.#turn.push(work);
      return;
    }
    const turn = [work];
    this.#turn = turn;
    this.commits += 1;
    setImmediate(() => {
      this.#turn = undefined;
    });
    this.#confirmed = new Promise((resolve) => {
      this.#after(this.#commitMs, () => {
        for (const happens of turn) happens();
        if (!this.#disk.sqlite.hasUncommitted) this.#disk.committed = this.#stored();
        resolve();
      });
    });
  }

  lose(): void {
    this.#isLost = true;
    for (const takeBack of this.#timers) takeBack();
    this.#disk.sqlite.lose();
  }

  #after(milliseconds: number, work: () => void): () => void {
    if (this.#isLost) return () => {};
    const takeBack = this.#time.after(milliseconds, work);
    this.#timers.add(takeBack);
    return () => {
      takeBack();
      this.#timers.delete(takeBack);
    };
  }

  #stored(): Committed {
    const { sql } = this.#storage;
    const [row] = sql.exec<RunRow>('SELECT * FROM run').toArray();
    if (!row) return nothingCommitted;
    const json = (text: string | null) => (text === null ? undefined : JSON.parse(text));
    const whole = row.events === null ? undefined : unpackEvents(row.id, row.events);
    const parts = sql
      .exec<{ reserved_to: number; text: string }>(
        "SELECT reserved_to, group_concat(events, '') AS text FROM (SELECT * FROM log ORDER BY first, part) GROUP BY first",
      )
      .toArray()
      .map(({ reserved_to, text }): Batch => ({ events: unpackEvents(row.id, text), reservedTo: reserved_to }));
    return {
      spec: json(row.spec),
      meta: json(row.meta),
      batches: whole ? [{ events: whole, reservedTo: whole.at(-1)?.id ?? 0 }] : parts,
      hasEnded: row.ended_at !== null,
    };
  }
}

/** What is left of a run that was removed. */
export const removed = { ...nothingCommitted, hasEnded: true };
