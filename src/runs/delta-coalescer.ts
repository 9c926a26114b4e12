/** Joins a pass's deltas, so that a fast model makes few events: those that come right after a frame has left wait for one another. */
import type { EngineEvent } from '../reflection/events.ts';
import { frameMs } from './frame-tick.ts';

export type PassDelta = Extract<EngineEvent, { type: 'pass.delta' }>;

export class DeltaCoalescer {
  readonly #begun = new Set<string>();
  readonly #held = new Map<string, PassDelta>();
  /** Epoch milliseconds. */
  #lastFrameAt = Number.NEGATIVE_INFINITY;

  /**
   * What leaves now: the delta itself when it is the first of its attempt, all that is held when the last frame left a while ago, or nothing. The clock
   * is looked at here, too, because ticks come late where the thread is busy.
   */
  take(delta: PassDelta, nowMs: number): readonly PassDelta[] {
    const attempt = `${delta.attempt} ${delta.pass}`;
    if (!this.#begun.has(attempt)) {
      this.#begun.add(attempt);
      this.#lastFrameAt = nowMs;
      return [delta];
    }
    const held = this.#held.get(attempt);
    this.#held.set(attempt, held ? joined(held, delta) : delta);
    const sinceFrame = nowMs - this.#lastFrameAt;
    // A clock that was set back holds nothing up.
    return sinceFrame >= frameMs || sinceFrame < 0 ? this.drain(nowMs) : [];
  }

  /** What was held, in the order in which the attempts began to be held. */
  drain(nowMs: number): readonly PassDelta[] {
    const deltas = [...this.#held.values()];
    this.#held.clear();
    if (deltas.length > 0) this.#lastFrameAt = nowMs;
    return deltas;
  }
}

/** One delta that does to any text what the two do one after the other. */
export function joined(first: PassDelta, second: PassDelta): PassDelta {
  if (second.offset < first.offset) return second;
  return { ...first, text: first.text.slice(0, second.offset - first.offset) + second.text };
}
