/** A lease as a row of an account's table, read back. */
import type { SqlRow } from '../object-storage.ts';
import type { LedgerEntry } from './account-store.ts';
import type { KeyId } from './accounts.ts';
import type { Lease, LeaseEnd } from './lease.ts';

/** The last six columns are NULL while the lease is open. */
export interface LeaseRow extends SqlRow {
  readonly run: string;
  readonly key_id: KeyId;
  readonly admitted_at: number;
  readonly reserved_tokens: number;
  readonly reserved_nanodollars: number;
  readonly expires_at: number;
  readonly flight: string | null;
  readonly stored: number;
  readonly settled_at: number | null;
  readonly status: LeaseEnd['status'] | null;
  readonly decision: LeaseEnd['decision'];
  readonly used_tokens: number | null;
  readonly used_nanodollars: number | null;
  /** JSON. */
  readonly passes: string | null;
}

export function leaseOf(row: LeaseRow): Lease {
  return {
    run: row.run,
    key: row.key_id,
    admittedAt: row.admitted_at,
    reserved: { tokens: row.reserved_tokens, nanodollars: row.reserved_nanodollars },
    expiresAt: row.expires_at,
    flight: row.flight,
    stored: row.stored === 1,
  };
}

export function entryOf(row: LeaseRow): LedgerEntry {
  return { lease: leaseOf(row), end: endOf(row) };
}

function endOf({
  run,
  settled_at,
  status,
  decision,
  used_tokens,
  used_nanodollars,
  passes,
}: LeaseRow): LeaseEnd | null {
  if (settled_at === null || status === null || passes === null) return null;
  const used = { tokens: used_tokens ?? 0, nanodollars: used_nanodollars ?? 0 };
  return { run, settledAt: settled_at, status, decision, used, passes: JSON.parse(passes) };
}
