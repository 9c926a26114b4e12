/** When a run's one alarm is due: heartbeat and watchdog while the run goes on, then what it owes, then its end of life. Pure. */
import { type Debts, nextPayment } from './debts.ts';
import type { Retention } from './run-services.ts';
import type { RunFacts } from './run-store.ts';

/** Without an alarm every half minute, an object that nobody calls is dropped after about 70 s, its work with it. */
export const heartbeatMs = 30_000;
/** What the engine is given beyond the deadline to end with what it has. */
const graceMs = 10_000;

export interface Lifetime {
  /** Epoch milliseconds of the run's first start. */
  readonly startedAt: number;
  /** Epoch milliseconds of the newest start: a run resumed after its deadline still gets its grace. */
  readonly resumedAt: number;
  readonly deadlineMs: number;
  /** Epoch milliseconds; null while the run goes on. */
  readonly endedAt: number | null;
  /** How long it is kept after its end, and longer while it owes. */
  readonly keepMs: number;
  /** Epoch milliseconds of the next try to pay what it owes; null when it owes nothing. */
  readonly paysAt: number | null;
}

/** Epoch milliseconds. */
export function nextDue(life: Lifetime, nowMs: number): number {
  if (life.endedAt !== null) return life.paysAt ?? life.endedAt + life.keepMs;
  return Math.max(nowMs, Math.min(nowMs + heartbeatMs, overdueAt(life)));
}

/** From when on a run that still goes on is ended by force. */
export function overdueAt(life: Lifetime): number {
  return Math.max(life.startedAt + life.deadlineMs, life.resumedAt) + graceMs;
}

/** Of a run as it stands: what does not change, and what does. */
export function lifetimeOf(
  { order: { request }, startedAt }: RunFacts,
  { resumedAt, endedAt, debts }: Standing,
  retention: Retention,
): Lifetime {
  return {
    startedAt,
    resumedAt: resumedAt ?? startedAt,
    deadlineMs: request.budget.deadline_ms,
    endedAt,
    keepMs: request.store ? retention.storedMs : retention.unstoredMs,
    paysAt: nextPayment(debts),
  };
}

interface Standing {
  /** Epoch milliseconds; undefined for a run that has not been taken up in this life of its place. */
  readonly resumedAt: number | undefined;
  /** Epoch milliseconds; null while the run goes on. */
  readonly endedAt: number | null;
  readonly debts: Debts;
}
