/** `fold`: the one way from a stream of events to the record. */
import { type BusyTime, begun, ended, idle } from './busy-time.ts';
import type { CheckResult } from './checks/check.ts';
import type { ReflectionEvent } from './events.ts';
import { type AnswerTexts, noTexts } from './partial-answer.ts';
import type { CodeRepair, Issue, PassUsage, Reflection, Round, Usage } from './record.ts';
import type { Include } from './request.ts';
import { strategies } from './strategies.ts';

/** What `fold` keeps between events: the record so far and what it is computed from. */
export interface FoldState {
  readonly record: Reflection;
  readonly include: readonly Include[];
  readonly createdMs: number;
  /** Text of each pass's newest attempt. */
  readonly passTexts: ReadonlyMap<string, { readonly attempt: number; readonly text: string }>;
  readonly checksBySubject: ReadonlyMap<string, readonly CheckResult[]>;
  /** What code mended, by the subject of the text before it. */
  readonly repairsBySubject: ReadonlyMap<string, readonly CodeRepair[]>;
  readonly firstDeltaMs: number | null;
  readonly busy: BusyTime;
  /** The texts that may become the answer. */
  readonly answerTexts: AnswerTexts;
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
    exhausted: null,
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
  repairsBySubject: new Map(),
  firstDeltaMs: null,
  busy: idle,
  answerTexts: noTexts,
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
        answerTexts: { ...state.answerTexts, form: strategies[event.strategy].draft },
        record: { ...record, status: 'running', small_judge: event.small_judge },
      };
    case 'pass.started':
      return { ...state, busy: begun(state.busy, event.pass, Date.parse(event.at)) };
    case 'vote.completed':
      return state;
    case 'confirm.completed':
      return { ...state, record: { ...record, rounds: withConfirmed(record.rounds, event.issue) } };
    case 'edit.applied':
      return withEdit(state, event);
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
      const round: Round = { draft_checks, repairs: [], critique: event.critique, revision: null };
      return { ...state, record: { ...record, rounds: [...record.rounds, round] } };
    }
    case 'revision.accepted':
      return {
        ...state,
        answerTexts: { ...state.answerTexts, accepted: event.subject },
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

/** Applies a delta as every reader must, so that a replayed overlap or a restarted attempt gives the right text. */
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
  // An empty delta only keeps the numbering complete after a loss, so it is not the first output.
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

/** Records an edited text. A mend by code belongs to the open round, or opens one. */
function withEdit(state: FoldState, event: Extract<ReflectionEvent, { type: 'edit.applied' }>): FoldState {
  const { record, checksBySubject, answerTexts } = state;
  const edited = new Map(answerTexts.edited).set(event.subject, event.text);
  const after = { ...state, answerTexts: { ...answerTexts, edited } };
  if (event.by !== 'code') return after;
  const repairs = event.edits.map(({ reason: check, kind: transform, ...changed }) => ({
    check,
    transform,
    ...changed,
  }));
  const draft_checks = checksBySubject.get(answerTexts.accepted ?? 'draft') ?? [];
  const [before, under] = underWay(record.rounds, { draft_checks, repairs: [], critique: null, revision: null });
  return {
    ...after,
    repairsBySubject: new Map(state.repairsBySubject).set(event.base, repairs),
    record: { ...record, rounds: [...before, { ...under, repairs: [...under.repairs, ...repairs] }] },
  };
}

function withRevision(
  { record: { rounds }, checksBySubject }: FoldState,
  event: Extract<ReflectionEvent, { type: 'revision.accepted' | 'revision.rejected' }>,
): readonly Round[] {
  const revision = { accepted: event.type === 'revision.accepted', reasons: event.reasons };
  // A revision without a critique answers failed checks: it is a round of its own.
  const draft_checks = checksBySubject.get(event.base) ?? [];
  const [before, under] = underWay(rounds, { draft_checks, repairs: [], critique: null, revision: null });
  return [...before, { ...under, revision }];
}

/** The rounds with what became of an issue of the last one. */
function withConfirmed(rounds: readonly Round[], issue: Issue): readonly Round[] {
  const last = rounds.at(-1);
  if (!last?.critique) return rounds;
  const issues = last.critique.issues.map((known) => (known.id === issue.id ? issue : known));
  return [...rounds.slice(0, -1), { ...last, critique: { ...last.critique, issues } }];
}

/** The finished rounds and the open one, which has no revision yet; `otherwise` where no round is open. */
function underWay(rounds: readonly Round[], otherwise: Round): [readonly Round[], Round] {
  const last = rounds.at(-1);
  return last && !last.revision ? [rounds.slice(0, -1), last] : [rounds, otherwise];
}

/** The checks of a text, and whether it passed them. */
export function checked(checks: readonly CheckResult[] = []): Pick<Reflection, 'passed' | 'checks'> {
  const has = (status: CheckResult['status']) => checks.some((check) => check.status === status);
  return { passed: has('fail') ? false : has('pass') ? true : null, checks };
}
