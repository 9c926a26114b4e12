/** The record of a reflection: what happened, what it cost and why the answer is what it is. `fold` makes it from the events. */
import type { CheckResult } from './checks/check.ts';
import type { Critique } from './critic-reply.ts';
import type { RunError } from './ending.ts';
import type { Decision, Degradation } from './events.ts';
import type { PassRole } from './model.ts';
import type { StrategyName, TierName } from './request.ts';
import type { Gate } from './rules/gate.ts';
import type { StoredRequest } from './stored-request.ts';

/** One attempt at one model call. Attempts that were lost stand here too, with `charged: false`. */
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
  /** `interrupted`: stopped from outside, by a cancellation, the deadline or a loss of the service; `charged` says who bears it. */
  /** `unknown`: the provider ended the answer with a word that nobody knows; such an answer is not cached. */
  readonly finish_reason: 'stop' | 'length' | 'unknown' | 'error' | 'interrupted';
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
  readonly finish_reason: 'stop' | 'length' | null;
  readonly decision: Decision | null;
  readonly changed: boolean;
  readonly degraded: Degradation | null;
  /** A model of the small class was allowed to judge here. */
  readonly small_judge: boolean;
  readonly gate: Gate | null;
  /** Over the checks of the final output: false when one fails, true when one passes and none fails, null when none tells. */
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
