/** An account's money in its object's SQLite database: its columns of the runs' rows, callers' keys, sums, and the escrow. */
import type { ObjectStorage, SqlValue } from '../object-storage.ts';
import { lateMs, type RunRow } from '../run-row.ts';
import type { RunRows } from '../run-rows.ts';
import type { AccountStore, KeyedRun, LedgerEntry, SettledLease, StoredUsage } from './account-store.ts';
import type { KeyId } from './accounts.ts';
import type { EscrowSize } from './escrow.ts';
import { type Amounts, dayEnd, dayMs, dayOf, type Lease, type LeaseEnd, type UsageSum } from './lease.ts';
import { entryOf, leaseOf } from './lease-row.ts';
import type { MemberAdmission } from './member-limits.ts';
import type { Past } from './rate-limits.ts';
import { StoredEscrow } from './stored-escrow.ts';
import { UsageSums } from './usage-sums.ts';

/** Longer than any row is stored after the row of a run that was admitted later, also where storage refuses for a while. */
const outOfOrderMs = 120_000;

/** Rows of a table that are removed at a time: the object does nothing else meanwhile. */
const mostCleaned = 2_000;

const tables = `
  CREATE TABLE IF NOT EXISTS keyed (
    ordinal INTEGER PRIMARY KEY, idempotency_key TEXT NOT NULL UNIQUE, body_hash TEXT NOT NULL, run TEXT NOT NULL, at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS keyed_run ON keyed (run);
`;

export class SqliteAccountStore implements AccountStore {
  readonly #sql: ObjectStorage['sql'];
  readonly #rows: RunRows;
  readonly #sums: UsageSums;
  readonly #escrow: StoredEscrow;
  /** The caller's key that is being stored. */
  #keyed: KeyedRun | null = null;
  /** Runs whose callers' keys are free once this is stored. */
  #freed = new Set<string>();

