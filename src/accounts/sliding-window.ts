/** Amounts that count for exactly so long after their moment: each is added once, leaves once, and no call looks at all of them. Pure. */

/** How far the limits of an account look back. */
export const windowMs = 60_000;

/** Left amounts are dropped from memory once there are so many, and they are the larger part. */
const fewestDropped = 64;

export class SlidingWindow {
  readonly #lengthMs: number;
  /** Moments in order, and beside each the sum of all amounts up to and including its own. */
  #moments: number[] = [];
  #totals: number[] = [];
  /** Where the amounts that count begin. */
  #first = 0;

  constructor(lengthMs: number) {
    this.#lengthMs = lengthMs;
  }

  /** What counts now. */
  get sum(): number {
    return (this.#totals.at(-1) ?? 0) - this.#totalBefore;
  }

  /** Epoch milliseconds at which the last amount will have left; undefined when none counts. */
  get emptyAt(): number | undefined {
    return this.#leavesAt(Math.max(this.#first, this.#moments.length - 1));
  }

  /** `at`: epoch milliseconds, no earlier than that of the last one added. */
  add(at: number, amount: number): void {
    if (amount === 0) return;
    this.#totals.push((this.#totals.at(-1) ?? 0) + amount);
    this.#moments.push(at);
  }

  /** Lets go what no longer counts at `now`: an amount of t counts before t + the window's length. */
  advance(now: number): void {
    while (this.#first < this.#moments.length && (this.#leavesAt(this.#first) ?? 0) <= now) this.#first += 1;
    if (this.#first < fewestDropped || this.#first * 2 < this.#moments.length) return;
    const dropped = this.#totalBefore;
    this.#moments = this.#moments.slice(this.#first);
    this.#totals = this.#totals.slice(this.#first).map((total) => total - dropped);
    this.#first = 0;
  }

  /** Epoch milliseconds at which at least `amount` of the sum will have left; undefined when that is more than the sum. */
  freedAt(amount: number): number | undefined {
    const wanted = this.#totalBefore + amount;
    let [low, high] = [this.#first, this.#totals.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#totals[middle] ?? 0) >= wanted) high = middle;
      else low = middle + 1;
    }
    return this.#leavesAt(low);
  }

  get #totalBefore(): number {
    return this.#totals[this.#first - 1] ?? 0;
  }

  #leavesAt(index: number): number | undefined {
    const moment = this.#moments[index];
    return moment === undefined ? undefined : moment + this.#lengthMs;
  }
}
