/** The record of a reflection, and `fold`: the one way from a stream of events to it. */

import { type BusyTime, begun, busyMs, ended, idle } from './busy-time.ts';
import type { CheckResult } from './checks/check.ts';
import type { Critique } from './critique.ts';
import { unifiedDiff } from './diff.ts';
import type { Ending, RunError } from './ending.ts';
import type { Decision, Degradation, ReflectionEvent } from './events.ts';
import type { Gate } from './gate.ts';
import type { PassRole } from './model.ts';
import type { Include } from './request.ts';
import { answerSoFar, nothingStands, type Standing } from './so-far.ts';
import { strategies } from './strategies.ts';

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

/** One critique, and what came of it. */
export interface Round {
  readonly draft_checks: readonly CheckResult[];
  readonly critique: Critique | null;
  readonly revision: { readonly accepted: boolean; readonly reasons: readonly string[] } | null;
}

export interface TraceEntry {
  readonly pass: string;
  readonly attempt: number;
  readonly text: string;
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
}

/** What `fold` keeps between events: the record so far and what it is computed from. */
export interface FoldState {
  readonly record: Reflection;
  readonly include: readonly Include[];
  readonly createdMs: number;
  /** Text of each pass's newest attempt. */
  readonly passTexts: ReadonlyMap<string, { readonly attempt: number; readonly text: string }>;
  readonly checksBySubject: ReadonlyMap<string, readonly CheckResult[]>;
  readonly firstDeltaMs: number | null;
  readonly busy: BusyTime;
  readonly standing: Standing;
}

const noUsage: Usage = { input_tokens: 0, output_tokens: 0, total_tokens: 0, cost_usd: 0, neurons: null, passes: [] };

export const emptyFold: FoldState = {
  record: {
    id: '',
    object: 'reflection',
    created_at: 0,
    status: 'queued',
    output: '',
    finish_reason: null,
    decision: null,
    changed: false,
    degraded: null,
    small_judge: false,
    gate: null,
    passed: null,
    checks: [],
    rounds: [],
    usage: noUsage,
    cache: { status: 'bypass', age_s: null },
    timing: { total_ms: 0, overhead_ms: 0, ttft_ms: null },
    error: null,
    metadata: {},
  },
  include: [],
  createdMs: 0,
  passTexts: new Map(),
  checksBySubject: new Map(),
  firstDeltaMs: null,
  busy: idle,
  standing: nothingStands,
};

/** The record that these events make. Any prefix of a log gives the record so far. */
export function fold(events: Iterable<ReflectionEvent>): Reflection {
  let state = emptyFold;
  for (const event of events) state = step(state, event);
  return state.record;
}

/** One event more. */
export function step(state: FoldState, event: ReflectionEvent): FoldState {
  const { record } = state;
  switch (event.type) {
    case 'run.queued': {
      const { reflection_id: id, include, metadata } = event;
      const createdMs = Date.parse(event.at);
      const created_at = Math.floor(createdMs / 1000);
      const cache = { status: event.cache, age_s: null };
      return { ...state, include, createdMs, record: { ...record, id, created_at, metadata, cache } };
    }
    case 'run.started':
      return {
        ...state,
        standing: { ...state.standing, form: strategies[event.strategy].draft },
        record: { ...record, status: 'running', small_judge: event.small_judge },
      };
    case 'pass.started':
      return { ...state, busy: begun(state.busy, event.pass, Date.parse(event.at)) };
    case 'vote.completed':
    case 'confirm.completed':
      return state;
    case 'edit.applied': {
      const edited = new Map(state.standing.edited).set(event.subject, event.text);
      return { ...state, standing: { ...state.standing, edited } };
    }
    case 'pass.delta':
      return withDelta(state, event);
    case 'pass.retried': {
      const passTexts = new Map(state.passTexts).set(event.pass, { attempt: event.attempt, text: '' });
      return { ...state, passTexts, record: { ...record, usage: addPass(record.usage, event.usage) } };
    }
    case 'pass.completed':
    case 'pass.failed':
      return {
        ...state,
        busy: ended(state.busy, event.pass, Date.parse(event.at)),
        record: { ...record, usage: addPass(record.usage, event.usage) },
      };
    case 'check.completed': {
      const results = [...(state.checksBySubject.get(event.subject) ?? []), event.check];
      const checksBySubject = new Map(state.checksBySubject).set(event.subject, results);
      return {
        ...state,
        checksBySubject,
        record: event.subject === 'draft' ? { ...record, ...checked(results) } : record,
      };
    }
    case 'gate.decided':
      return { ...state, record: { ...record, gate: event.gate } };
    case 'critique.completed': {
      const draft_checks = state.checksBySubject.get(event.subject) ?? [];
      const round: Round = { draft_checks, critique: event.critique, revision: null };
      return { ...state, record: { ...record, rounds: [...record.rounds, round] } };
    }
    case 'revision.accepted':
      return {
        ...state,
        standing: { ...state.standing, accepted: event.subject },
        record: { ...record, rounds: withRevision(state, event) },
      };
    case 'revision.rejected':
      return { ...state, record: { ...record, rounds: withRevision(state, event) } };
    case 'run.completed':
    case 'run.failed':
    case 'run.cancelled':
      return { ...state, record: event.reflection };
  }
}

