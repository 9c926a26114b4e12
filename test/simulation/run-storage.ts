/** What a run's object has stored, and the store that one life of it writes through. */
import type { ReflectionEvent } from '../../src/reflection/events.ts';
import type { Batch, RunMeta, RunSpec, RunStore } from '../../src/runs/run-store.ts';
import type { Life } from './life.ts';

/** A batch as text, with the numbers that it is found by. */
interface Row {
  readonly first: number;
  readonly last: number;
  readonly text: string;
}

interface Content {
  spec: string | undefined;
  meta: string | undefined;
  rows: readonly Row[];
  markedUntil: number | undefined;
}

export interface RunStorageListener {
  /** Events that will survive. */
  readonly stored: (events: readonly ReflectionEvent[]) => void;
  /** Throws where storage refuses. */
  readonly mayWrite: () => void;
  /** Epoch milliseconds; undefined for none. */
  readonly alarm: (epochMs: number | undefined) => void;
}

/** What survives a loss. */
export class RunStorage {
  readonly content: Content = { spec: undefined, meta: undefined, rows: [], markedUntil: undefined };
  readonly listener: RunStorageListener;

  constructor(listener: RunStorageListener) {
    this.listener = listener;
  }
}

export class LifeRunStore implements RunStore {
  readonly #storage: RunStorage;
  readonly #life: Life;
  readonly #seen: Content;

  constructor(storage: RunStorage, life: Life) {
    this.#storage = storage;
    this.#life = life;
    this.#seen = { ...storage.content };
  }

  /** Nothing is needed here. */
  prepare(): void {}

  spec(): RunSpec | undefined {
    return this.#seen.spec === undefined ? undefined : JSON.parse(this.#seen.spec);
  }

  saveSpec(spec: RunSpec): void {
    const text = JSON.stringify(spec);
    this.#write((content) => {
      content.spec = text;
    });
  }

  meta(): RunMeta | undefined {
    return this.#seen.meta === undefined ? undefined : JSON.parse(this.#seen.meta);
  }

  saveMeta(meta: RunMeta): void {
    const text = JSON.stringify(meta);
    this.#write((content) => {
      content.meta = text;
    });
  }

  append(batch: Batch): void {
    const { events } = batch;
    const row = { first: events[0]?.id ?? 0, last: events.at(-1)?.id ?? 0, text: JSON.stringify(batch) };
    this.#write((content) => {
      content.rows = [...content.rows, row];
    });
    this.#life.write(() => this.#storage.listener.stored(events));
  }

  batchWith(id: number): Batch | undefined {
    return batchIn(this.#seen.rows.find(({ first, last }) => first <= id && id <= last));
  }

  lastBatch(): Batch | undefined {
    return batchIn(this.#seen.rows.at(-1));
  }

  confirmed(): Promise<void> {
    return this.#life.confirmed();
  }

  markedUntil(): number | undefined {
    return this.#seen.markedUntil;
  }

  async clear(markedUntil?: number): Promise<void> {
    this.#write((content) => {
      content.spec = undefined;
      content.meta = undefined;
      content.rows = [];
      content.markedUntil = markedUntil;
    });
    this.#life.write(() => this.#storage.listener.alarm(markedUntil));
    await this.#life.confirmed();
  }

  wakeAt(epochMs: number): void {
    this.#life.write(() => this.#storage.listener.alarm(epochMs));
  }

  after(milliseconds: number, work: () => void): () => void {
    return this.#life.after(milliseconds, work);
  }

  keepAlive(): void {}

  #write(change: (content: Content) => void): void {
    if (!this.#life.alive) return;
    this.#storage.listener.mayWrite();
    change(this.#seen);
    this.#life.write(() => change(this.#storage.content));
  }
}

function batchIn(row: Row | undefined): Batch | undefined {
  return row && JSON.parse(row.text);
}
