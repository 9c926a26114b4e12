/** What the page shows of a run, as its events make it. Pure. */
import type { CheckResult } from '../src/reflection/checks/check.ts';
import type { ReflectionEvent } from '../src/reflection/events.ts';
import type { PassRole } from '../src/reflection/model.ts';
import type { Critique, Gate, Issue, PassUsage, Reflection } from '../src/reflection/record.ts';

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
  /** Texts by subject; `draft` as far as it is written. */
  readonly texts: Readonly<Record<string, string>>;
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
  texts: {},
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
    startedAt: run.startedAt ?? Date.parse(event.at),
  };
  switch (event.type) {
    case 'run.started':
      return { ...next, status: 'running' };
    case 'pass.started': {
      const { pass, role, model, at } = event;
      const begun: PassView = { id: pass, role, model, startedAt: Date.parse(at), usage: null, failed: false };
      return { ...next, passes: [...run.passes, begun] };
    }
    case 'pass.delta': {
      const before = run.texts[event.pass] ?? '';
      return withText(next, event.pass, before.slice(0, event.offset) + event.text);
    }
    case 'pass.retried':
      return withText({ ...next, passes: ended(run.passes, event.usage, true) }, event.pass, '');
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
      return withText({ ...next, changes: [...run.changes, change] }, subject, text);
    }
    case 'revision.accepted':
    case 'revision.rejected': {
      const { subject, base, reasons } = event;
      const verdict = { subject, base, reasons, accepted: event.type === 'revision.accepted' };
      return { ...next, verdicts: [...run.verdicts, verdict] };
    }
    case 'run.completed':
      return { ...next, status: 'completed', record: event.reflection };
    case 'run.failed':
      return { ...next, status: 'failed', record: event.reflection };
    case 'run.cancelled':
      return { ...next, status: 'cancelled', record: event.reflection };
    default:
      return next;
  }
}

function withText(run: RunView, subject: string, text: string): RunView {
  return { ...run, texts: { ...run.texts, [subject]: text } };
}

/** The last pass of that id that goes on has ended. */
function ended(passes: readonly PassView[], usage: PassUsage, failed: boolean): readonly PassView[] {
  const at = passes.findLastIndex((pass) => pass.id === usage.id && pass.usage === null);
  return passes.map((pass, index) => (index === at ? { ...pass, usage, failed } : pass));
}

export function isOver({ status }: RunView): boolean {
  return status === 'completed' || status === 'failed' || status === 'cancelled';
}

/** The text that the page shows as the answer: the record's at the end, and before it what was taken last. */
export function answerSoFar({ record, verdicts, texts }: RunView): string {
  if (record) return record.output;
  const taken = verdicts.findLast(({ accepted }) => accepted);
  return (taken && texts[taken.subject]) ?? texts['draft'] ?? '';
}
