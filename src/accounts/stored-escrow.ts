/** An account's escrow in its object's SQLite database, and what earlier ones came to that nobody closed. */
import type { ObjectStorage, SqlRow } from '../object-storage.ts';
import { type EscrowSize, noEscrow } from './escrow.ts';

const tables = `
  CREATE TABLE IF NOT EXISTS escrow (
    one INTEGER PRIMARY KEY CHECK (one = 1), requests INTEGER NOT NULL, tokens INTEGER NOT NULL, nanodollars INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS lost (
    at INTEGER NOT NULL, requests INTEGER NOT NULL, tokens INTEGER NOT NULL, nanodollars INTEGER NOT NULL
  ) STRICT;
`;

interface Loss extends SqlRow {
  /** Epoch milliseconds of the restart. */
  readonly at: number;
  readonly requests: number;
  readonly tokens: number;
  readonly nanodollars: number;
}

export class StoredEscrow {
  readonly #storage: ObjectStorage;
  readonly #sql: ObjectStorage['sql'];
  #saved: EscrowSize | undefined;

  constructor(storage: ObjectStorage) {
    this.#storage = storage;
    this.#sql = storage.sql;
    this.#sql.exec(tables);
  }

  /** To be stored with the next group of writes. */
  save(size: EscrowSize): void {
    this.#saved = size;
  }

  write(): void {
    if (this.#saved) this.#write(this.#saved);
  }

  written(): void {
    this.#saved = undefined;
  }

  /** What an earlier instance of the object may have admitted without storing it: all of it counts as used from `nowMs` on. */
  takeLoss(nowMs: number): void {
    const [size] = this.#sql
      .exec<{ requests: number; tokens: number; nanodollars: number }>(
        'SELECT requests, tokens, nanodollars FROM escrow',
      )
      .toArray();
    if (!size || size.requests === 0) return;
    this.#storage.transactionSync(() => {
      this.#sql.exec(
        'INSERT INTO lost (at, requests, tokens, nanodollars) VALUES (?, ?, ?, ?)',
        nowMs,
        size.requests,
        size.tokens,
        size.nanodollars,
      );
      this.#write(noEscrow);
    });
  }

  /** Losses after this moment, in order. */
  lostSince(epochMs: number): readonly Loss[] {
    return this.#sql.exec<Loss>('SELECT * FROM lost WHERE at > ? ORDER BY at', epochMs).toArray();
  }

  forgetLosses(before: number): void {
    this.#sql.exec('DELETE FROM lost WHERE at < ?', before);
  }

  #write({ requests, tokens, nanodollars }: EscrowSize): void {
    this.#sql.exec(
      'INSERT OR REPLACE INTO escrow (one, requests, tokens, nanodollars) VALUES (1, ?, ?, ?)',
      requests,
      tokens,
      nanodollars,
    );
  }
}
