/** What an account reads in a run's row: what the run holds, and what it came to. */
import type { RunRow } from '../run-row.ts';
import type { LedgerEntry } from './account-store.ts';
import type { Lease, LeaseEnd } from './lease.ts';

export function leaseOf(row: RunRow): Lease {
  return {
    run: row.id,
    key: row.key_id,
    admittedAt: row.admitted_at,
    reserved: { tokens: row.held_tokens, nanodollars: row.held_nanodollars },
    expiresAt: row.expires_at,
    singleFlightKey: row.single_flight,
    stored: row.stored === 1,
    member: row.member,
  };
}

export function entryOf(row: RunRow): LedgerEntry {
  return { lease: leaseOf(row), end: endOf(row) };
}

function endOf({ id, ended_at, status, decision, used_tokens, used_nanodollars, passes }: RunRow): LeaseEnd | null {
  if (ended_at === null || status === null || passes === null) return null;
  const used = { tokens: used_tokens ?? 0, nanodollars: used_nanodollars ?? 0 };
  return { run: id, settledAt: ended_at, status, decision, used, passes: JSON.parse(passes) };
}
