/** Places for runs to come that are awake already: making an object and opening its storage is the dearest step on the way to a model. */
import type { RunId } from './runs.ts';

/** An object that nobody calls is dropped after about 70 s; in production it may sleep after 10 s, and then it is no worse than a new one. */
const freshMs = 30_000;
/** As many as requests that one isolate answers at once, about. */
const mostSpares = 8;

export class SpareRuns {
  readonly #now: () => number;
  /** Oldest first. */
  #spares: readonly { readonly id: RunId; readonly madeAt: number }[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Whether one more would be of use. */
  get wanted(): boolean {
    return this.#fresh().length < mostSpares;
  }

  add(id: RunId): void {
    this.#spares = [...this.#fresh(), { id, madeAt: this.#now() }];
  }

  /** One that nobody else gets; undefined when there is none. The newest is the likeliest to be awake. */
  take(): RunId | undefined {
    const spares = this.#fresh();
    this.#spares = spares.slice(0, -1);
    return spares.at(-1)?.id;
  }

  #fresh() {
    const now = this.#now();
    return this.#spares.filter(({ madeAt }) => now - madeAt < freshMs);
  }
}
