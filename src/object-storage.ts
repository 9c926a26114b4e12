/** The port to a Durable Object's storage, as far as our stores need it. `DurableObjectStorage` is one; tests have SQLite in memory. */

export type SqlValue = ArrayBuffer | string | number | null;

export type SqlRow = Record<string, SqlValue>;

export interface SqlCursor<Row> extends Iterable<Row> {
  toArray(): Row[];
  /** The rows as lists of their values. */
  raw<Values extends SqlValue[]>(): IterableIterator<Values>;
}

export interface ObjectStorage {
  readonly sql: {
    /** Whoever asks says what the rows look like. */
    exec<Row extends SqlRow>(query: string, ...bindings: SqlValue[]): SqlCursor<Row>;
  };
  /** Does all of `work` or, when it throws, nothing of it. */
  transactionSync<Result>(work: () => Result): Result;
}
