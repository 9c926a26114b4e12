/**
 * A breaker a model: after some failures in a row the model is left alone for a while, then asked once to see whether it is well again.
 * The state machine is pure; `Breakers` holds the states of one isolate, shared by all its calls.
 */
import { BoundedMap } from '../bounded-map.ts';

export type BreakerState =
  | { readonly status: 'closed'; readonly failures: number }
  /** Left alone until then (epoch milliseconds). `gone`: the provider said that the model no longer exists. */
  | { readonly status: 'open'; readonly until: number; readonly gone: boolean }
  /** One call is out to try the model. When it never reports back, as after a cancellation, another may try at `until`. */
  | { readonly status: 'half-open'; readonly until: number };

export interface BreakerSettings {
  /** Failures in a row that open it. */
  readonly threshold: number;
  readonly openMs: number;
  /** How long a model that no longer exists is left alone. */
  readonly goneMs: number;
}

export const breakerSettings: BreakerSettings = { threshold: 5, openMs: 30_000, goneMs: 3_600_000 };

export const closed: BreakerState = { status: 'closed', failures: 0 };

/** Whether a call may go to the model now. */
export function allows(state: BreakerState, now: number): boolean {
  return state.status === 'closed' || now >= state.until;
}

/** A call goes to the model. Out of an open or waiting breaker it is the one that tries. */
export function begun(state: BreakerState, now: number, { openMs }: BreakerSettings): BreakerState {
  return state.status === 'closed' ? state : { status: 'half-open', until: now + openMs };
}

/** The model failed a call. */
export function failed(state: BreakerState, now: number, { threshold, openMs }: BreakerSettings): BreakerState {
  const failures = state.status === 'closed' ? state.failures + 1 : threshold;
  return failures < threshold ? { status: 'closed', failures } : { status: 'open', until: now + openMs, gone: false };
}

const maxModels = 256;

/** A model is now left alone for so many milliseconds, or is `ok` again. */
export interface BreakerChange {
  readonly model: string;
  readonly state: 'resting' | 'gone' | 'ok';
  readonly forMs: number;
}

export class Breakers {
  readonly #settings: BreakerSettings;
  readonly #changed: (change: BreakerChange) => void;
  readonly #states = new BoundedMap<string, BreakerState>(maxModels);

  /** `changed` hears of every breaker that opens or closes. */
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