  constructor(storage: ObjectStorage, rows: RunRows) {
    this.#sql = storage.sql;
    this.#rows = rows;
    this.#sql.exec(tables);
    this.#sums = new UsageSums(this.#sql);
    this.#escrow = new StoredEscrow(storage);
    rows.alongside({
      write: () => {
        this.#sums.write();
        for (const run of this.#freed) this.#sql.exec('DELETE FROM keyed WHERE run = ?', run);
        if (this.#keyed) this.#insertKey(this.#keyed);
        this.#escrow.write();
      },
      written: () => {
        this.#sums.written();
        this.#freed = new Set();
        this.#escrow.written();
      },
    });
  }

  past(windowMs: number, nowMs: number): Past {
    // What was admitted before is not to count as of an earlier day, or for less long, because the clock steps back.
    this.#escrow.takeLoss(Math.max(nowMs, this.#seenAt()));
    const seenAt = this.#seenAt();
    const since = seenAt - windowMs;
    const lost = this.#escrow.lostSince(since);
    const admissions = [
      ...this.#admittedAfter(since),
      ...lost.flatMap(({ at, requests }) => Array.from({ length: requests }, () => at)),
    ];
    const settled = this.#sql
      .exec<{ at: number; tokens: number }>(
        'SELECT ended_at AS at, used_tokens AS tokens FROM run WHERE ended_at > ? ORDER BY ended_at',
        since,
      )
      .toArray();
    return {
      seenAt,
      members: this.#membersAfter(since),
      open: this.#sql.exec<RunRow>('SELECT * FROM run WHERE ended_at IS NULL ORDER BY ordinal').toArray().map(leaseOf),
      admissions: admissions.sort((one, other) => one - other),
      settled: [...settled, ...lost].sort((one, other) => one.at - other.at),
      spent: { thatDay: this.#spentOn(seenAt), dayBefore: this.#spentOn(seenAt - dayMs) },
    };
  }

  admit(lease: Lease, stored: () => void): void {
    const { run, key, admittedAt, reserved, expiresAt, singleFlightKey } = lease;
    const row = {
      id: run,
      key_id: key,
      admitted_at: admittedAt,
      held_tokens: reserved.tokens,
      held_nanodollars: reserved.nanodollars,
      expires_at: expiresAt,
      single_flight: singleFlightKey,
      stored: lease.stored ? 1 : 0,
      member: lease.member,
    };
    this.#rows.insert(row, lateMs, stored);
  }

  takeBack(run: string): void {
    this.#rows.takeBack(run);
  }

  raise(run: string, { tokens, nanodollars }: Amounts): void {
    this.#rows.change(run, { held_tokens: tokens, held_nanodollars: nanodollars }, lateMs);
  }

  flush(run?: string, keyed: KeyedRun | null = null): void {
    this.#keyed = keyed;
    try {
      this.#rows.flush(run);
    } finally {
      this.#keyed = null;
    }
  }

  flushAll(): void {
    this.#rows.flushAll();
  }

  flushIfLate(): void {
    this.#rows.flushIfLate();
  }

  end(end: LeaseEnd, day: string, usage: readonly UsageSum[], freesKeys: boolean): void {
    const { run, settledAt, status, decision, used, passes } = end;
    const change = {
      ended_at: settledAt,
      status,
      decision,
      used_tokens: used.tokens,
      used_nanodollars: used.nanodollars,
      passes: JSON.stringify(passes),
    };
    this.#rows.change(run, change, lateMs);
    this.#sums.add(day, decision, usage);
    if (freesKeys) this.#freed.add(run);
  }

  entry(run: string): LedgerEntry | undefined {
    const row = this.#rows.read(run);
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
    if (!row || this.#freed.has(row.run)) return undefined;
    return { idempotencyKey, bodyHash: row.body_hash, run: row.run, at: row.at };
  }

  forget(run: string): void {
    this.#rows.change(run, { stored: 0, single_flight: null }, lateMs);
    this.#freed.add(run);
  }

  stored(after: string | null, count: number): readonly string[] | undefined {
    this.#rows.flushAll();
    const before =
      after === null
        ? Number.MAX_SAFE_INTEGER
        : this.#one<number>('SELECT ordinal FROM run WHERE id = ? AND stored = 1', after);
    if (before === undefined) return undefined;
    return this.#sql
      .exec<{ id: string }>(
        'SELECT id FROM run WHERE stored = 1 AND ordinal < ? ORDER BY ordinal DESC LIMIT ?',
        before,
        count,
      )
      .toArray()
      .map(({ id }) => id);
  }

  addHits(day: string, count: number): void {
    this.#sums.addHits(day, count);
  }

  *ends(key: KeyId, from: string, to: string): Generator<SettledLease> {
    this.#rows.flushAll();
    const rows = this.#sql.exec<RunRow>(
      'SELECT * FROM run WHERE key_id = ? AND ended_at IS NOT NULL AND admitted_at >= ? AND admitted_at < ? ORDER BY ordinal',
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
    this.#rows.flushAll();
    return this.#sums.report(from, to);
  }

  clean(runsBefore: number, keysBefore: number): boolean {
    // The numbers are nearly in order of time, so only rows that are removed are looked at, and the first that is not.
    const isOver = `ended_at IS NOT NULL AND spec IS NULL AND ordinal <
      coalesce((SELECT ordinal FROM run WHERE admitted_at >= ?1 ORDER BY ordinal LIMIT 1), ${Number.MAX_SAFE_INTEGER})`;
    const isPast = `ordinal <
      coalesce((SELECT ordinal FROM keyed WHERE at >= ?1 ORDER BY ordinal LIMIT 1), ${Number.MAX_SAFE_INTEGER})`;
    this.#escrow.forgetLosses(runsBefore);
    const rounds = [this.#cleanSome('run', isOver, runsBefore), this.#cleanSome('keyed', isPast, keysBefore)];
    return rounds.includes(true);
  }

  /** One round of a table; true where it was a full one. */
  #cleanSome(table: 'run' | 'keyed', goes: string, before: number): boolean {
    const ordinals = this.#sql
      .exec<{ ordinal: number }>(
        `SELECT ordinal FROM ${table} WHERE ${goes} ORDER BY ordinal LIMIT ${mostCleaned}`,
        before,
      )
      .toArray();
    const last = ordinals.at(-1)?.ordinal;
    if (last !== undefined) this.#sql.exec(`DELETE FROM ${table} WHERE ${goes} AND ordinal <= ?2`, before, last);
    return ordinals.length === mostCleaned;
  }

  oldest(): { readonly lease: number | undefined; readonly keyed: number | undefined } {
    return {
      lease: this.#one<number>('SELECT admitted_at FROM run ORDER BY ordinal LIMIT 1'),
      keyed: this.#one<number>('SELECT at FROM keyed ORDER BY ordinal LIMIT 1'),
    };
  }

  saveEscrow(size: EscrowSize): void {
    this.#escrow.save(size);
  }

  #insertKey({ idempotencyKey, bodyHash, run, at }: KeyedRun): void {
    this.#sql.exec(
      'INSERT OR REPLACE INTO keyed (idempotency_key, body_hash, run, at) VALUES (?, ?, ?, ?)',
      idempotencyKey,
      bodyHash,
      run,
      at,
    );
  }

  /** Nanodollars, on the UTC day of this moment. */
  #spentOn(epochMs: number): number {
    const day = dayOf(epochMs);
    return this.#escrow
      .lostSince(Date.parse(day) - 1)
      .filter(({ at }) => at < dayEnd(epochMs))
      .reduce((sum, { nanodollars }) => sum + nanodollars, this.#sums.nanodollarsOf(day));
  }

  #seenAt(): number {
    return Math.max(
      this.#one<number | null>('SELECT max(admitted_at) FROM run WHERE ended_at IS NULL') ?? 0,
      this.#one<number | null>('SELECT max(ended_at) FROM run') ?? 0,
      this.#one<number>('SELECT at FROM keyed ORDER BY ordinal DESC LIMIT 1') ?? 0,
      this.#escrow.lostSince(0).at(-1)?.at ?? 0,
    );
  }

  /** Read from the newest on, and no further than wanted. Rows are stored a little out of order, since some runs are stored first and others late. */
  #admittedAfter(moment: number): number[] {
    const admissions: number[] = [];
    for (const { at } of this.#sql.exec<{ at: number }>('SELECT admitted_at AS at FROM run ORDER BY ordinal DESC')) {
      if (at <= moment - outOfOrderMs) break;
      if (at > moment) admissions.push(at);
    }
    return admissions.reverse();
  }

  /** In order. Runs of members are stored as they are admitted. */
  #membersAfter(moment: number): MemberAdmission[] {
    return this.#sql
      .exec<{ member: string; at: number }>(
        'SELECT member, admitted_at AS at FROM run WHERE member IS NOT NULL AND admitted_at > ? ORDER BY admitted_at',
        moment,
      )
      .toArray();
  }

  /** The one value that a query finds. */
  #one<Value extends SqlValue>(query: string, ...bindings: SqlValue[]): Value | undefined {
    const [row] = this.#sql.exec(query, ...bindings).raw<[Value]>();
    return row?.[0];
  }
}
