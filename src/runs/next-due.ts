/** When a run's one alarm is due: it is heartbeat and watchdog while the run goes on, and its end of life afterwards. Pure. */

/** Without an alarm every half minute, an object that nobody calls is dropped after about 70 s, its work with it. */
const heartbeatMs = 30_000;
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
  /** How long it is kept after its end. */
  readonly keepMs: number;
}

/** Epoch milliseconds. */
export function nextDue(life: Lifetime, nowMs: number): number {
  if (life.endedAt !== null) return life.endedAt + life.keepMs;
  return Math.max(nowMs, Math.min(nowMs + heartbeatMs, overdueAt(life)));
}

/** From when on a run that still goes on is ended by force. */
export function overdueAt(life: Lifetime): number {
  return Math.max(life.startedAt + life.deadlineMs, life.resumedAt) + graceMs;
}
