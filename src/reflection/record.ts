/** The record of a reflection: what happened, what it cost and why the answer is what it is. `fold` makes it from the events. */
import type { ErrorCode, FieldProblem } from '../errors.ts';
import type { Exhausted } from './budget.ts';
import type { CheckResult, Span } from './checks/check.ts';
import type { FinishReason, PassRole, ToolCall } from './model.ts';
import type { ReflectionRequest, TierName } from './request.ts';
import type { GateAction, StrategyName } from './strategies.ts';

/**
 * Why the final answer is what it is. A draft with a failed check is never `kept_draft_unverified`, which means that nothing could verify it. It is
 * `unreflected` where no mending was allowed or possible, and `kept_draft_rejected_revision` where no other text was good enough.
 */
export const decisions = [
  'kept_draft_pass',
  'kept_draft_unverified',
  'kept_draft_rejected_revision',
  'kept_draft_parse_failure',
  'accepted_revision',
  'repaired_check',
  'voted',
  'escalated',
  'budget',
  'unreflected',
] as const;
export type Decision = (typeof decisions)[number];

/** A pass that was wanted and failed. The answer does without it. */
export interface Degradation {
  readonly pass: PassRole;
  readonly code: ErrorCode;
}

export interface GateSignal {
  readonly name: string;
  /** 0 to 1: how strong the signal is. */
  readonly value: number;
  /** What it adds to the score at value 1. A negative weight speaks for the draft. */
  readonly weight: number;
}

export interface Gate {
  readonly action: GateAction;
  /** Estimated risk that the draft is wrong, 0 to 1. */
  readonly score: number;
  readonly signals: readonly GateSignal[];
  readonly reasons: readonly string[];
}

export const criticVerdicts = ['pass', 'revise', 'unsure'] as const;
export type CriticVerdict = (typeof criticVerdicts)[number];

export const severities = ['blocker', 'major', 'minor', 'nit'] as const;
export type Severity = (typeof severities)[number];

export const issueKinds = [
  'incorrect_fact',
  'incorrect_reasoning',
  'arithmetic',
  'unmet_requirement',
  'format',
  'omission',
  'contradiction',
  'unsupported_claim',
  'unsafe',
  'off_topic',
  'code_error',
] as const;
export type IssueKind = (typeof issueKinds)[number];

export interface Issue {
  /** `i1` to `i3`. */
  readonly id: string;
  readonly kind: IssueKind;
  readonly severity: Severity;
  /** Verbatim from the draft; for an omission, verbatim from the request. */
  readonly quote: string;
  /** Where the quote stands in the draft; null for an omission. */
  readonly span: Span | null;
  readonly problem: string;
  /** The narrow question whose answer would confirm or refute it. */
  readonly question: string;
  /** Filled by code, never by the critic. */
  readonly confirmed: 'verified' | 'unverified' | 'refuted';
}

export interface Critique {
  readonly verdict: CriticVerdict;
  readonly issues: readonly Issue[];
  /** The critic's own answer to a closed question, given before it looked further. */
  readonly independent_answer: string | null;
}

/** One attempt at one model call. Lost attempts are listed too, with `charged: false`. */
export interface PassUsage {
  readonly id: string;
  readonly role: PassRole;
  readonly round: number;
  readonly attempt: number;
  readonly model: string;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cost_usd: number;
  readonly neurons: number | null;
  /** The provider sent no counts, so code estimated them. */
  readonly estimated: boolean;
  /** Whether the caller pays for it: totals are the sums of the charged rows. */
  readonly charged: boolean;
  readonly ttft_ms: number | null;
  readonly latency_ms: number;
  /**
   * `interrupted`: stopped from outside, by a cancellation, the deadline or a loss of the service; `charged` says whether the caller pays.
   * `unknown`: the provider gave a finish reason that we do not know; such an answer is not cached.
   */
  readonly finish_reason: FinishReason | 'unknown' | 'error' | 'interrupted';
  readonly truncated: boolean;
}

export interface Usage {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly total_tokens: number;
  readonly cost_usd: number;
  readonly neurons: number | null;
  readonly passes: readonly PassUsage[];
}

/** One mend by code. */
export interface CodeRepair {
  /** The failed check that asked for it, by its id. */
  readonly check: string;
  /** What was done, by its name in docs/checks.md. */
  readonly transform: string;
  /** How many characters (code points) the text lost. */
  readonly removed_characters: number;
  readonly added_characters: number;
}

/** One critique, or one repair of what a check refuted, and what came of it. */
export interface Round {
  /** Of the text that the round began with. */
  readonly draft_checks: readonly CheckResult[];
  readonly repairs: readonly CodeRepair[];
  readonly critique: Critique | null;
  readonly revision: { readonly accepted: boolean; readonly reasons: readonly string[] } | null;
}

export interface TraceEntry {
  readonly pass: string;
  readonly attempt: number;
  readonly text: string;
  /** What code mended in the text that came of the pass. */
  readonly repairs: readonly CodeRepair[];
}

/** Why a run failed. */
export interface RunError {
  readonly code: ErrorCode;
  readonly message: string;
  /** The wrong fields, where the request was at fault. */
  readonly fields?: readonly FieldProblem[] | undefined;
  /** Seconds after which the request may be tried again, where known. */
  readonly retry_after_s?: number | undefined;
}

/** What was asked, as it stands in the record of a reflection that the caller wanted stored. */
export type StoredRequest = Omit<ReflectionRequest, 'tier' | 'strategy' | 'metadata'>;

export type ReflectionStatus = 'queued' | 'running' | 'completed' | 'failed' | 'cancelled';

export interface Reflection {
  readonly id: string;
  readonly object: 'reflection';
  /** Epoch seconds. */
  readonly created_at: number;
  readonly status: ReflectionStatus;
  /** Empty until the run has ended, and when it failed. When it was cancelled, the answer as far as it had come. */
  readonly output: string;
  /** Null unless the run has completed. */
  readonly finish_reason: FinishReason | null;
  /** What the model called, as it called it; left out where it called nothing. */
  readonly tool_calls?: readonly ToolCall[];
  readonly decision: Decision | null;
  /**
   * What ran out, so that a call that was wanted was not made, or was cut: of the request's budget, or a limit of the account. Always told where the
   * decision is `budget`; null where nothing ran out.
   */
  readonly exhausted: Exhausted | null;
  readonly changed: boolean;
  readonly degraded: Degradation | null;
  /** A model of the small class was allowed to judge here. */
  readonly small_judge: boolean;
  readonly gate: Gate | null;
  /** Over the checks of the final output: false when one fails, true when one passes and none fails, null when all are skipped or there are none. */
  readonly passed: boolean | null;
  readonly checks: readonly CheckResult[];
  readonly rounds: readonly Round[];
  readonly draft?: string;
  readonly diff?: string;
  readonly trace?: readonly TraceEntry[];
  readonly usage: Usage;
  readonly cache: { readonly status: 'miss' | 'hit' | 'bypass' | 'joined'; readonly age_s: number | null };
  readonly timing: { readonly total_ms: number; readonly overhead_ms: number; readonly ttft_ms: number | null };
  readonly error: RunError | null;
  readonly metadata: Readonly<Record<string, string>>;
  /** What was asked, in a record that is read after it was stored. */
  readonly tier?: TierName;
  readonly strategy?: StrategyName;
  readonly request?: StoredRequest;
}

/** The record with what was asked, where it is to be stored. */
export function withRequest(
  record: Reflection,
  { tier, strategy, metadata: _, ...request }: ReflectionRequest,
): Reflection {
  return request.store ? { ...record, tier, strategy, request } : record;
}
