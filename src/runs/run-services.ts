/** What a run is given by the composition root: models, the engine, a clock, a log. */
import type { AccountId, RunAccount } from '../accounts/accounts.ts';
import type { ReflectionCache } from '../cache/reflection-cache.ts';
import type { Log } from '../errors.ts';
import type { ReflectionTools } from '../reflection/context.ts';
import type { EngineEvent } from '../reflection/events.ts';
import type { Model, Roster } from '../reflection/model.ts';
import type { Reflection } from '../reflection/record.ts';
import type { ReflectionRequest, TierName } from '../reflection/request.ts';
import type { After } from '../time-limit.ts';
import type { ChannelDelivery, Deliver } from './deliver.ts';

/** The engine: ends with `run.completed`, throws `AppError` when there is no answer and `Cancelled` when the run was cancelled. */
export type ReflectionEngine = (request: ReflectionRequest, tools: ReflectionTools) => AsyncIterable<EngineEvent>;

export interface RunModels {
  roster(tier: TierName): Roster;
  /**
   * A connection for one execution of a run, to the models that the run was started with: aborting `signal` closes every request it has under way.
   * `account` is who shares the platform's own limits with others. While `watched` says no, deltas may come fewer and larger;
   * where `waited` says that a caller waits for the end and nothing else, an answer may come in one piece, of which nothing is left when it is cut off.
   */
  connect(
    roster: Roster,
    signal: AbortSignal,
    account: AccountId,
    watched: () => boolean,
    waited: boolean,
    after: After,
  ): RunModel;
}

export interface RunModel extends Model {
  /** Nothing is under way, and nothing is held that aborting the signal would close: then it need not be aborted. */
  readonly isIdle?: boolean;
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
  /** From 0 to 1, for jitter. */
  readonly chance: () => number;
  readonly log: Log;
  readonly retention: Retention;
  readonly account: Pick<RunAccount, 'topUp' | 'settle' | 'forget'>;
  readonly cache: Pick<ReflectionCache, 'write' | 'remove'>;
  /** Whether a finished record is good enough for others. */
  readonly cacheable: (record: Reflection, request: ReflectionRequest) => boolean;
  readonly deliver: Deliver;
  /** Whichever channel a run was asked for in. */
  readonly channels: ChannelDelivery;
}

const hourMs = 3_600_000;

/** Twenty-four hours, and so many days for what the caller asked to store. */
export function retentionOf(storedDays: number): Retention {
  return { unstoredMs: 24 * hourMs, storedMs: storedDays * 24 * hourMs };
}
