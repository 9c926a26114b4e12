/** The port to where an account keeps its leases, and what they came to: tables of its object, and real SQL in tests too. */

import type { Decision } from '../reflection/record.ts';
import type { DayCounts, KeyId } from './accounts.ts';
import type { EscrowSize } from './escrow.ts';
import type { Amounts, Lease, LeaseEnd, UsageSum } from './lease.ts';
import type { Past } from './rate-limits.ts';

/** A caller's key for a request, and the run that answered it. */
export interface KeyedRun {
  readonly idempotencyKey: string;
  /** Of the body that it came with. */
  readonly bodyHash: string;
  readonly run: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** A lease as it stands in the ledger. */
export interface LedgerEntry {
  readonly lease: Lease;
  /** Null while it is open. */
  readonly end: LeaseEnd | null;
}

/** A lease that has ended. */
export interface SettledLease {
  readonly lease: Lease;
  readonly end: LeaseEnd;
}

export interface DayUsage extends UsageSum {
  readonly day: string;
  readonly decision: Decision | null;
}

export interface StoredUsage {
  readonly rows: readonly DayUsage[];
  readonly days: readonly DayCounts[];
}

/**
 * What is saved of runs is seen at once, and stored for good with the next group of writes: `flush` is that group. All else is stored when it is
 * written, in one commit with whatever its turn of the event loop writes. A method that throws has stored nothing.
 */
export interface AccountStore {
  /**
   * What the limits are counted from after a loss: leases that are open, what the last `windowMs` before the newest of all moments hold, and what an
   * escrow came to that nobody closed, as of `nowMs`.
   */
  past(windowMs: number, nowMs: number): Past;

  /** Saves an open lease. `stored` is told once it is. */
  admit(lease: Lease, stored: () => void): void;
  /** Takes back a lease that was not stored. */
  takeBack(run: string): void;
  /** An open lease holds this much from now on. */
  raise(run: string, reserved: Amounts): void;
  /** Saves a lease's end, and adds it to the sums of its day. `freesKeys`: no caller's key stands for the run any more. */
  end(end: LeaseEnd, day: string, usage: readonly UsageSum[], freesKeys: boolean): void;
  /**
   * Stores all that waits of this run, whatever is due, and what has ended; and with it the caller's key that stands for the run from now on.
   * Throws where storage refuses; it is tried again later, but for the key.
   */
  flush(run?: string, keyed?: KeyedRun | null): void;
  /** Stores everything that waits. Throws where storage refuses; it is tried again later. */
  flushAll(): void;
  /** Stores what should have been stored a while ago. Never throws. */
  flushIfLate(): void;
  /** The escrow's size, stored with the next group of writes. */
  saveEscrow(size: EscrowSize): void;
  /** Undefined for a run that never was, or is of long ago. */
  entry(run: string): LedgerEntry | undefined;

  /** What the caller's key stands for since the moment `since`. */
  keyed(idempotencyKey: string, since: number): KeyedRun | undefined;
  /** Takes the run off the list, and frees every key that stands for it, and its single-flight key. */
  forget(run: string): void;

  /** Runs on the list before `after`, newest first, at most `count`. Undefined for an `after` that is not on the list. */
  stored(after: string | null, count: number): readonly string[] | undefined;

  addHits(day: string, count: number): void;
  /** The settled leases of one key that were admitted from the one UTC day to the other, both inclusive; the oldest first. */
  ends(key: KeyId, from: string, to: string): Iterable<SettledLease>;
  /** Both days inclusive; in order of day, model and decision. */
  usage(from: string, to: string): StoredUsage;

  /** Removes settled leases admitted before the one moment, and callers' keys of before the other: some thousands of them. The answer: whether more are left. */
  clean(leasesBefore: number, keysBefore: number): boolean;
  /** Epoch milliseconds of the oldest lease and of the oldest caller's key; undefined where there is none. */
  oldest(): { readonly lease: number | undefined; readonly keyed: number | undefined };
}
