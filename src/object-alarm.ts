/** The one alarm of an object, which wakes it for whatever is due first. Pure; the caller sets the platform's alarm. */

/** An alarm whose work did not come to its end is followed by another so much later. */
const againMs = 30_000;

export class ObjectAlarm {
  readonly #set: (epochMs: number | undefined) => void;
  readonly #nextDue: () => number;
  /** Epoch milliseconds for which this instance of the object has set it; infinite where it has not. */
  #setFor = Number.POSITIVE_INFINITY;

  /** `set`: sets the platform's alarm, which survives a crash, or with undefined takes it back. `nextDue`: epoch milliseconds of the first thing due, infinite where nothing is. */
  constructor(set: (epochMs: number | undefined) => void, nextDue: () => number) {
    this.#set = set;
    this.#nextDue = nextDue;
  }

  /** Something is due at this moment, in epoch milliseconds. An alarm that comes too early finds nothing to do, and is set again. */
  wakeAt(epochMs: number): void {
    if (epochMs >= this.#setFor) return;
    // An earlier instance may have set it for something that only `nextDue` knows of.
    this.#setFor = Math.min(epochMs, this.#nextDue());
    this.#set(this.#setFor);
  }

  /**
   * It has gone off. The platform tries a failing alarm six times and then gives it up, so the next one is set before anything is done.
   * https://developers.cloudflare.com/durable-objects/api/alarms/
   */
  rings(nowMs: number): void {
    this.#setFor = nowMs + againMs;
    this.#set(this.#setFor);
  }

  /** What was due is done: sets it for what is due next, and takes it back where nothing is. */
  setAgain(): void {
    this.#setFor = Number.POSITIVE_INFINITY;
    const next = this.#nextDue();
    if (next === Number.POSITIVE_INFINITY) this.#set(undefined);
    else this.wakeAt(next);
  }
}
