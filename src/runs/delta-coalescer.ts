/** Joins a pass's deltas, so that a fast model makes few events: the first goes out at once, what follows waits to be drained. */
import type { EngineEvent } from '../reflection/events.ts';

export type PassDelta = Extract<EngineEvent, { type: 'pass.delta' }>;

export class DeltaCoalescer {
  readonly #begun = new Set<string>();
  readonly #held = new Map<string, PassDelta>();

  /** The delta itself when it is the first of its attempt; otherwise undefined, and it is held. */
  take(delta: PassDelta): PassDelta | undefined {
    const attempt = `${delta.attempt} ${delta.pass}`;
    if (!this.#begun.has(attempt)) {
      this.#begun.add(attempt);
      return delta;
    }
    const held = this.#held.get(attempt);
    this.#held.set(attempt, held ? joined(held, delta) : delta);
    return undefined;
  }

  /** What was held, in the order in which the attempts began to be held. */
  drain(): PassDelta[] {
    const deltas = [...this.#held.values()];
    this.#held.clear();
    return deltas;
  }
}

/** One delta that does to any text what the two do one after the other. */
export function joined(first: PassDelta, second: PassDelta): PassDelta {
  if (second.offset < first.offset) return second;
  return { ...first, text: first.text.slice(0, second.offset - first.offset) + second.text };
}
