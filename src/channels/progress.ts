/** What people are told of a run while it goes on: a pure fold over its events. Each channel shows it in its own way. */
import type { CheckResult } from '../reflection/checks/check.ts';
import type { ReflectionEvent } from '../reflection/events.ts';
import { emptyFold, type FoldState, step as foldStep } from '../reflection/fold.ts';
import type { PassRole } from '../reflection/model.ts';
import { partialAnswer } from '../reflection/partial-answer.ts';
import type { GateAction } from '../reflection/strategies.ts';
import { counted } from './counted.ts';

const stepIds = ['draft', 'check', 'critique', 'revise'] as const;
type StepId = (typeof stepIds)[number];

export interface Step {
  readonly id: StepId;
  readonly title: string;
  readonly status: 'pending' | 'running' | 'done' | 'failed';
  readonly detail: string | null;
}

export interface Progress {
  readonly title: string;
  /** Only those that apply, in the order in which they are taken. */
  readonly steps: readonly Step[];
  /** The newest draft or revision text as far as it has come (answer text only, tags removed). */
  readonly text: string;
  readonly isOver: boolean;
  /** What `advance` goes on from. Nobody else reads it. */
  readonly told?: Told;
}

/** A step as its events told it. */
interface Seen {
  readonly status: Step['status'];
  /** What is being done, while it runs. */
  readonly doing: string | null;
  /** What came of it so far. */
  readonly result: string | null;
}

interface Told {
  readonly lastId: number;
  readonly fold: FoldState;
  readonly seen: ReadonlyMap<StepId, Seen>;
  /** The passes that run, with the step that each belongs to. */
  readonly running: ReadonlyMap<string, StepId>;
}

const titles = {
  draft: 'Draft',
  check: 'Check',
  critique: 'Second look',
  revise: 'Revise',
} as const satisfies Record<StepId, string>;

const titlesWhileRunning = {
  draft: 'Writing a draft',
  check: 'Checking',
  critique: 'Taking a second look',
  revise: 'Revising',
} as const satisfies Record<StepId, string>;

const titlesByStatus = {
  queued: 'Waiting to start',
  running: 'Working',
  completed: 'Done',
  failed: 'Failed',
  cancelled: 'Stopped',
} as const satisfies Record<FoldState['record']['status'], string>;

interface Doing {
  readonly step: StepId;
  readonly doing: string | null;
}

const doingByRole = {
  draft: { step: 'draft', doing: null },
  continuation: { step: 'draft', doing: 'going on where it was cut off' },
  critique: { step: 'critique', doing: null },
  confirm: { step: 'critique', doing: 'confirming what was found' },
  vote: { step: 'critique', doing: 'asking for independent answers' },
  repair: { step: 'revise', doing: 'mending what a check found' },
  revision: { step: 'revise', doing: 'correcting what was found' },
  judge: { step: 'revise', doing: 'comparing it with the draft' },
} as const satisfies Record<PassRole, Doing>;

/** Passes that belong to another step than others of their role. */
const doingByPass: Readonly<Record<string, Doing>> = {
  extraction: { step: 'draft', doing: 'taking the answer out of the reasoning' },
  'draft-escalated': { step: 'revise', doing: 'a larger model writes the answer anew' },
};

const nextStep = {
  return: null,
  critique: 'critique',
  vote: 'critique',
  repair: 'revise',
  escalate: 'revise',
} as const satisfies Record<GateAction, StepId | null>;

const waiting: Seen = { status: 'pending', doing: null, result: null };
const nothingTold: Told = { lastId: 0, fold: emptyFold, seen: new Map([['draft', waiting]]), running: new Map() };

/** Before the first event. */
export const noProgress: Progress = shownOf(nothingTold);

/** The progress after these events. Events that it has taken already are passed over, so a replay changes nothing. */
export function advance(progress: Progress, events: readonly ReflectionEvent[]): Progress {
  const before = progress.told ?? nothingTold;
  const told = events.reduce((state, event) => (event.id > state.lastId ? taking(state, event) : state), before);
  return told === before ? progress : shownOf(told);
}

