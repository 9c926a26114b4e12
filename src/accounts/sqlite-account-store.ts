/** An account's leases, its callers' keys and its sums in its object's SQLite database, and its alarm. */

import type { ObjectStorage, SqlRow, SqlValue } from '../object-storage.ts';
import type { Decision } from '../reflection/record.ts';
import type { AccountStore, KeyedRun, LedgerEntry, SettledLease, StoredUsage } from './account-store.ts';
import type { DayCounts, KeyId } from './accounts.ts';
import { dayEnd, dayOf, type Lease, type LeaseEnd, type UsageSum } from './lease.ts';
import { entryOf, type LeaseRow, leaseOf } from './lease-row.ts';
import type { Past } from './limits.ts';

/**
 * Leases are numbered as they are admitted, which is also the order of time. `settled` finds those that are open (NULL) and those settled last.
 * Sums are kept for good: a row for each day, model and decision (empty for none), whose number does not grow with the traffic.
 */
const tables = `
  CREATE TABLE IF NOT EXISTS lease (
    ordinal INTEGER PRIMARY KEY, run TEXT NOT NULL UNIQUE, key_id TEXT NOT NULL, admitted_at INTEGER NOT NULL,
    reserved_tokens INTEGER NOT NULL, reserved_nanodollars INTEGER NOT NULL, expires_at INTEGER NOT NULL,
    flight TEXT, stored INTEGER NOT NULL, settled_at INTEGER, status TEXT, decision TEXT,
    used_tokens INTEGER, used_nanodollars INTEGER, passes TEXT
  ) STRICT;
  CREATE INDEX IF NOT EXISTS settled ON lease (settled_at);
  CREATE INDEX IF NOT EXISTS listed ON lease (ordinal) WHERE stored = 1;
  CREATE TABLE IF NOT EXISTS keyed (
    ordinal INTEGER PRIMARY KEY, idempotency_key TEXT NOT NULL UNIQUE, body_hash TEXT NOT NULL, run TEXT NOT NULL, at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS keyed_run ON keyed (run);
  CREATE TABLE IF NOT EXISTS day_usage (
    day TEXT NOT NULL, model TEXT NOT NULL, decision TEXT NOT NULL, input_tokens INTEGER NOT NULL, output_tokens INTEGER NOT NULL,
    nanodollars INTEGER NOT NULL, calls INTEGER NOT NULL, PRIMARY KEY (day, model, decision)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS day_count (
    day TEXT PRIMARY KEY, runs INTEGER NOT NULL, cache_hits INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
`;

interface UsageRecord extends SqlRow {
  readonly day: string;
  readonly model: string;
  readonly decision: Decision | '';
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly nanodollars: number;
  readonly calls: number;
}

export class SqliteAccountStore implements AccountStore {
  readonly #storage: ObjectStorage;
  readonly #sql: ObjectStorage['sql'];

  constructor(storage: ObjectStorage) {
    this.#storage = storage;
    this.#sql = storage.sql;
    this.#sql.exec(tables);
  }

  past(windowMs: number): Past {
    const seenAt = this.#seenAt();
    const since = seenAt - windowMs;
    const spent = this.#one<number | null>('SELECT sum(nanodollars) FROM day_usage WHERE day = ?', dayOf(seenAt));
    return {
      seenAt,
      open: this.#sql
        .exec<LeaseRow>('SELECT * FROM lease WHERE settled_at IS NULL ORDER BY ordinal')
        .toArray()
        .map(leaseOf),
      admissions: this.#admittedAfter(since),
      settled: this.#sql
        .exec<{ at: number; tokens: number }>(
          'SELECT settled_at AS at, used_tokens AS tokens FROM lease WHERE settled_at > ? ORDER BY settled_at',
          since,
        )
        .toArray(),
      spentThatDay: spent ?? 0,
    };
  }

  atomically(work: () => void): void {
    this.#storage.transactionSync(work);
  }

