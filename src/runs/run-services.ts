/** What a run is given by the composition root: models, the engine, a clock, a log. */
import type { Log } from '../errors.ts';
import type { ReflectionTools } from '../reflection/context.ts';
import type { EngineEvent } from '../reflection/events.ts';
import type { Model, Roster } from '../reflection/model.ts';
import type { ReflectionRequest, TierName } from '../reflection/request.ts';

/** The engine: ends with `run.completed`, throws `AppError` when there is no answer and `Cancelled` when the run was cancelled. */
export type ReflectionEngine = (request: ReflectionRequest, tools: ReflectionTools) => AsyncIterable<EngineEvent>;

export interface RunModels {
  roster(tier: TierName): Roster;
  /** A connection for one life of a run, to the models that the run was started with: aborting `signal` closes every request it has under way. */
  connect(roster: Roster, signal: AbortSignal): Model;
}

/** How long an ended run is kept, in milliseconds. */
export interface Retention {
  /** With `store: false`. */
  readonly unstoredMs: number;
  /** With `store: true`. */
  readonly storedMs: number;
}

export interface RunServices {
  readonly models: RunModels;
  readonly reflect: ReflectionEngine;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** A fresh unguessable word. */
  readonly nonce: () => string;
  readonly log: Log;
  readonly retention: Retention;
}

const hourMs = 3_600_000;

/** Twenty-four hours, and thirty days for what the caller asked to store. */
export const defaultRetention: Retention = { unstoredMs: 24 * hourMs, storedMs: 30 * 24 * hourMs };
