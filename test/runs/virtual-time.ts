/** A clock that moves when it is told to, and lets every promise settle in between. */

interface Timer {
  readonly at: number;
  readonly work: () => void;
}

export class VirtualTime {
  #now = Date.UTC(2026, 0, 1);
  #timers: Timer[] = [];

  /** How many timers are set. */
  get timers(): number {
    return this.#timers.length;
  }

  /** When the next one is due, in epoch milliseconds. */
  get nextTimer(): number | undefined {
    return this.#timers.length === 0 ? undefined : Math.min(...this.#timers.map(({ at }) => at));
  }

  readonly now = (): number => this.#now;

  readonly after = (milliseconds: number, work: () => void): (() => void) => {
    const timer = { at: this.#now + milliseconds, work };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  };

  /** Settles later; rejects with the signal's reason when it aborts first. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const takeBack = this.after(milliseconds, resolve);
      signal.addEventListener('abort', () => {
        takeBack();
        reject(signal.reason);
      });
    });
  }

  /** Moves on timer by timer for so long, or until `done`. */
  async pass(milliseconds: number, done: () => boolean = () => false): Promise<void> {
    const end = this.#now + milliseconds;
    await settled();
    while (!done()) {
      const next = this.#timers.toSorted((a, b) => a.at - b.at)[0];
      if (!next || next.at > end) {
        this.#now = end;
        return;
      }
      this.#timers = this.#timers.filter((other) => other !== next);
      this.#now = Math.max(this.#now, next.at);
      next.work();
      await settled();
    }
  }
}

/** Once everything that needs no timer has happened, what was put off to the end of the turn too. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}
