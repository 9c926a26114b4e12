/** Runs in the SQLite database of the object that hosts them. */
import type { ObjectStorage, SqlRow, SqlValue } from '../object-storage.ts';
import { isTerminal, type ReflectionEvent } from '../reflection/events.ts';
import { pieces } from './pieces.ts';
import type { Batch, RunMeta, RunSpec, RunStore, RunStores } from './run-store.ts';
import type { RunId } from './runs.ts';

/** SQLite in a Durable Object takes 2 MB a row; a letter is at most three bytes of UTF-8. https://developers.cloudflare.com/durable-objects/platform/limits/ */
const lettersARow = 600_000;

/**
 * A batch is one row, or several of the same `first` when it is very long; their texts, joined, are one
 * JSON array.
 */
const tables = `
  CREATE TABLE IF NOT EXISTS run (
    id TEXT PRIMARY KEY, spec TEXT NOT NULL, meta TEXT, ended INTEGER NOT NULL DEFAULT 0, due_at INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS unended_run ON run (id) WHERE ended = 0;
  CREATE INDEX IF NOT EXISTS due_run ON run (due_at) WHERE due_at IS NOT NULL;
  CREATE TABLE IF NOT EXISTS log (
    run TEXT NOT NULL, first INTEGER NOT NULL, part INTEGER NOT NULL, reserved_to INTEGER NOT NULL, events TEXT NOT NULL,
    PRIMARY KEY (run, first, part)
  ) STRICT, WITHOUT ROWID;
`;

interface LogRow extends SqlRow {
  readonly reserved_to: number;
  readonly events: string;
}

export class SqliteRunStores implements RunStores {
  readonly #storage: ObjectStorage;

  constructor(storage: ObjectStorage) {
    this.#storage = storage;
    storage.sql.exec(tables);
  }

  of(run: RunId): RunStore {
    return new SqliteRunStore(run, this.#storage);
  }

  unended(): readonly RunId[] {
    return this.#ids('SELECT id FROM run WHERE ended = 0');
  }

  due(nowMs: number, most: number): readonly RunId[] {
    return this.#ids('SELECT id FROM run WHERE due_at <= ? ORDER BY due_at LIMIT ?', nowMs, most);
  }

  nextDue(): number | undefined {
    const [row] = this.#storage.sql
      .exec<{ due_at: number }>('SELECT due_at FROM run WHERE due_at IS NOT NULL ORDER BY due_at LIMIT 1')
      .toArray();
    return row?.due_at;
  }

  #ids(query: string, ...bindings: SqlValue[]): RunId[] {
    return this.#storage.sql
      .exec<{ id: RunId }>(query, ...bindings)
      .toArray()
      .map(({ id }) => id);
  }
}

class SqliteRunStore implements RunStore {
  readonly #id: RunId;
  readonly #storage: ObjectStorage;
  readonly #sql: ObjectStorage['sql'];

  constructor(id: RunId, storage: ObjectStorage) {
    this.#id = id;
    this.#storage = storage;
    this.#sql = storage.sql;
  }

  spec(): RunSpec | undefined {
    return this.#json('spec');
  }

  saveSpec(spec: RunSpec): void {
    this.#sql.exec('INSERT OR REPLACE INTO run (id, spec) VALUES (?, ?)', this.#id, JSON.stringify(spec));
  }

  meta(): RunMeta | undefined {
    return this.#json('meta');
  }

  saveMeta(meta: RunMeta): void {
    this.#sql.exec('UPDATE run SET meta = ? WHERE id = ?', JSON.stringify(meta), this.#id);
  }

  append({ events, reservedTo }: Batch): void {
    const [first] = events;
    if (!first) return;
    const text = JSON.stringify(events);
    const ends = isTerminal(events.at(-1)?.type ?? '');
    this.#storage.transactionSync(() => {
      for (const [part, piece] of pieces(text, lettersARow).entries()) {
        this.#sql.exec(
          'INSERT INTO log (run, first, part, reserved_to, events) VALUES (?, ?, ?, ?, ?)',
          this.#id,
          first.id,
          part,
          reservedTo,
          piece,
        );
      }
      if (ends) this.#sql.exec('UPDATE run SET ended = 1 WHERE id = ?', this.#id);
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

  remove(): void {
    this.#storage.transactionSync(() => {
      this.#sql.exec('DELETE FROM log WHERE run = ?', this.#id);
      this.#sql.exec('DELETE FROM run WHERE id = ?', this.#id);
    });
  }

  saveDue(epochMs: number): void {
    this.#sql.exec('UPDATE run SET due_at = ? WHERE id = ?', epochMs, this.#id);
  }

  #json<Value>(column: 'spec' | 'meta'): Value | undefined {
    const [row] = this.#sql
      .exec<{ json: string | null }>(`SELECT ${column} AS json FROM run WHERE id = ?`, this.#id)
      .toArray();
    return row?.json ? JSON.parse(row.json) : undefined;
  }

  /** The last batch that begins with the event numbered `id` or an earlier one. */
  #batchBefore(id: number): Batch | undefined {
    const rows = this.#sql
      .exec<LogRow>(
        `SELECT reserved_to, events FROM log
         WHERE run = ?1 AND first = (SELECT max(first) FROM log WHERE run = ?1 AND first <= ?2) ORDER BY part`,
        this.#id,
        id,
      )
      .toArray();
    const [row] = rows;
    if (!row) return undefined;
    const events: ReflectionEvent[] = JSON.parse(rows.map((part) => part.events).join(''));
    return { events, reservedTo: row.reserved_to };
  }
}
