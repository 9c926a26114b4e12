/**
 * What one run may compute for its checks and comparisons, counted in steps and not by a clock: a run that is replayed spends the same. The accounts
 * of models are `allowance.ts` and `budget.ts`; this is our own processor's.
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

  /** Pays before the work is done. Throws `ComputeSpent`, and then nothing more is paid for: what is left stays left for smaller work. */
  spend(steps: number): void {
    if (steps > this.#left) throw new ComputeSpent();
    this.#left -= steps;
  }

  /** Pays for work that was done; never below nothing. */
  settle(steps: number): void {
    this.#left = Math.max(0, this.#left - steps);
  }
}
