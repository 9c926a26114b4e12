/** The engine's events given their place in a run's log, the record kept as it grows, and the record as it ends. */
import { busyMs } from './busy-time.ts';
import type { Ending } from './ending.ts';
import type { EngineEvent, EventHead, ReflectionEvent } from './events.ts';
import { checked, emptyFold, type FoldState, step } from './fold.ts';
import { includedDiff } from './included-diff.ts';
import { partialAnswer } from './partial-answer.ts';
import type { Reflection, TraceEntry } from './record.ts';
import type { Include } from './request.ts';

/**
 * Stamps what the engine yields with its place in the log and keeps the record as it grows.
 * A run's log starts with `queued`, and `end` closes it.
 */
export class Recorder {
  #state: FoldState = emptyFold;
  #lastId = 0;
  #headAt = { ms: Number.NaN, text: '' };
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

  /** Restores the state from an existing log, as after a loss of the object. */
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
    const now = this.#now();
    // Most events follow another within the millisecond.
    if (now !== this.#headAt.ms) this.#headAt = { ms: now, text: new Date(now).toISOString() };
    return { id: this.#lastId + 1, reflection_id: this.#reflectionId, at: this.#headAt.text };
  }

  #take(event: ReflectionEvent): ReflectionEvent {
    this.#state = step(this.#state, event);
    this.#lastId = event.id;
    return event;
  }
}

/** The finished record: the record so far, the ending, and what `include` asked for. */
export function finish(state: FoldState, ending: Ending, nowMs: number): Reflection {
  const record: Reflection = { ...state.record, status: ending.type, timing: timing(state, nowMs), ...trace(state) };
  if (ending.type === 'failed') return { ...record, error: ending.error };
  if (ending.type === 'cancelled') {
    const { subject, ...partial } = partialAnswer(state.answerTexts, (pass) => state.passTexts.get(pass)?.text ?? '');
    return { ...record, ...partial, ...checked(state.checksBySubject.get(subject)) };
  }
  const { output, draft, finish_reason, tool_calls, decision, exhausted, degraded, subject } = ending.outcome;
  return {
    ...record,
    output,
    finish_reason,
    ...(tool_calls && { tool_calls }),
    decision,
    exhausted,
    degraded,
    changed: output !== draft,
    ...checked(state.checksBySubject.get(subject)),
    ...(state.include.includes('draft') ? { draft } : {}),
    ...(state.include.includes('diff') ? { diff: includedDiff(draft, output) } : {}),
  };
}

/** `overhead_ms` is the time in which no model call runs: the service's own work and waiting. */
function timing(state: FoldState, nowMs: number): Reflection['timing'] {
  const total_ms = Math.max(0, nowMs - state.createdMs);
  return {
    total_ms,
    overhead_ms: Math.max(0, total_ms - busyMs(state.busy, nowMs)),
    ttft_ms: state.firstDeltaMs === null ? null : state.firstDeltaMs - state.createdMs,
  };
}

function trace(state: FoldState): { readonly trace?: readonly TraceEntry[] } {
  if (!state.include.includes('trace')) return {};
  const { passTexts, repairsBySubject } = state;
  const trace = Array.from(passTexts, ([pass, { attempt, text }]) => {
    const repairs = repairsBySubject.get(pass) ?? [];
    return { pass, attempt, text, repairs };
  });
  return { trace };
}
