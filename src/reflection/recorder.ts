/** The engine's events given their place in a run's log, and the record kept as it grows. */

import type { Ending } from './ending.ts';
import type { EngineEvent, EventHead, ReflectionEvent } from './events.ts';
import type { Reflection } from './record.ts';
import { emptyFold, type FoldState, finish, step } from './reflection.ts';
import type { Include } from './request.ts';

/**
 * Stamps what the engine yields with its place in the log and keeps the record as it grows.
 * A run's log starts with `queued`, and `end` closes it.
 */
export class Recorder {
  #state: FoldState = emptyFold;
  #lastId = 0;
  readonly #reflectionId: string;
  readonly #now: () => number;

  constructor(reflectionId: string, now: () => number) {
    this.#reflectionId = reflectionId;
    this.#now = now;
  }

  /** The record so far. */
  get record(): Reflection {
    return this.#state.record;
  }

  /** The id of the last event, 0 before the first. */
  get lastId(): number {
    return this.#lastId;
  }

  /** Takes up a log that stands already, as after a loss of the object. */
  replay(events: Iterable<ReflectionEvent>): void {
    for (const event of events) this.#take(event);
  }

  queued(
    include: readonly Include[],
    metadata: Readonly<Record<string, string>>,
    cache: 'miss' | 'bypass' = 'bypass',
  ): ReflectionEvent {
    return this.#take({ ...this.#head(), type: 'run.queued', include, metadata, cache });
  }

  stamp(event: EngineEvent): ReflectionEvent {
    if (event.type === 'run.completed') return this.end({ type: 'completed', outcome: event.outcome });
    return this.#take({ ...this.#head(), ...event });
  }

  end(ending: Ending): ReflectionEvent {
    const reflection = finish(this.#state, ending, this.#now());
    return this.#take({ ...this.#head(), type: `run.${ending.type}`, reflection });
  }

  #head(): EventHead {
    return { id: this.#lastId + 1, reflection_id: this.#reflectionId, at: new Date(this.#now()).toISOString() };
  }

  #take(event: ReflectionEvent): ReflectionEvent {
    this.#state = step(this.#state, event);
    this.#lastId = event.id;
    return event;
  }
}
