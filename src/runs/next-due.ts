/** When a run's one alarm is due: heartbeat and watchdog while the run goes on, then its outbox, then its removal. Pure. */
import { nextDelivery, type Outbox } from './outbox.ts';
import type { Retention } from './run-services.ts';
import type { RunSpec } from './run-store.ts';

/** Without an alarm every half minute, an object that nobody calls is dropped after about 70 s, its work with it. */
export const heartbeatMs = 30_000;
/** What the engine is given beyond the deadline to end with what it has. */
const graceMs = 10_000;

export interface Deadlines {
  /** Epoch milliseconds of the run's first start. */
  readonly startedAt: number;
  /** Epoch milliseconds of the newest start: a run resumed after its deadline still gets its grace. */
  readonly resumedAt: number;
  readonly deadlineMs: number;
  /** Epoch milliseconds; null while the run goes on. */
  readonly endedAt: number | null;
  /** How long it is kept after its end, and longer while its outbox holds something. */
  readonly keepMs: number;
  /** Epoch milliseconds of the next delivery from its outbox; null when that is empty. */
  readonly deliversAt: number | null;
}

/** Epoch milliseconds. */
export function nextDue(execution: Deadlines, nowMs: number): number {
  if (execution.endedAt !== null) return execution.deliversAt ?? execution.endedAt + execution.keepMs;
  return Math.max(nowMs, Math.min(nowMs + heartbeatMs, overdueAt(execution)));
}

/** From when on a run that still goes on is ended by force. */
export function overdueAt(execution: Deadlines): number {
  return Math.max(execution.startedAt + execution.deadlineMs, execution.resumedAt) + graceMs;
}

/** Of a run as it stands: what does not change, and what does. */
export function deadlinesOf(
  { order: { request }, startedAt }: RunSpec,
  { resumedAt, endedAt, outbox }: Standing,
  retention: Retention,
): Deadlines {
  return {
    startedAt,
    resumedAt: resumedAt ?? startedAt,
    deadlineMs: request.budget.deadline_ms,
    endedAt,
    keepMs: request.store ? retention.storedMs : retention.unstoredMs,
    deliversAt: nextDelivery(outbox),
  };
}

interface Standing {
  /** Epoch milliseconds; undefined for a run that has not been resumed in this instance of its object. */
  readonly resumedAt: number | undefined;
  /** Epoch milliseconds; null while the run goes on. */
  readonly endedAt: number | null;
  readonly outbox: Outbox;
}
