/**
 * A circuit breaker for each model. After several failures in a row the model is not asked for a while; then one call tries it.
 * The state machine is pure. `Breakers` holds the states of one isolate, which all its calls share.
 */
import { BoundedMap } from '../bounded-map.ts';

export type BreakerState =
  | { readonly status: 'closed'; readonly failures: number }
  /** Not asked until then (epoch milliseconds). `gone`: the provider said that the model no longer exists. */
  | { readonly status: 'open'; readonly until: number; readonly gone: boolean }
  /** One call is trying the model. If it never reports back, as after a cancellation, another may try at `until`. */
  | { readonly status: 'half-open'; readonly until: number };

export interface BreakerSettings {
  /** Failures in a row that open it. */
  readonly threshold: number;
  readonly openMs: number;
  /** How long a model that no longer exists is not asked. */
  readonly goneMs: number;
}

export const breakerSettings: BreakerSettings = { threshold: 5, openMs: 30_000, goneMs: 3_600_000 };

export const closed: BreakerState = { status: 'closed', failures: 0 };

/** Whether a call may go to the model now. */
export function allows(state: BreakerState, now: number): boolean {
  return state.status === 'closed' || now >= state.until;
}

/** A call goes to the model. If the breaker is not closed, this call is the one that tries it. */
export function begun(state: BreakerState, now: number, { openMs }: BreakerSettings): BreakerState {
  return state.status === 'closed' ? state : { status: 'half-open', until: now + openMs };
}

/** The model failed a call. */
export function failed(state: BreakerState, now: number, { threshold, openMs }: BreakerSettings): BreakerState {
  const failures = state.status === 'closed' ? state.failures + 1 : threshold;
  return failures < threshold ? { status: 'closed', failures } : { status: 'open', until: now + openMs, gone: false };
}

const maxModels = 256;

/** A model is now not asked for `forMs` milliseconds, or is `ok` again (`forMs` is 0). */
export interface BreakerChange {
  readonly model: string;
  readonly state: 'resting' | 'gone' | 'ok';
  readonly forMs: number;
}

export class Breakers {
  readonly #settings: BreakerSettings;
  readonly #changed: (change: BreakerChange) => void;
  readonly #states = new BoundedMap<string, BreakerState>(maxModels);

  /** Calls `changed` whenever a breaker opens or closes. */
  constructor(settings: BreakerSettings = breakerSettings, changed: (change: BreakerChange) => void = () => undefined) {
    this.#settings = settings;
    this.#changed = changed;
  }

  state(model: string): BreakerState {
    return this.#states.get(model) ?? closed;
  }

  allows(model: string, now: number): boolean {
    return allows(this.state(model), now);
  }

  begun(model: string, now: number): void {
    this.#set(model, begun(this.state(model), now, this.#settings));
  }

  succeeded(model: string): void {
    const wasClosed = this.state(model).status === 'closed';
    this.#states.delete(model);
    if (!wasClosed) this.#changed({ model, state: 'ok', forMs: 0 });
  }

  failed(model: string, now: number): void {
    const state = failed(this.state(model), now, this.#settings);
    this.#set(model, state);
    if (state.status === 'open') this.#changed({ model, state: 'resting', forMs: state.until - now });
  }

  gone(model: string, now: number): void {
    const { goneMs } = this.#settings;
    this.#set(model, { status: 'open', until: now + goneMs, gone: true });
    this.#changed({ model, state: 'gone', forMs: goneMs });
  }

  /** A closed breaker without failures is not stored. */
  #set(model: string, state: BreakerState): void {
    if (state.status === 'closed' && state.failures === 0) this.#states.delete(model);
    else this.#states.set(model, state);
  }
}
