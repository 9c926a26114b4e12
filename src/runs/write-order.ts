/** What of a run is stored at once, before anything else happens, and how late all else may be. Pure. */
import type { Ask } from '../accounts/accounts.ts';
import type { EngineEvent, ReflectionEvent } from '../reflection/events.ts';
import { lateMs } from '../run-row.ts';
import type { RunOrder } from './runs.ts';

interface Asked {
  readonly ask: Pick<Ask, 'idempotency'>;
  readonly order: Pick<RunOrder, 'request' | 'channel'>;
}

/** What promises that the run survives from the first moment on. A plain run, whose caller waits, promises nothing before its answer. */
const storedFirst = {
  background: ({ order }) => order.request.background,
  webhook: ({ order }) => order.request.webhook !== undefined,
  stored: ({ order }) => order.request.store,
  channel: ({ order }) => order.channel !== null,
  keyed: ({ ask }) => ask.idempotency !== null,
} as const satisfies Record<string, (asked: Asked) => boolean>;

/** Whether the run is stored before its model is asked. */
export function isStoredFirst(asked: Asked): boolean {
  return Object.values(storedFirst).some((promises) => promises(asked));
}

/** Deltas of a run that is stored already are stored this late at most. */
const deltasMs = 400;
/** How many deltas may be shown before they are stored. Half of it unstored calls for a batch, so that showing need not wait for storage. */
export const reserved = 128;

/** Of a run's log. */
export interface LogStanding {
  /** The last event that was written; 0 while nothing of the run would survive. */
  readonly writtenTo: number;
  /** A model was asked. */
  readonly hasAsked: boolean;
  /** Somebody wants to be shown what happens. */
  readonly isFollowed: boolean;
}

/**
 * What the engine does next is held back by the platform until this is stored: the start of an attempt, so that each one stands in the ledger, and
 * a finished pass, so that none is ever asked for again. Only the first question of a run that nothing is stored of waits for nothing.
 */
export function mustBeStoredAtOnce({ type }: EngineEvent, { writtenTo, hasAsked }: LogStanding): boolean {
  const isStored = writtenTo > 0;
  if (type === 'pass.started' || type === 'pass.retried') return hasAsked || isStored;
  return isStored && (type === 'pass.completed' || type === 'pass.failed');
}

/** Milliseconds. Whoever follows a stored run is shown what is stored; deltas are shown before, as far as their numbers are reserved. */
export function mayWaitMs({ id, type }: ReflectionEvent, { writtenTo, isFollowed }: LogStanding): number {
  if (writtenTo === 0) return lateMs;
  if (type === 'pass.delta') return id - writtenTo >= reserved / 2 ? 0 : deltasMs;
  return isFollowed ? 0 : lateMs;
}
