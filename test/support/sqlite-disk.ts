/**
 * A Durable Object's SQLite database in memory, with what matters of a real one: what is written is seen at once, survives once it is
 * committed, and a loss of the object takes the rest.
 */
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import type { ObjectStorage, SqlCursor, SqlRow, SqlValue } from '../../src/object-storage.ts';

/** What happens around the database in one instance of its object. */
export interface DiskHooks {
  /** Throws where storage refuses a write of these values. */
  readonly mayWrite?: (bindings: readonly SqlValue[]) => void;
  /** Something was written; it survives from the moment on at which `commit` is called. In order. */
  readonly wrote: (commit: () => void) => void;
}

interface Written {
  readonly query: string;
  readonly bindings: readonly SqlValue[];
}

/** Several statements at once, as the tables of a store are made: nothing is bound in them. */
const isScript = (query: string): boolean => /;\s*\S/.test(query);
const reads = (query: string): boolean => /^\s*(?:SELECT|WITH|PRAGMA)\b/i.test(query);

export class SqliteDisk {
  readonly #database = new DatabaseSync(':memory:');
  readonly #statements = new Map<string, StatementSync>();
  /** Writes since the database last held exactly what is committed. */
  #written: Written[] = [];
  #committed = 0;
  #instance = 0;

  /** The database as a new instance of the object sees it; what earlier ones have not committed must have been lost. */
  open(hooks: DiskHooks): ObjectStorage {
    this.#instance += 1;
    const instance = this.#instance;
    const isLost = (): boolean => instance !== this.#instance;
    let inTransaction = false;
    const commitLater = (): void => {
      const count = this.#written.length;
      hooks.wrote(() => {
        if (!isLost()) this.#commit(count);
      });
    };
    const write = (query: string, bindings: readonly SqlValue[]): void => {
      // The platform runs nothing of an instance that is lost.
      if (isLost()) return;
      hooks.mayWrite?.(bindings);
      this.#begin();
      this.#run({ query, bindings });
      this.#written.push({ query, bindings });
      if (!inTransaction) commitLater();
    };
    return {
      sql: {
        exec: <Row extends SqlRow>(query: string, ...bindings: SqlValue[]) => {
          if (reads(query)) return new Cursor<Row>(this.#prepared(query), bindings);
          write(query, bindings);
          return new Cursor<Row>();
        },
      },
      transactionSync: (work) => {
        if (isLost()) return work();
        if (inTransaction) return this.#nested(work);
        const before = this.#written.length;
        this.#begin();
        this.#database.exec('SAVEPOINT work');
        inTransaction = true;
        try {
          const result = work();
          this.#database.exec('RELEASE work');
          if (this.#written.length > before) commitLater();
          return result;
        } catch (error) {
          this.#database.exec('ROLLBACK TO work; RELEASE work');
          this.#written = this.#written.slice(0, before);
          throw error;
        } finally {
          inTransaction = false;
        }
      },
    };
  }

  #nested<Result>(work: () => Result): Result {
    const before = this.#written.length;
    this.#database.exec('SAVEPOINT nested');
    try {
      const result = work();
      this.#database.exec('RELEASE nested');
      return result;
    } catch (error) {
      this.#database.exec('ROLLBACK TO nested; RELEASE nested');
      this.#written = this.#written.slice(0, before);
      throw error;
    }
  }

  /** Whether a loss now would take anything. */
  get hasUncommitted(): boolean {
    return this.#database.isTransaction;
  }

  /** The object is lost: what it had not committed is gone. */
  lose(): void {
    this.#instance += 1;
    if (!this.#database.isTransaction) return;
    this.#database.exec('ROLLBACK');
    for (const written of this.#written.slice(0, this.#committed)) this.#run(written);
    this.#written = [];
    this.#committed = 0;
  }

  #begin(): void {
    if (!this.#database.isTransaction) this.#database.exec('BEGIN');
  }

  #commit(count: number): void {
    this.#committed = Math.max(this.#committed, count);
    if (this.#committed < this.#written.length) return;
    if (this.#database.isTransaction) this.#database.exec('COMMIT');
    this.#written = [];
    this.#committed = 0;
  }

  #run({ query, bindings }: Written): void {
    if (isScript(query)) this.#database.exec(query);
    else this.#prepared(query).run(...bindings.map(inputOf));
  }

  #prepared(query: string): StatementSync {
    const known = this.#statements.get(query) ?? this.#database.prepare(query);
    this.#statements.set(query, known);
    return known;
  }
}

/** What a query found, or nothing for a write. */
class Cursor<Row extends SqlRow> implements SqlCursor<Row> {
  readonly #statement: StatementSync | undefined;
  readonly #bindings: readonly SqlValue[];

  constructor(statement?: StatementSync, bindings: readonly SqlValue[] = []) {
    this.#statement = statement;
    this.#bindings = bindings;
  }

  toArray(): Row[] {
    const found: readonly unknown[] = this.#statement?.all(...this.#bindings.map(inputOf)) ?? [];
    return found.filter(isRow<Row>);
  }

  raw<Values extends SqlValue[]>(): IterableIterator<Values> {
    return this.toArray()
      .map((row) => Object.values(row))
      .filter(isList<Values>)
      .values();
  }

  [Symbol.iterator](): IterableIterator<Row> {
    return this.toArray().values();
  }
}

function inputOf(value: SqlValue): SQLInputValue {
  return value instanceof ArrayBuffer ? new Uint8Array(value) : value;
}

/** As on the platform, whoever asks says what the rows look like. */
function isRow<Row extends SqlRow>(row: unknown): row is Row {
  return typeof row === 'object' && row !== null;
}

function isList<Values extends SqlValue[]>(values: unknown): values is Values {
  return Array.isArray(values);
}
