/** Everything the page says, whatever the language. */
import type { PassRole } from '../src/reflection/model.ts';
import type { Decision, Issue, IssueKind, Severity } from '../src/reflection/record.ts';
import type { weights } from '../src/reflection/rules/gate.ts';
import type { GateAction, StrategyName } from '../src/reflection/strategies.ts';
import type { OfferedCheck } from './request-form.ts';
import type { RunStatus } from './run-view.ts';
import type { StepName, StepState } from './steps.ts';

export interface Texts {
  readonly page: Readonly<Record<PageText, string>>;
  readonly status: Readonly<Record<RunStatus, string>>;
  readonly decision: Readonly<Record<Decision, string>>;
  readonly gate: Readonly<Record<GateAction, string>>;
  readonly role: Readonly<Record<PassRole, string>>;
  readonly check: { readonly pass: string; readonly fail: string; readonly skipped: string };
  readonly verdict: { readonly pass: string; readonly revise: string; readonly unsure: string };
  /** What a strategy does. */
  readonly strategy: Readonly<Record<StrategyName, string>>;
  /** What a signal of the gate says of the draft. */
  readonly signal: Readonly<Record<keyof typeof weights, string>>;
  readonly issue: Readonly<Record<IssueKind, string>>;
  readonly severity: Readonly<Record<Severity, string>>;
  readonly confirmed: Readonly<Record<Issue['confirmed'], string>>;
  readonly offered: Readonly<Record<OfferedCheck, string>>;
  readonly step: Readonly<Record<StepName, string>>;
  readonly stepState: Readonly<Record<StepState, string>>;
  /** What went wrong and what to do about it, by the error's code. */
  readonly failure: Readonly<Record<FailureCode, string>>;
  readonly waits: (seconds: number) => string;
  readonly number: (value: number) => string;
  readonly runs: (count: number) => string;
  readonly examples: readonly Example[];
  readonly by: {
    readonly code: string;
    readonly repair: string;
    readonly revision: string;
    readonly escalation: string;
  };
}

/** `unreachable`: no answer came. `other`: whatever has no sentence of its own. */
export type FailureCode =
  | 'unreachable'
  | 'other'
  | 'invalid_api_key'
  | 'missing_scope'
  | 'not_found'
  | 'invalid_request'
  | 'tier_policy'
  | 'context_length_exceeded'
  | 'request_exceeds_limit'
  | 'body_too_large'
  | 'rate_limited'
  | 'budget_exhausted'
  | 'upstream_quota'
  | 'upstream_failed'
  | 'upstream_busy'
  | 'deadline';

/** A request to begin with. */
export interface Example {
  readonly prompt: string;
  readonly why: string;
}

export type PageText =
  | 'tagline'
  | 'key'
  | 'keyHint'
  | 'prompt'
  | 'promptHint'
  | 'tier'
  | 'strategy'
  | 'checks'
  | 'addCheck'
  | 'removeCheck'
  | 'run'
  | 'cancel'
  | 'answer'
  | 'draft'
  | 'second'
  | 'revision'
  | 'passes'
  | 'none'
  | 'reference'
  | 'recent'
  | 'usage'
  | 'gate'
  | 'copyAs'
  | 'copied'
  | 'link'
  | 'store'
  | 'limits'
  | 'tokens'
  | 'runs'
  | 'risk'
  | 'accepted'
  | 'rejected'
  | 'needsKey'
  | 'empty'
  | 'added'
  | 'removed'
  | 'needsKeyForRun'
  | 'needsNumber'
  | 'needsValue'
  | 'badPattern'
  | 'notCopied'
  | 'reconnecting'
  | 'introTitle'
  | 'introText'
  | 'examples'
  | 'draftSoFar'
  | 'thoughts'
  | 'waiting'
  | 'noAnswer'
  | 'value'
  | 'votes'
  | 'fast'
  | 'balanced'
  | 'quality'
  | 'max'
  | 'language'
  | 'cost'
  | 'time'
  | 'pass'
  | 'model'
  | 'output';
