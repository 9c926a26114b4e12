/** How long at least one of several passes was running: calls made at the same time cover it once. Times are epoch milliseconds. */
export interface BusyTime {
  readonly running: ReadonlySet<string>;
  /** Since when at least one is running. */
  readonly sinceMs: number;
  /** How long at least one was running before. */
  readonly beforeMs: number;
}

export const idle: BusyTime = { running: new Set(), sinceMs: 0, beforeMs: 0 };

export function begun({ running, sinceMs, beforeMs }: BusyTime, pass: string, atMs: number): BusyTime {
  return { running: new Set(running).add(pass), sinceMs: running.size === 0 ? atMs : sinceMs, beforeMs };
}

export function ended(busy: BusyTime, pass: string, atMs: number): BusyTime {
  const running = new Set(busy.running);
  running.delete(pass);
  return { ...busy, running, beforeMs: running.size === 0 ? busy.beforeMs + atMs - busy.sinceMs : busy.beforeMs };
}

/** The total up to now. */
export function busyMs({ running, sinceMs, beforeMs }: BusyTime, nowMs: number): number {
  return beforeMs + (running.size > 0 ? nowMs - sinceMs : 0);
}
