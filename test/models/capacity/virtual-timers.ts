/** A clock with timers that stands still until it is moved; what is due then happens at its time and in order, with whatever it resolves. */

export interface VirtualTimers {
  now(): number;
  after(milliseconds: number, work: () => void): () => void;
  /** Moves from timer to timer until so many milliseconds have passed. */
  advance(milliseconds: number): Promise<void>;
}

export function virtualTimers(start = 1_790_000_000_000): VirtualTimers {
  let now = start;
  const timers = new Set<{ readonly at: number; readonly work: () => void }>();
  const settle = async (): Promise<void> => {
    for (let turns = 0; turns < 4; turns += 1) await Promise.resolve();
  };
  return {
    now: () => now,
    after(milliseconds, work) {
      const timer = { at: now + milliseconds, work };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    async advance(milliseconds) {
      const end = now + milliseconds;
      await settle();
      for (;;) {
        let next: { readonly at: number; readonly work: () => void } | undefined;
        for (const timer of timers) if (timer.at <= end && (!next || timer.at < next.at)) next = timer;
        if (!next) break;
        now = Math.max(now, next.at);
        timers.delete(next);
        next.work();
        await settle();
      }
      now = end;
    },
  };
}
