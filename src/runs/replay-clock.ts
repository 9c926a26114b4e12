/** The engine's clock in a resumed run. */

export interface ReplaySpan {
  /** Epoch milliseconds of the run's first start. */
  readonly startedAt: number;
  /** Epoch milliseconds. */
  readonly deadlineAt: number;
  /** How many passes the log holds, those under way included. */
  readonly passes: number;
}

/**
 * Stands still at the log's own times until a model is really asked, so that a replay decides on time and money as the first execution did.
 * Until every pass was replayed, as far as the log holds it, the clock stays before the deadline: passes that ran at once are replayed one
 * after the other, and the deadline that cut one, or has passed since, must not cut what another had come to in time.
 */
export class ReplayClock {
  readonly #now: () => number;
  readonly #lastInTime: number;
  #replayed: number;
  #passesLeft: number;
  #run = false;

  constructor({ startedAt, deadlineAt, passes }: ReplaySpan, now: () => number) {
    this.#now = now;
    this.#replayed = startedAt;
    this.#lastInTime = deadlineAt - 1;
    this.#passesLeft = passes;
  }

  /** Epoch milliseconds. */
  readonly now = (): number => {
    const time = this.#run ? this.#now() : this.#replayed;
    return this.#passesLeft > 0 ? Math.min(time, this.#lastInTime) : time;
  };

  /** The log's time goes on to `epochMs`; it never goes back. */
  reach(epochMs: number): void {
    this.#replayed = Math.max(this.#replayed, epochMs);
  }

  passReplayed(): void {
    this.#passesLeft -= 1;
  }

  goLive(): void {
    this.#run = true;
  }
}
