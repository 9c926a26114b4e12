/** One instance of the object that hosts a world's run: its storage, its timers, its commits; all of them end with it. */
import { isTerminal, type ReflectionEvent } from '../../src/reflection/events.ts';
import type { RunsHost } from '../../src/runs/hosted-runs.ts';
import type { Batch, RunMeta, RunSpec, RunStore, RunStores } from '../../src/runs/run-store.ts';
import type { RunId } from '../../src/runs/runs.ts';
import { SqliteRunStores } from '../../src/runs/sqlite-run-store.ts';
import { SqliteDisk } from '../support/sqlite-disk.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What would survive a crash now. */
export interface Committed {
  readonly spec: RunSpec | undefined;
  readonly meta: RunMeta | undefined;
  readonly batches: readonly Batch[];
}

export const nothingCommitted: Committed = { spec: undefined, meta: undefined, batches: [] };

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
    return isTerminal(this.events.at(-1)?.type ?? '');
  }
}

export class ObjectInstance {
  readonly stores: RunStores;
  readonly store: RunStore;
  /** Set to make storage refuse. */
  full = false;
  /** How many commits there were: one for each turn of the event loop that wrote. */
  commits = 0;
  readonly #disk: ObjectDisk;
  readonly #time: VirtualTime;
  readonly #commitMs: number;
  readonly #timers = new Set<() => void>();
  readonly #atomically: (work: () => void) => void;
  /** What this turn of the event loop has written: committed at once, apart from what later turns write. */
  #turn: (() => void)[] | undefined;
  #confirmed: Promise<void> = Promise.resolve();
  #isLost = false;

  constructor(disk: ObjectDisk, run: RunId, time: VirtualTime, commitMs: number) {
    this.#disk = disk;
    this.#time = time;
    this.#commitMs = commitMs;
    const storage = disk.sqlite.open({
      mayWrite: () => {
        if (this.full) throw new Error('The disk is full.');
      },
      wrote: (commit) => this.committed(commit),
    });
    this.#atomically = (work) => storage.transactionSync(work);
    const stores = new SqliteRunStores(storage);
    const store = stores.of(run);
    this.store = store;
    // The same one for whoever asks, so that a test may stand in its way.
    this.stores = {
      of: () => store,
      unended: () => stores.unended(),
      due: (now, most) => stores.due(now, most),
      nextDue: () => stores.nextDue(),
    };
  }

  get host(): Omit<RunsHost, 'wakeAt'> & { setAlarm(epochMs: number | undefined): void } {
    return {
      atomically: this.#atomically,
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
    const batches: Batch[] = [];
    for (let batch = this.store.batchWith(1); batch; ) {
      batches.push(batch);
      batch = this.store.batchWith((batch.events.at(-1)?.id ?? 0) + 1);
    }
    return { spec: this.store.spec(), meta: this.store.meta(), batches };
  }
}