function taking(before: Told, event: ReflectionEvent): Told {
  const told = { ...before, lastId: event.id, fold: foldStep(before.fold, event) };
  switch (event.type) {
    case 'pass.started': {
      const { step, doing } = doingByPass[event.pass] ?? doingByRole[event.role];
      const running = new Map(told.running).set(event.pass, step);
      return withStep({ ...told, running }, step, { status: 'running', doing });
    }
    case 'pass.retried': {
      const step = told.running.get(event.pass);
      return step === undefined ? told : withStep(told, step, { doing: 'trying again' });
    }
    case 'pass.completed':
      return ended(told, event.pass, {});
    case 'pass.failed': {
      const result = event.code === 'deadline' ? 'the time ran out' : 'the model did not answer';
      return ended(told, event.pass, { status: 'failed', ...(event.code !== 'cancelled' && { result }) });
    }
    case 'check.completed': {
      const subject = told.fold.answerTexts.accepted ?? 'draft';
      return withStep(told, 'check', passed(told.fold.checksBySubject.get(subject) ?? []));
    }
    case 'gate.decided': {
      const step = nextStep[event.gate.action];
      return step === null || told.seen.has(step) ? told : withStep(told, step, {});
    }
    case 'vote.completed':
      return withStep(told, 'critique', { status: 'done', result: agreement(event.answers, event.winner) });
    case 'critique.completed':
      return withStep(told, 'critique', { result: counted(event.critique.issues.length, 'problem', 'found') });
    case 'confirm.completed':
      return withStep(told, 'critique', { result: confirmation(told.fold) });
    case 'edit.applied':
      return event.by === 'code' ? withStep(told, 'revise', { status: 'done', result: 'mended by code' }) : told;
    case 'revision.accepted':
      return withStep(told, 'revise', { result: 'taken in place of the draft' });
    case 'revision.rejected':
      return withStep(told, 'revise', { result: 'not shown to be better' });
    case 'run.completed':
    case 'run.failed':
    case 'run.cancelled':
      return over(told);
    default:
      return told;
  }
}

function withStep(told: Told, step: StepId, change: Partial<Seen>): Told {
  return { ...told, seen: new Map(told.seen).set(step, { ...waiting, ...told.seen.get(step), ...change }) };
}

/** A pass is over. Its step is, unless another pass of it still runs. */
function ended(told: Told, pass: string, change: Partial<Seen>): Told {
  const step = told.running.get(pass);
  if (step === undefined) return told;
  const running = new Map(told.running);
  running.delete(pass);
  const goesOn = [...running.values()].includes(step);
  return withStep({ ...told, running }, step, goesOn ? {} : { status: 'done', ...change });
}

/** The steps as they stand at the end: none waits or runs any more. */
function over(told: Told): Told {
  const begun = [...told.seen].filter(([id, step]) => id === 'draft' || step.status !== 'pending');
  const { status } = told.fold.record;
  const result = status === 'cancelled' ? 'stopped' : null;
  const seen = new Map(
    begun.map(([id, step]) => [id, step.status === 'done' ? step : { ...step, ...brokenOff(step, result) }]),
  );
  const after = { ...told, seen, running: new Map() };
  return status === 'completed' ? completed(after) : after;
}

function brokenOff(step: Seen, result: string | null): Partial<Seen> {
  return { status: 'failed', result: step.result ?? result };
}

/** A draft that broke off is the answer all the same. Of checks and revisions, what holds for the answer counts. */
function completed(told: Told): Told {
  const { changed, checks, finish_reason } = told.fold.record;
  const draft: Partial<Seen> = { status: 'done', result: finish_reason === 'length' ? 'cut off' : null };
  const drafted = withStep(told, 'draft', draft);
  const checked = checks.length > 0 ? withStep(drafted, 'check', passed(checks)) : drafted;
  return !changed && told.seen.has('revise') ? withStep(checked, 'revise', { result: 'the draft was kept' }) : checked;
}

function passed(checks: readonly CheckResult[]): Partial<Seen> {
  const judged = checks.filter((check) => check.status !== 'skipped');
  const good = judged.filter((check) => check.status === 'pass').length;
  const result =
    judged.length === 0 ? 'nothing could be checked' : `${good} of ${counted(judged.length, 'check')} passed`;
  return { status: 'done', result };
}

function agreement(answers: readonly { readonly votes: number; readonly answer: string }[], winner: string | null) {
  if (winner === null) return 'the independent answers do not agree';
  const votes = answers.find(({ answer }) => answer === winner)?.votes ?? 0;
  const all = answers.reduce((sum, answer) => sum + answer.votes, 0);
  return `${votes} of ${counted(all, 'answer')} agree`;
}

function confirmation({ record }: FoldState): string {
  const issues = record.rounds.at(-1)?.critique?.issues ?? [];
  const confirmed = issues.filter((issue) => issue.confirmed === 'verified').length;
  return confirmed > 0
    ? counted(confirmed, 'problem', 'confirmed')
    : `${counted(issues.length, 'problem', 'found')}, none confirmed`;
}

function shownOf(told: Told): Progress {
  const { record } = told.fold;
  const steps = stepIds.flatMap((id): Step[] => {
    const step = told.seen.get(id);
    if (!step) return [];
    const { status, doing, result } = step;
    return [{ id, title: titles[id], status, detail: status === 'running' ? (doing ?? result) : result }];
  });
  const isOver = record.status !== 'queued' && record.status !== 'running';
  const running = isOver ? undefined : steps.findLast(({ status }) => status === 'running');
  const title = running ? titlesWhileRunning[running.id] : titlesByStatus[record.status];
  return { title, steps, text: isOver ? record.output : textOf(told), isOver, told };
}

/** A beginning of a tag may still become one. */
const openTag = /<\/?[a-z]{0,10}\s{0,8}$/i;

function textOf({ fold, running }: Told): string {
  const { output } = partialAnswer(fold.answerTexts, (pass) => fold.passTexts.get(pass)?.text ?? '');
  return [...running.values()].includes('draft') ? output.replace(openTag, '') : output;
}
