/** Many time limits under one timer, for what is nearly always over before: setting a timer costs more than taking down a time. */
import type { After } from './time-limit.ts';

/** The timer goes off this late at most, and is not set again where nothing waits: an object at rest has none. In milliseconds. */
const longestMs = 5_000;

interface Waiting {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly work: () => void;
}

export class DeadlineTimer {
  readonly #after: After;
  readonly #clock: () => number;
  readonly #waiting = new Set<Waiting>();
  #timer: { readonly at: number; readonly takeBack: () => void } | undefined;
  /** Epoch milliseconds. */
  #latest = 0;

  /** `after` sets the one timer; `clock` gives epoch milliseconds. */
  constructor(after: After, clock: () => number) {
    this.#after = after;
    this.#clock = clock;
  }

  readonly after: After = (milliseconds, work) => {
    const waiting = { at: this.#now() + milliseconds, work };
    this.#waiting.add(waiting);
    this.#setTimer(waiting.at);
    return () => {
      this.#waiting.delete(waiting);
    };
  };

  /** Unless it goes off before. */
  #setTimer(latestAt: number): void {
    if (this.#timer && this.#timer.at <= latestAt) return;
    this.#timer?.takeBack();
    const now = this.#now();
    const at = Math.min(latestAt, now + longestMs);
    const takeBack = this.#after(Math.max(0, at - now), () => this.#goOff(at));
    this.#timer = { at, takeBack };
  }

  #goOff(at: number): void {
    this.#timer = undefined;
    this.#latest = Math.max(this.#latest, at);
    const now = this.#now();
    for (const waiting of this.#waiting) {
      if (waiting.at > now) continue;
      this.#waiting.delete(waiting);
      waiting.work();
    }
    let next = Number.POSITIVE_INFINITY;
    for (const { at } of this.#waiting) next = Math.min(next, at);
    if (next < Number.POSITIVE_INFINITY) this.#setTimer(next);
  }

  /** Epoch milliseconds. Where the clock steps back, time goes on by the timer alone, so that nothing waits for longer. */
  #now(): number {
    this.#latest = Math.max(this.#latest, this.#clock());
    return this.#latest;
  }
}
