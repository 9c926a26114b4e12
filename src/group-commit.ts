/** Stores what waits of several runs in one commit. One run that storage refuses for ever does not keep the others from being stored. */
import type { ObjectStorage } from './object-storage.ts';
import { onlyCostOf, type PendingRun, writePending } from './pending-run.ts';
import { hasEnded } from './run-row.ts';

/** A group that is refused is tried run by run, each so often. */
const mostTries = 3;

/** What is stored in every commit beside the runs. */
export interface AlongsideWriter {
  /** Stores what waits. May be called again when storage refused. */
  write(): void;
  /** All of it is stored. */
  written(): void;
}

export interface WaitingRun {
  readonly id: string;
  readonly pending: PendingRun;
}

export interface RefusedRun extends WaitingRun {
  readonly error: unknown;
  /** Of a run that has ended, that is stored; of one that goes on, that storage would take it. */
  readonly takesCost: boolean;
}

interface Group {
  readonly runs: readonly WaitingRun[];
  readonly alongside: readonly AlongsideWriter[];
  /** A run without which nothing is to be stored. */
  readonly isNeeded: (run: WaitingRun) => boolean;
}

/**
 * The answer: runs that storage refuses though it would take their bare cost, or takes others. Of those that have ended the cost is stored.
 * Throws, and has stored nothing, where storage takes nothing, or refuses a run that is needed.
 */
export function commitGroup(storage: ObjectStorage, group: Group): readonly RefusedRun[] {
  try {
    storage.transactionSync(() => {
      for (const { id, pending } of group.runs) writePending(storage.sql, id, pending);
      for (const writer of group.alongside) writer.write();
    });
    return [];
  } catch (error) {
    return storage.transactionSync(() => {
      const refused = refusedOf(storage, group.runs);
      const takesAny = refused.length < group.runs.length || refused.some((run) => run.takesCost);
      if (!takesAny || refused.some(group.isNeeded)) throw error;
      for (const writer of group.alongside) writer.write();
      return refused;
    });
  }
}

/** Stores the runs one by one. */
function refusedOf(storage: ObjectStorage, runs: readonly WaitingRun[]): RefusedRun[] {
  return runs.flatMap((run) => {
    let refusal: unknown;
    for (let tries = 1; tries <= mostTries; tries += 1) {
      try {
        storage.transactionSync(() => writePending(storage.sql, run.id, run.pending));
        return [];
      } catch (error) {
        refusal = error;
      }
    }
    return [{ ...run, error: refusal, takesCost: takesCost(storage, run) }];
  });
}

const onlyTried = new Error('This was tried, and is not to be stored.');

/** Stores what an ended run has cost. Of one that goes on it is only tried: its account has more to say of it. */
function takesCost(storage: ObjectStorage, { id, pending }: WaitingRun): boolean {
  try {
    storage.transactionSync(() => {
      writePending(storage.sql, id, onlyCostOf(pending));
      if (!hasEnded(pending.change)) throw onlyTried;
    });
    return true;
  } catch (error) {
    return error === onlyTried;
  }
}
