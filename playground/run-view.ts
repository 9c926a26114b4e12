/** What the page shows of a run, as its events make it: the engine's own fold, and what a record does not keep. Pure. */
import type { CheckResult } from '../src/reflection/checks/check.ts';
import type { ReflectionEvent } from '../src/reflection/events.ts';
import { emptyFold, type FoldState, step } from '../src/reflection/fold.ts';
import type { PassRole } from '../src/reflection/model.ts';
import { partialAnswer } from '../src/reflection/partial-answer.ts';
import type { Critique, Gate, Issue, PassUsage, Reflection } from '../src/reflection/record.ts';
import type { StrategyName } from '../src/reflection/strategies.ts';

export type RunStatus = 'queued' | 'running' | 'completed' | 'failed' | 'cancelled';

export interface PassView {
  readonly id: string;
  readonly role: PassRole;
  readonly model: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** Null while it goes on. */
  readonly usage: PassUsage | null;
  readonly failed: boolean;
}

export interface TextChange {
  readonly subject: string;
  readonly base: string;
  readonly by: 'code' | 'repair' | 'revision';
  /** What code did, by name. */
  readonly kinds: readonly string[];
}

export interface Verdict {
  readonly subject: string;
  readonly base: string;
  readonly accepted: boolean;
  readonly reasons: readonly string[];
}

export interface RunView {
  readonly id: string | null;
  readonly status: RunStatus;
  /** Of the run, in epoch milliseconds. */
  readonly startedAt: number | null;
  readonly lastEventId: number;
  readonly strategy: StrategyName | null;
  readonly fold: FoldState;
  /** The texts that were made of others, by subject. */
  readonly edited: Readonly<Record<string, string>>;
  readonly checks: Readonly<Record<string, readonly CheckResult[]>>;
  readonly gate: Gate | null;
  /** The critiques, each with the subject that it read. */
  readonly critiques: readonly { readonly subject: string; readonly critique: Critique }[];
  readonly confirmed: readonly Issue[];
  readonly votes: readonly { readonly answer: string; readonly votes: number }[];
  readonly changes: readonly TextChange[];
  readonly verdicts: readonly Verdict[];
  readonly passes: readonly PassView[];
  /** At the end. */
  readonly record: Reflection | null;
}

export const emptyRun: RunView = {
  id: null,
  status: 'queued',
  startedAt: null,
  lastEventId: 0,
  strategy: null,
  fold: emptyFold,
  edited: {},
  checks: {},
  gate: null,
  critiques: [],
  confirmed: [],
  votes: [],
  changes: [],
  verdicts: [],
  passes: [],
  record: null,
};

/** One event more. An event that was seen before changes nothing, so that a stream may be followed anew. */
export function withEvent(run: RunView, event: ReflectionEvent): RunView {
  if (event.id <= run.lastEventId) return run;
  const next = {
    ...run,
    id: event.reflection_id,
    lastEventId: event.id,
    fold: step(run.fold, event),
    startedAt: run.startedAt ?? Date.parse(event.at),
  };
  switch (event.type) {
    case 'run.started':
      return { ...next, status: 'running', strategy: event.strategy };
    case 'pass.started': {
      const { pass, role, model, at } = event;
      const begun: PassView = { id: pass, role, model, startedAt: Date.parse(at), usage: null, failed: false };
      return { ...next, passes: [...run.passes, begun] };
    }
    case 'pass.retried':
      return { ...next, passes: [...ended(run.passes, event.usage, true), again(run.passes, event)] };
    case 'pass.completed':
      return { ...next, passes: ended(run.passes, event.usage, false) };
    case 'pass.failed':
      return { ...next, passes: ended(run.passes, event.usage, true) };
    case 'check.completed': {
      const known = run.checks[event.subject] ?? [];
      return { ...next, checks: { ...run.checks, [event.subject]: [...known, event.check] } };
    }
    case 'gate.decided':
      return { ...next, gate: event.gate };
    case 'vote.completed':
      return { ...next, votes: event.answers };
    case 'critique.completed':
      return { ...next, critiques: [...run.critiques, { subject: event.subject, critique: event.critique }] };
    case 'confirm.completed':
      return { ...next, confirmed: [...run.confirmed, event.issue] };
    case 'edit.applied': {
      const { subject, base, by, edits, text } = event;
      const change: TextChange = { subject, base, by, kinds: edits.map(({ kind }) => kind) };
      return { ...next, changes: [...run.changes, change], edited: { ...run.edited, [subject]: text } };
    }
    case 'revision.accepted':
    case 'revision.rejected': {
      const { subject, base, reasons } = event;
      const verdict = { subject, base, reasons, accepted: event.type === 'revision.accepted' };
      return { ...next, verdicts: [...run.verdicts, verdict] };
    }
    case 'run.completed':
      return over(next, 'completed', event.reflection);
    case 'run.failed':
      return over(next, 'failed', event.reflection);
    case 'run.cancelled':
      return over(next, 'cancelled', event.reflection);
    default:
      return next;
  }
}

/** An answer of the cache has no event of its own for what its record says. */
function over(run: RunView, status: RunStatus, record: Reflection): RunView {
  return { ...run, status, record, gate: run.gate ?? record.gate };
}

/** The attempt that follows a lost one. */
function again(
  passes: readonly PassView[],
  { pass, model, at }: { pass: string; model: string; at: string },
): PassView {
  const role = passes.findLast(({ id }) => id === pass)?.role ?? 'draft';
  return { id: pass, role, model, startedAt: Date.parse(at), usage: null, failed: false };
}

/** The last pass of that id that goes on has ended. */
function ended(passes: readonly PassView[], usage: PassUsage, failed: boolean): readonly PassView[] {
  const at = passes.findLastIndex((pass) => pass.id === usage.id && pass.usage === null);
  return passes.map((pass, index) => (index === at ? { ...pass, usage, failed } : pass));
}

export function isOver({ status }: RunView): boolean {
  return status === 'completed' || status === 'failed' || status === 'cancelled';
}

/** A text of the run by its subject: what was made of the draft, or the draft as far as it may be shown. */
export function textOf({ edited, fold, record }: RunView, subject: string): string {
  const made = edited[subject];
  if (made !== undefined) return made;
  if (subject === 'draft' && record?.draft !== undefined) return record.draft;
  // Another draft, such as a larger model's, is read as the draft is.
  const said = (pass: string) => fold.passTexts.get(pass === 'draft' ? subject : pass)?.text ?? '';
  return partialAnswer({ ...fold.answerTexts, accepted: null }, said).output;
}

/** The text that the page shows as the answer: the record's at the end, and before it what was taken last. */
export function answerSoFar(run: RunView): string {
  if (run.record) return run.record.output;
  return textOf(run, run.fold.answerTexts.accepted ?? 'draft');
}

/** What the drafting model has said while nothing of it may be shown as an answer: its reasoning. */
export function thoughtsSoFar(run: RunView): string {
  return isOver(run) || answerSoFar(run) !== '' ? '' : (run.fold.passTexts.get('draft')?.text ?? '');
}

/** The checks of the text that `answerSoFar` gives. */
export function checksSoFar({ record, checks, fold }: RunView): readonly CheckResult[] {
  return record?.checks ?? checks[fold.answerTexts.accepted ?? 'draft'] ?? [];
}
