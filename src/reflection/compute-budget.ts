/**
 * What one run may compute for its checks and comparisons, counted in steps and not by a clock: a run that is replayed spends the same. It counts our own
 * processor's work only; `allowance.ts` and `budget.ts` count what models cost.
 */

/** Steps of about 60 ns: some 0.36 s for all checks of a run. */
export const stepsOfRun = 6_000_000;

/** Thrown where a check needs more than is left. */
export class ComputeSpent extends Error {
  constructor() {
    super('All the computing that one request may take is used up.');
    this.name = 'ComputeSpent';
  }
}

export class ComputeBudget {
  #left: number;

  /** In steps. */
  constructor(steps: number = stepsOfRun) {
    this.#left = steps;
  }

  get left(): number {
    return this.#left;
  }

  /** Pays before the work is done. Throws `ComputeSpent` without paying where too little is left, so that smaller work can still be paid for. */
  spend(steps: number): void {
    if (steps > this.#left) throw new ComputeSpent();
    this.#left -= steps;
  }

  /** Pays for work that was done. What is left never goes below zero. */
  settle(steps: number): void {
    this.#left = Math.max(0, this.#left - steps);
  }
}