/** Applies a delta the way every reader must: a replayed overlap or a restarted attempt changes nothing that was right. */
export function applyDelta(text: string, delta: { readonly offset: number; readonly text: string }): string {
  return text.slice(0, delta.offset) + delta.text;
}

function withDelta(state: FoldState, event: Extract<ReflectionEvent, { type: 'pass.delta' }>): FoldState {
  const known = state.passTexts.get(event.pass);
  if (known && known.attempt > event.attempt) return state;
  const before = known?.attempt === event.attempt ? known.text : '';
  const passTexts = new Map(state.passTexts).set(event.pass, {
    attempt: event.attempt,
    text: applyDelta(before, event),
  });
  // An empty delta only keeps the numbering whole after a loss: nothing was said in it.
  const firstDeltaMs = state.firstDeltaMs ?? (event.text === '' ? null : Date.parse(event.at));
  return { ...state, passTexts, firstDeltaMs };
}

/** The usage with one row more; totals are the sums of the charged rows. */
function addPass(usage: Usage, row: PassUsage): Usage {
  const passes = [...usage.passes, row];
  if (!row.charged) return { ...usage, passes };
  const neurons = row.neurons === null ? usage.neurons : (usage.neurons ?? 0) + row.neurons;
  return {
    input_tokens: usage.input_tokens + row.input_tokens,
    output_tokens: usage.output_tokens + row.output_tokens,
    total_tokens: usage.total_tokens + row.input_tokens + row.output_tokens,
    cost_usd: usage.cost_usd + row.cost_usd,
    neurons,
    passes,
  };
}

function withRevision(
  { record: { rounds }, checksBySubject }: FoldState,
  event: Extract<ReflectionEvent, { type: 'revision.accepted' | 'revision.rejected' }>,
): readonly Round[] {
  const revision = { accepted: event.type === 'revision.accepted', reasons: event.reasons };
  const last = rounds.at(-1);
  if (last && !last.revision) return [...rounds.slice(0, -1), { ...last, revision }];
  // A revision without a critique answers failed checks: it is a round of its own.
  return [...rounds, { draft_checks: checksBySubject.get(event.base) ?? [], critique: null, revision }];
}

/** The finished record: the record so far, the ending, and what `include` asked for. */
export function finish(state: FoldState, ending: Ending, nowMs: number): Reflection {
  const record: Reflection = { ...state.record, status: ending.type, timing: timing(state, nowMs), ...trace(state) };
  if (ending.type === 'failed') return { ...record, error: ending.error };
  if (ending.type === 'cancelled') {
    const { subject, ...soFar } = answerSoFar(state.standing, (pass) => state.passTexts.get(pass)?.text ?? '');
    return { ...record, ...soFar, ...checked(state.checksBySubject.get(subject)) };
  }
  const { output, draft, finish_reason, decision, degraded, subject } = ending.outcome;
  return {
    ...record,
    output,
    finish_reason,
    decision,
    degraded,
    changed: output !== draft,
    ...checked(state.checksBySubject.get(subject)),
    ...(state.include.includes('draft') ? { draft } : {}),
    ...(state.include.includes('diff') ? { diff: unifiedDiff(draft, output) } : {}),
  };
}

/** The checks of a text, and what they come to. */
function checked(checks: readonly CheckResult[] = []): Pick<Reflection, 'passed' | 'checks'> {
  const has = (status: CheckResult['status']) => checks.some((check) => check.status === status);
  return { passed: has('fail') ? false : has('pass') ? true : null, checks };
}

/** `overhead_ms` is what no model call covers: the service's own time and waiting. Calls made at the same time cover it once. */
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
  return { trace: [...state.passTexts].map(([pass, { attempt, text }]) => ({ pass, attempt, text })) };
}
