/** How the models are, as the isolates of the service tell it: who saw a model fail or come back says so here, and `/health` reads it. Pure. */
import { BoundedMap } from '../../bounded-map.ts';
import type { BreakerChange } from '../breaker.ts';
import type { Ailing } from '../platform.ts';

/** When its rest is over a model is about to be tried. Without any word for this long, it is taken to be well: most isolates never saw it fail. */
const tryingMs = 60_000;

const mostModels = 256;

export class ModelStates {
  readonly #states = new BoundedMap<string, { readonly status: 'resting' | 'gone'; readonly until: number }>(
    mostModels,
  );

  /** The newest word on a model counts, whoever says it. The model spoken of longest ago makes room. */
  report({ model, state, forMs }: BreakerChange, now: number): void {
    if (state === 'ok') this.#states.delete(model);
    else this.#states.set(model, { status: state, until: now + forMs });
  }

  ailing(now: number): Ailing[] {
    for (const [model, { until }] of this.#states) if (now >= until + tryingMs) this.#states.delete(model);
    return [...this.#states].map(([model, { status, until }]) => ({ model, status: now < until ? status : 'trying' }));
  }
}
