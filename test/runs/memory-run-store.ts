/** A run's store in memory, with what matters of a real one: writes are seen at once, survive only once they are committed, and a crash takes the rest. */
import { isTerminal } from '../../src/reflection/events.ts';
import type { Batch, RunMeta, RunSpec, RunStore } from '../../src/runs/run-store.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What a crash leaves. Kept as text, as a real one keeps it. */
export class Disk {
  spec: string | undefined;
  meta: string | undefined;
  markedUntil: number | undefined;
  batches: readonly string[] = [];
  alarm: number | undefined;

  copy(): Disk {
    return Object.assign(new Disk(), this);
  }
}

export const emptyDisk = { spec: undefined, meta: undefined, markedUntil: undefined, batches: [], alarm: undefined };

export class MemoryRunStore implements RunStore {
  readonly #disk: Disk;
  readonly #seen: Disk;
  readonly #time: VirtualTime;
  readonly #commitMs: number;
  readonly #timers = new Set<() => void>();
  /** What this turn of the event loop has written: committed at once, apart from what later turns write. */
  #turn: ((disk: Disk) => void)[] | undefined;
  #committed: Promise<void> = Promise.resolve();
  #crashed = false;
  /** Set to make storage refuse. */
  full = false;
  /** How many commits there were: one for each turn of the event loop that wrote. */
  commits = 0;

  constructor(disk: Disk, time: VirtualTime, commitMs: number) {
    this.#disk = disk;
    this.#seen = disk.copy();
    this.#time = time;
    this.#commitMs = commitMs;
  }

  /** Whether a crash now would leave the run ended. */
  get endIsStored(): boolean {
    const last = this.#disk.batches.at(-1);
    const batch: Batch | undefined = last === undefined ? undefined : JSON.parse(last);
    return isTerminal(batch?.events.at(-1)?.type ?? '');
  }

  crash(): void {
    this.#crashed = true;
    for (const takeBack of this.#timers) takeBack();
  }

  /** Nothing is needed here. */
  prepare(): void {}

  spec(): RunSpec | undefined {
    return this.#seen.spec === undefined ? undefined : JSON.parse(this.#seen.spec);
  }

  saveSpec(spec: RunSpec): void {
    const text = JSON.stringify(spec);
    this.#write((disk) => {
      disk.spec = text;
    });
  }

  meta(): RunMeta | undefined {
    return this.#seen.meta === undefined ? undefined : JSON.parse(this.#seen.meta);
  }

  saveMeta(meta: RunMeta): void {
    const text = JSON.stringify(meta);
    this.#write((disk) => {
      disk.meta = text;
    });
  }

  append(batch: Batch): void {
    const text = JSON.stringify(batch);
    this.#write((disk) => {
      disk.batches = [...disk.batches, text];
    });
  }

  batchWith(id: number): Batch | undefined {
    return this.#batches().find((batch) => batch.events.some((event) => event.id === id));
  }

  lastBatch(): Batch | undefined {
    return this.#batches().at(-1);
  }

  confirmed(): Promise<void> {
    return this.#committed;
  }

  markedUntil(): number | undefined {
    return this.#seen.markedUntil;
  }

  async clear(markedUntil?: number): Promise<void> {
    this.#write((disk) => {
      Object.assign(disk, emptyDisk, { markedUntil, alarm: markedUntil });
    });
    await this.#committed;
  }

  wakeAt(epochMs: number): void {
    this.#write((disk) => {
      disk.alarm = epochMs;
    });
  }

  /** The platform takes an alarm away when it goes off. */
  forgetAlarm(): void {
    this.#seen.alarm = undefined;
  }

  after(milliseconds: number, work: () => void): () => void {
    if (this.#crashed) return () => {};
    const takeBack = this.#time.after(milliseconds, work);
    this.#timers.add(takeBack);
    return () => {
      takeBack();
      this.#timers.delete(takeBack);
    };
  }

  keepAlive(): void {}

  #batches(): readonly Batch[] {
    return this.#seen.batches.map((text): Batch => JSON.parse(text));
  }

  #write(change: (disk: Disk) => void): void {
    if (this.#crashed) return;
    if (this.full) throw new Error('The disk is full.');
    change(this.#seen);
    if (this.#turn) {
      this.#turn.push(change);
      return;
    }
    const turn = [change];
    this.#turn = turn;
    this.commits += 1;
    setImmediate(() => {
      this.#turn = undefined;
    });
    this.#committed = new Promise((resolve) => {
      this.after(this.#commitMs, () => {
        for (const written of turn) written(this.#disk);
        resolve();
      });
    });
  }
}
