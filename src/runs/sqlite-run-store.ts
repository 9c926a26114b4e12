/** A run's store in a Durable Object: two tables in its SQLite database, its alarm and its timers. */
import type { ReflectionEvent } from '../reflection/events.ts';
import { pieces } from './pieces.ts';
import type { Batch, RunMeta, RunSpec, RunStore } from './run-store.ts';

/** SQLite in a Durable Object takes 2 MB a row; a letter is at most three bytes of UTF-8. https://developers.cloudflare.com/durable-objects/platform/limits/ */
const lettersARow = 600_000;

/** A batch is one row, or several of the same `first` when it is very long; their texts, joined, are one JSON array. */
const tables = `
  CREATE TABLE IF NOT EXISTS run (number INTEGER PRIMARY KEY, json TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS log (
    first INTEGER NOT NULL, part INTEGER NOT NULL, reserved_to INTEGER NOT NULL, events TEXT NOT NULL,
    PRIMARY KEY (first, part)
  ) STRICT, WITHOUT ROWID;
`;

/** The rows of the table `run`. */
const runRows = { spec: 1, meta: 2, mark: 3 } as const;

interface LogRow extends Record<string, SqlStorageValue> {
  readonly reserved_to: number;
  readonly events: string;
}

export class SqliteRunStore implements RunStore {
  readonly #context: DurableObjectState;
  readonly #storage: DurableObjectStorage;
  readonly #sql: SqlStorage;
  /** Tables are made for a run only, so that asking for one that never was stores nothing. */
  #hasTables: boolean;

  constructor(context: DurableObjectState) {
    this.#context = context;
    this.#storage = context.storage;
    this.#sql = context.storage.sql;
    this.#hasTables =
      this.#sql.exec("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'run'").toArray().length > 0;
  }

  prepare(): void {
    if (!this.#hasTables) this.#sql.exec(tables);
    this.#hasTables = true;
  }

  spec(): RunSpec | undefined {
    const json = this.#runRow('spec');
    return json === undefined ? undefined : JSON.parse(json);
  }

  saveSpec(spec: RunSpec): void {
    this.#setRunRow('spec', JSON.stringify(spec));
  }

  meta(): RunMeta | undefined {
    const json = this.#runRow('meta');
    return json === undefined ? undefined : JSON.parse(json);
  }

  saveMeta(meta: RunMeta): void {
    this.#setRunRow('meta', JSON.stringify(meta));
  }

  append({ events, reservedTo }: Batch): void {
    const [first] = events;
    if (!first) return;
    const text = JSON.stringify(events);
    this.#storage.transactionSync(() => {
      for (const [part, piece] of pieces(text, lettersARow).entries()) {
        this.#sql.exec(
          'INSERT INTO log (first, part, reserved_to, events) VALUES (?, ?, ?, ?)',
          first.id,
          part,
          reservedTo,
          piece,
        );
      }
    });
  }

  batchWith(id: number): Batch | undefined {
    const batch = this.#batchBefore(id);
    const last = batch?.events.at(-1);
    return last && last.id >= id ? batch : undefined;
  }

  lastBatch(): Batch | undefined {
    return this.#batchBefore(Number.MAX_SAFE_INTEGER);
  }

  #runRow(name: keyof typeof runRows): string | undefined {
    if (!this.#hasTables) return undefined;
    const number = runRows[name];
    const [row] = this.#sql.exec<{ json: string }>('SELECT json FROM run WHERE number = ?', number).toArray();
    return row?.json;
  }

  #setRunRow(name: keyof typeof runRows, json: string): void {
    this.prepare();
    this.#sql.exec('INSERT OR REPLACE INTO run (number, json) VALUES (?, ?)', runRows[name], json);
  }

  /** The last batch that begins with the event numbered `id` or an earlier one. */
  #batchBefore(id: number): Batch | undefined {
    if (!this.#hasTables) return undefined;
    const rows = this.#sql
      .exec<LogRow>(
        'SELECT reserved_to, events FROM log WHERE first = (SELECT max(first) FROM log WHERE first <= ?) ORDER BY part',
        id,
      )
      .toArray();
    const [row] = rows;
    if (!row) return undefined;
    const events: ReflectionEvent[] = JSON.parse(rows.map((part) => part.events).join(''));
    return { events, reservedTo: row.reserved_to };
  }

  confirmed(): Promise<void> {
    return this.#storage.sync();
  }

  async clear(markedUntil?: number): Promise<void> {
    if (markedUntil === undefined) {
      this.#hasTables = false;
      await this.#storage.deleteAll();
    } else {
      this.#leaveMark(markedUntil);
      this.wakeAt(markedUntil);
    }
    await this.confirmed();
  }

  /** Row by row, since `deleteAll` is no part of a transaction: a loss between the two would leave a place to start in. */
  #leaveMark(markedUntil: number): void {
    this.prepare();
    this.#storage.transactionSync(() => {
      this.#sql.exec('DELETE FROM log');
      this.#sql.exec('DELETE FROM run');
      this.#setRunRow('mark', String(markedUntil));
    });
  }

  markedUntil(): number | undefined {
    const json = this.#runRow('mark');
    return json === undefined ? undefined : Number(json);
  }

  wakeAt(epochMs: number): void {
    // Not awaited: it is part of what the turn writes, and `confirmed` waits for all of that.
    this.#context.waitUntil(this.#storage.setAlarm(epochMs));
  }

  after(milliseconds: number, work: () => void): () => void {
    const timer = setTimeout(work, milliseconds);
    return () => clearTimeout(timer);
  }

  keepAlive(work: Promise<void>): void {
    this.#context.waitUntil(work);
  }
}
