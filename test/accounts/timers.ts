/** Work that waits for its time, in the order of its time. */
interface Timer {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly work: () => void;
}

export class Timers {
  readonly #waiting = new Set<Timer>();

  get waiting(): number {
    return this.#waiting.size;
  }

  /** The answer takes it back. */
  after(now: number, milliseconds: number, work: () => void): () => void {
    const timer = { at: now + milliseconds, work };
    this.#waiting.add(timer);
    return () => this.#waiting.delete(timer);
  }

  /** What is due first of all that is due by then; it waits no more. */
  next(until: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#waiting) if (timer.at <= until && !(first && first.at <= timer.at)) first = timer;
    if (first) this.#waiting.delete(first);
    return first;
  }
}
