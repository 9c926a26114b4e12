/**
 * Everything that can happen in a reflection, as one closed union. Every surface (JSON, SSE, OpenAI, Slack) is a translation of these events.
 *
 * Order: `run.queued run.started`, then passes, checks and decisions, then exactly one of `run.completed run.failed run.cancelled`.
 * A pass is `pass.started`, any number of `pass.delta` and `pass.retried`, then `pass.completed` or `pass.failed`.
 * Wire shapes keep the wire's spelling (snake_case).
 */
import type { ErrorCode } from '../errors.ts';
import type { Exhausted } from './budget.ts';
import type { CheckResult } from './checks/check.ts';
import type { AppliedEdit, CodeEdit } from './edits.ts';
import type { FinishReason, PassRole, ToolCall } from './model.ts';
import type { Critique, Decision, Degradation, Gate, Issue, PassUsage, Reflection } from './record.ts';
import type { Include, TierName } from './request.ts';
import type { StrategyName } from './strategies.ts';

/** How a reflection ended, told by the engine. */
export interface Outcome {
  readonly output: string;
  /** The first draft's answer, before anything was mended. */
  readonly draft: string;
  readonly finish_reason: FinishReason;
  /** What the model called; left out where it called nothing. */
  readonly tool_calls?: readonly ToolCall[];
  readonly decision: Decision;
  /** What ran out, so that a call that was wanted was not made, or was cut. Always told where the decision is `budget`. */
  readonly exhausted: Exhausted | null;
  readonly degraded: Degradation | null;
  /** The text (by `subject`) that became the output: its checks are the record's checks. */
  readonly subject: string;
}

interface PassStarted {
  readonly type: 'pass.started';
  readonly pass: string;
  readonly role: PassRole;
  readonly round: number;
  readonly attempt: number;
  readonly model: string;
}

/** Applied as `text.slice(0, offset) + delta`, so that a replay or a restarted pass is idempotent. */
interface PassDelta {
  readonly type: 'pass.delta';
  readonly pass: string;
  readonly attempt: number;
  readonly offset: number;
  readonly text: string;
}

/** The attempt in `usage` was lost; the next one is `attempt`, by `model`. */
interface PassRetried {
  readonly type: 'pass.retried';
  readonly pass: string;
  readonly attempt: number;
  readonly model: string;
  readonly code: ErrorCode | 'interrupted';
  readonly message: string;
  readonly usage: PassUsage;
}

interface PassCompleted {
  readonly type: 'pass.completed';
  readonly pass: string;
  readonly attempt: number;
  readonly usage: PassUsage;
  /** What the model called beside its text; left out where it called nothing. */
  readonly tool_calls?: readonly ToolCall[];
}

interface PassFailed {
  readonly type: 'pass.failed';
  readonly pass: string;
  readonly attempt: number;
  readonly code: ErrorCode | 'cancelled';
  readonly message: string;
  readonly usage: PassUsage;
}

/** What `reflect()` yields while it works. */
export type StepEvent =
  | {
      readonly type: 'run.started';
      readonly strategy: StrategyName;
      readonly tier: TierName;
      readonly small_judge: boolean;
    }
  | PassStarted
  | PassDelta
  | PassRetried
  | PassCompleted
  | PassFailed
  /** `subject` names the text that was looked at: `draft`, `repair-1`, `revision-r1`, … */
  | { readonly type: 'check.completed'; readonly subject: string; readonly check: CheckResult }
  | { readonly type: 'gate.decided'; readonly gate: Gate }
  | {
      readonly type: 'vote.completed';
      readonly answers: readonly { readonly answer: string; readonly votes: number }[];
      readonly winner: string | null;
    }
  | {
      readonly type: 'critique.completed';
      readonly round: number;
      readonly subject: string;
      readonly critique: Critique;
    }
  | { readonly type: 'confirm.completed'; readonly round: number; readonly issue: Issue }
  | {
      readonly type: 'edit.applied';
      readonly subject: string;
      readonly base: string;
      readonly by: 'code';
      readonly edits: readonly CodeEdit[];
      readonly text: string;
    }
  | {
      readonly type: 'edit.applied';
      readonly subject: string;
      readonly base: string;
      readonly by: 'repair' | 'revision';
      readonly edits: readonly AppliedEdit[];
      readonly text: string;
    }
  | {
      readonly type: 'revision.accepted';
      readonly round: number;
      readonly subject: string;
      /** The text it was held against. */
      readonly base: string;
      readonly reasons: readonly string[];
    }
  | {
      readonly type: 'revision.rejected';
      readonly round: number;
      readonly subject: string;
      /** The text it was held against. */
      readonly base: string;
      readonly reasons: readonly string[];
    };

/** What `reflect()` yields, its end included. */
export type EngineEvent = StepEvent | { readonly type: 'run.completed'; readonly outcome: Outcome };

/** What the log holds and readers get. */
export type ReflectionEvent = EventHead &
  (
    | {
        readonly type: 'run.queued';
        readonly include: readonly Include[];
        readonly metadata: Readonly<Record<string, string>>;
        /** Whether an answer was looked for in the cache before. */
        readonly cache: 'miss' | 'bypass';
      }
    | StepEvent
    | { readonly type: 'run.completed'; readonly reflection: Reflection }
    | { readonly type: 'run.failed'; readonly reflection: Reflection }
    | { readonly type: 'run.cancelled'; readonly reflection: Reflection }
  );

export interface EventHead {
  /** The sequence number in the run's log, from 1 without gaps. */
  readonly id: number;
  readonly reflection_id: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}

/** The three types that end a run; nothing follows them. */
export function isTerminal(type: string): type is 'run.completed' | 'run.failed' | 'run.cancelled' {
  return type === 'run.completed' || type === 'run.failed' || type === 'run.cancelled';
}
