/** A clock that stands still until it is moved, or, on `auto`, jumps to the next sleeper whenever nothing else is left to do. */
import { type Clock, sleep } from '../../src/models/attempt.ts';

export interface VirtualClock extends Clock {
  /** As `sleep`, by this clock. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Every timer that was asked for, in milliseconds. */
  readonly slept: readonly number[];
  /** How many are asleep. */
  waiting(): number;
  /** Moves to each sleeper's time in order, letting the code run in between, until so many milliseconds have passed. */
  advance(milliseconds: number): Promise<void>;
  /** Runs the work to its end, jumping from sleeper to sleeper. */
  run<Result>(work: Promise<Result>): Promise<Result>;
}

export function createVirtualClock(start = 1_790_000_000_000): VirtualClock {
  let now = start;
  const sleepers = new Set<{ readonly at: number; readonly wake: () => void }>();
  const slept: number[] = [];

  /** Lets everything that can run without a clock do so. */
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const wakeNext = (until: number): boolean => {
    const [next] = [...sleepers].sort((one, other) => one.at - other.at);
    if (!next || next.at > until) return false;
    now = Math.max(now, next.at);
    next.wake();
    return true;
  };

  const after: Clock['after'] = (milliseconds, work) => {
    slept.push(milliseconds);
    const wake = (): void => {
      sleepers.delete(sleeper);
      work();
    };
    const sleeper = { at: now + milliseconds, wake };
    sleepers.add(sleeper);
    return () => sleepers.delete(sleeper);
  };

  return {
    slept,
    now: () => now,
    waiting: () => sleepers.size,
    after,
    sleep: (milliseconds, signal) => sleep(milliseconds, signal, after),
    async advance(milliseconds) {
      const until = now + milliseconds;
      await settle();
      while (wakeNext(until)) await settle();
      now = until;
    },
    async run(work) {
      let done = false;
      const finished = work.finally(() => {
        done = true;
      });
      finished.catch(() => undefined);
      for (;;) {
        await settle();
        if (done) return finished;
        if (!wakeNext(Number.POSITIVE_INFINITY)) throw new Error('The work waits for something that never comes.');
      }
    },
  };
}