  admit(lease: Lease, keyed: KeyedRun | null): void {
    const { run, key, admittedAt, reserved, expiresAt, flight, stored } = lease;
    this.#storage.transactionSync(() => {
      this.#sql.exec(
        `INSERT INTO lease (run, key_id, admitted_at, reserved_tokens, reserved_nanodollars, expires_at, flight, stored)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        run,
        key,
        admittedAt,
        reserved.tokens,
        reserved.nanodollars,
        expiresAt,
        flight,
        stored ? 1 : 0,
      );
      if (keyed) this.keep(keyed);
    });
  }

  end(end: LeaseEnd, day: string, usage: readonly UsageSum[], freesKeys: boolean): void {
    const { run, settledAt, status, decision, used, passes } = end;
    this.#storage.transactionSync(() => {
      this.#sql.exec(
        `UPDATE lease SET settled_at = ?, status = ?, decision = ?, used_tokens = ?, used_nanodollars = ?, passes = ? WHERE run = ?`,
        settledAt,
        status,
        decision,
        used.tokens,
        used.nanodollars,
        JSON.stringify(passes),
        run,
      );
      for (const sum of usage) this.#addUsage(day, sum);
      this.#addCounts({ day, runs: 1, cache_hits: 0 });
      if (freesKeys) this.#freeKeys(run);
    });
  }

  entry(run: string): LedgerEntry | undefined {
    const [row] = this.#sql.exec<LeaseRow>('SELECT * FROM lease WHERE run = ?', run).toArray();
    return row && entryOf(row);
  }

  keyed(idempotencyKey: string, since: number): KeyedRun | undefined {
    const [row] = this.#sql
      .exec<{ body_hash: string; run: string; at: number }>(
        'SELECT body_hash, run, at FROM keyed WHERE idempotency_key = ? AND at > ?',
        idempotencyKey,
        since,
      )
      .toArray();
    return row && { idempotencyKey, bodyHash: row.body_hash, run: row.run, at: row.at };
  }

  keep({ idempotencyKey, bodyHash, run, at }: KeyedRun): void {
    this.#sql.exec(
      'INSERT OR REPLACE INTO keyed (idempotency_key, body_hash, run, at) VALUES (?, ?, ?, ?)',
      idempotencyKey,
      bodyHash,
      run,
      at,
    );
  }

  forget(run: string): void {
    this.#storage.transactionSync(() => {
      this.#sql.exec('UPDATE lease SET stored = 0, flight = NULL WHERE run = ?', run);
      this.#freeKeys(run);
    });
  }

  #freeKeys(run: string): void {
    this.#sql.exec('DELETE FROM keyed WHERE run = ?', run);
  }

  stored(after: string | null, count: number): readonly string[] | undefined {
    const before =
      after === null
        ? Number.MAX_SAFE_INTEGER
        : this.#one<number>('SELECT ordinal FROM lease WHERE run = ? AND stored = 1', after);
    if (before === undefined) return undefined;
    return this.#sql
      .exec<{ run: string }>(
        'SELECT run FROM lease WHERE stored = 1 AND ordinal < ? ORDER BY ordinal DESC LIMIT ?',
        before,
        count,
      )
      .toArray()
      .map(({ run }) => run);
  }

  addHits(day: string, count: number): void {
    this.#addCounts({ day, runs: 0, cache_hits: count });
  }

  *ends(key: KeyId, from: string, to: string): Generator<SettledLease> {
    const rows = this.#sql.exec<LeaseRow>(
      'SELECT * FROM lease WHERE key_id = ? AND settled_at IS NOT NULL AND admitted_at >= ? AND admitted_at < ? ORDER BY ordinal',
      key,
      Date.parse(from),
      dayEnd(Date.parse(to)),
    );
    for (const row of rows) {
      const { lease, end } = entryOf(row);
      if (end) yield { lease, end };
    }
  }

  usage(from: string, to: string): StoredUsage {
    const rows = this.#sql
      .exec<UsageRecord>(
        `SELECT day, model, decision, input_tokens, output_tokens, nanodollars, calls
         FROM day_usage WHERE day BETWEEN ? AND ? ORDER BY day, model, decision`,
        from,
        to,
      )
      .toArray();
    const days = this.#sql
      .exec<{ day: string; runs: number; cache_hits: number }>(
        'SELECT day, runs, cache_hits FROM day_count WHERE day BETWEEN ? AND ? ORDER BY day',
        from,
        to,
      )
      .toArray();
    return { rows: rows.map((row) => ({ ...row, decision: row.decision === '' ? null : row.decision })), days };
  }

  clean(leasesBefore: number, keysBefore: number): void {
    // The numbers are in order of time, so only rows that are removed are looked at, and the first that is not.
    this.#sql.exec(
      `DELETE FROM lease WHERE settled_at IS NOT NULL AND ordinal <
         coalesce((SELECT ordinal FROM lease WHERE admitted_at >= ? ORDER BY ordinal LIMIT 1), ${Number.MAX_SAFE_INTEGER})`,
      leasesBefore,
    );
    this.#sql.exec(
      `DELETE FROM keyed WHERE ordinal <
         coalesce((SELECT ordinal FROM keyed WHERE at >= ? ORDER BY ordinal LIMIT 1), ${Number.MAX_SAFE_INTEGER})`,
      keysBefore,
    );
  }

  oldest(): { readonly lease: number | undefined; readonly keyed: number | undefined } {
    return {
      lease: this.#one<number>('SELECT admitted_at FROM lease ORDER BY ordinal LIMIT 1'),
      keyed: this.#one<number>('SELECT at FROM keyed ORDER BY ordinal LIMIT 1'),
    };
  }

  #seenAt(): number {
    return Math.max(
      this.#one<number>('SELECT admitted_at FROM lease ORDER BY ordinal DESC LIMIT 1') ?? 0,
      this.#one<number | null>('SELECT max(settled_at) FROM lease') ?? 0,
      this.#one<number>('SELECT at FROM keyed ORDER BY ordinal DESC LIMIT 1') ?? 0,
    );
  }

  /** Read from the newest on, and no further than wanted. */
  #admittedAfter(moment: number): number[] {
    const admissions: number[] = [];
    for (const { at } of this.#sql.exec<{ at: number }>('SELECT admitted_at AS at FROM lease ORDER BY ordinal DESC')) {
      if (at <= moment) break;
      admissions.push(at);
    }
    return admissions.reverse();
  }

  #addUsage(day: string, { model, decision, input_tokens, output_tokens, nanodollars, calls }: UsageSum): void {
    this.#sql.exec(
      `INSERT INTO day_usage (day, model, decision, input_tokens, output_tokens, nanodollars, calls) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (day, model, decision) DO UPDATE SET
         input_tokens = input_tokens + excluded.input_tokens, output_tokens = output_tokens + excluded.output_tokens,
         nanodollars = nanodollars + excluded.nanodollars, calls = calls + excluded.calls`,
      day,
      model,
      decision ?? '',
      input_tokens,
      output_tokens,
      nanodollars,
      calls,
    );
  }

  #addCounts({ day, runs, cache_hits }: DayCounts): void {
    this.#sql.exec(
      `INSERT INTO day_count (day, runs, cache_hits) VALUES (?, ?, ?)
       ON CONFLICT (day) DO UPDATE SET runs = runs + excluded.runs, cache_hits = cache_hits + excluded.cache_hits`,
      day,
      runs,
      cache_hits,
    );
  }

  /** The one value that a query finds. */
  #one<Value extends SqlValue>(query: string, ...bindings: SqlValue[]): Value | undefined {
    const [row] = this.#sql.exec(query, ...bindings).raw<[Value]>();
    return row?.[0];
  }
}
