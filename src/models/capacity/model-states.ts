/** The states of the models, as all isolates of the service report them, for `/health`. Pure. */
import { BoundedMap } from '../../bounded-map.ts';
import type { BreakerChange } from '../breaker.ts';
import type { UnhealthyModel } from '../platform.ts';

/** How long a model counts as `trying` after its rest. Without a further report it then counts as healthy, because most isolates never saw it fail. */
const tryingMs = 60_000;

const mostModels = 256;

export class ModelStates {
  readonly #states = new BoundedMap<string, { readonly status: 'resting' | 'gone'; readonly until: number }>(
    mostModels,
  );

  /** The newest report on a model counts. */
  report({ model, state, forMs }: BreakerChange, now: number): void {
    if (state === 'ok') this.#states.delete(model);
    else this.#states.set(model, { status: state, until: now + forMs });
  }

  unhealthyModels(now: number): UnhealthyModel[] {
    for (const [model, { until }] of this.#states) if (now >= until + tryingMs) this.#states.delete(model);
    return [...this.#states].map(([model, { status, until }]) => ({ model, status: now < until ? status : 'trying' }));
  }
}
