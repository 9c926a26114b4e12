/** When held frames leave: one timer for all runs of an object, and none while nothing is held. */

/** How long deltas are held at most to be joined. In milliseconds. */
export const frameMs = 10;

export class FrameTick {
  readonly #after: (milliseconds: number, work: () => void) => () => void;
  readonly #waiting = new Set<() => void>();
  #isSet = false;

  constructor(after: (milliseconds: number, work: () => void) => () => void) {
    this.#after = after;
  }

  /** Does `work` at the next tick, once however often it is asked for. */
  readonly next = (work: () => void): void => {
    this.#waiting.add(work);
    if (!this.#isSet) {
      this.#isSet = true;
      this.#after(frameMs, this.#tick);
    }
  };

  readonly #tick = (): void => {
    this.#isSet = false;
    const works = [...this.#waiting];
    this.#waiting.clear();
    for (const work of works) work();
  };
}
