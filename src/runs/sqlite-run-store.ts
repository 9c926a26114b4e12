/** Runs in the SQLite database of the object that hosts them: their columns of the rows, and their logs. */
import type { ObjectStorage, SqlValue } from '../object-storage.ts';
import { lateMs } from '../run-row.ts';
import type { RunRows } from '../run-rows.ts';
import type { Batch, ExpiredRun, RunMeta, RunSpec, RunStore, RunStores } from './run-store.ts';
import type { RunId } from './runs.ts';

export class SqliteRunStores implements RunStores {
  readonly #sql: ObjectStorage['sql'];
  readonly #rows: RunRows;

  constructor(sql: ObjectStorage['sql'], rows: RunRows) {
    this.#sql = sql;
    this.#rows = rows;
    sql.exec(
      'CREATE TABLE IF NOT EXISTS sweep (one INTEGER PRIMARY KEY CHECK (one = 1), ended_by INTEGER NOT NULL) STRICT',
    );
  }

  of(run: RunId): RunStore {
    return new SqliteRunStore(run, this.#rows);
  }

  unended(): readonly RunId[] {
    return this.#ids('SELECT id FROM run WHERE ended_at IS NULL');
  }

  due(nowMs: number, most: number): readonly RunId[] {
    return this.#ids('SELECT id FROM run WHERE due_at <= ? ORDER BY due_at LIMIT ?', nowMs, most);
  }

  nextDue(): number | undefined {
    const [row] = this.#sql
      .exec<{ due_at: number }>('SELECT due_at FROM run WHERE due_at IS NOT NULL ORDER BY due_at LIMIT 1')
      .toArray();
    return row?.due_at;
  }

  expired(endedBy: number, most: number): readonly ExpiredRun[] {
    return this.#sql
      .exec<{ id: RunId; endedAt: number }>(
        `SELECT id, ended_at AS endedAt FROM run WHERE ended_at > ? AND ended_at <= ? AND due_at IS NULL AND spec IS NOT NULL
         ORDER BY ended_at LIMIT ?`,
        this.#sweptTo(),
        endedBy,
        most,
      )
      .toArray();
  }

  sweptTo(endedBy: number): void {
    this.#sql.exec('INSERT OR REPLACE INTO sweep (one, ended_by) VALUES (1, ?)', endedBy);
  }

  oldestEnd(): number | undefined {
    const [row] = this.#sql
      .exec<{ ended_at: number }>(
        'SELECT ended_at FROM run WHERE ended_at > ? ORDER BY ended_at LIMIT 1',
        this.#sweptTo(),
      )
      .toArray();
    return row?.ended_at;
  }

  get commits(): number {
    return this.#rows.commits;
  }

  flush(): void {
    this.#rows.flushAll();
  }

  #sweptTo(): number {
    const [row] = this.#sql.exec<{ ended_by: number }>('SELECT ended_by FROM sweep').toArray();
    return row?.ended_by ?? 0;
  }

  #ids(query: string, ...bindings: SqlValue[]): RunId[] {
    return this.#sql
      .exec<{ id: RunId }>(query, ...bindings)
      .toArray()
      .map(({ id }) => id);
  }
}

class SqliteRunStore implements RunStore {
  readonly #id: RunId;
  readonly #rows: RunRows;

  constructor(id: RunId, rows: RunRows) {
    this.#id = id;
    this.#rows = rows;
  }

  spec(): RunSpec | undefined {
    const json = this.#rows.read(this.#id)?.spec;
    return json ? JSON.parse(json) : undefined;
  }

  saveSpec({ order, ...rest }: RunSpec, orderJson = JSON.stringify(order)): void {
    this.#rows.change(this.#id, { spec: `{"order":${orderJson},${JSON.stringify(rest).slice(1)}` }, lateMs);
  }

  meta(): RunMeta | undefined {
    const json = this.#rows.read(this.#id)?.meta;
    return json ? JSON.parse(json) : undefined;
  }

  saveMeta(meta: RunMeta): void {
    this.#rows.change(this.#id, { meta: JSON.stringify(meta) }, lateMs);
  }

  append(
    { events, reservedTo }: Batch,
    withinMs: number,
    stored: () => void,
    refused?: (error: unknown) => void,
  ): void {
    const [first, ...others] = events;
    if (first) this.#rows.append(this.#id, { events: [first, ...others], reservedTo }, withinMs, stored, refused);
  }

  batchWith(id: number): Batch | undefined {
    const batch = this.#rows.log(this.#id, id);
    const last = batch?.events.at(-1);
    return last && last.id >= id ? batch : undefined;
  }

  lastBatch(): Batch | undefined {
    return this.#rows.log(this.#id, Number.MAX_SAFE_INTEGER);
  }

  remove(): void {
    this.#rows.clear(this.#id);
  }

  saveDue(epochMs: number | null): void {
    this.#rows.change(this.#id, { due_at: epochMs }, lateMs);
  }

  get waits(): boolean {
    return this.#rows.waits(this.#id);
  }

  flush(): void {
    this.#rows.flush(this.#id);
  }

  flushIfLate(): void {
    this.#rows.flushIfLate();
  }
}
