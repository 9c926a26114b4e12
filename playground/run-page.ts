/** Draws a run. A place is drawn again only when what it shows has changed: focus and a reader's selection stay where nothing did. */
import { type Child, element, onPage } from './element.ts';
import { answerSoFar, checksSoFar, isOver, type RunView, textOf, thoughtsSoFar } from './run-view.ts';
import { gateView, secondLook } from './second-look.ts';
import { openRole, stepNames, stepsOf } from './steps.ts';
import type { Texts } from './texts.ts';
import { changesView, checkChip, failedChecks, passesTable, quotedText } from './views.ts';

const drawn = new Map<string, readonly unknown[]>();

/** The inputs are compared by identity. */
function redraw(id: string, inputs: readonly unknown[], make: () => readonly Child[]): void {
  const before = drawn.get(id);
  if (before?.length === inputs.length && inputs.every((input, index) => Object.is(input, before[index]))) return;
  drawn.set(id, inputs);
  onPage(id, HTMLElement).replaceChildren(
    ...make().filter((child) => child !== null && child !== undefined && child !== false),
  );
}

/** Assistive technology reads a text again whenever it is set. */
function setText(id: string, text: string): void {
  const place = onPage(id, HTMLElement);
  if (place.textContent !== text) place.textContent = text;
}

function panel(name: string, isShown: boolean): void {
  onPage(`${name}-panel`, HTMLElement).hidden = !isShown;
}

const toneOf = { queued: '', running: '', completed: 'is-good', failed: 'is-bad', cancelled: '' } as const;

/** `isBusy`: something was asked, whether or not an event of it has come. */
export function drawRun(run: RunView, texts: Texts, isBusy: boolean): void {
  const { record, status, id } = run;
  const isIdle = id === null && !isBusy;
  onPage('intro', HTMLElement).hidden = !isIdle;
  onPage('running', HTMLElement).hidden = isIdle;
  drawSteps(run, texts);
  redraw('status', [status, isIdle, texts], () => [
    isIdle
      ? null
      : element('span', { class: `badge ${toneOf[status]} ${isOver(run) ? '' : 'is-running'}` }, texts.status[status]),
  ]);
  const decision = record?.decision ? texts.decision[record.decision] : '';
  setText('decision', decision);
  setText('announcement', announcementOf(run, texts));
  drawAnswer(run, texts);
  redraw('permalink', [id, texts], () => (id === null ? [] : [element('a', { href: `#${id}` }, texts.page.link)]));
  drawDraft(run, texts);
  panel('gate', run.gate !== null);
  redraw('gate', [run.gate, texts], () => gateView(run, texts));
  const looked = run.critiques.length + run.votes.length > 0;
  panel('second', looked);
  redraw('second', [run.critiques, run.confirmed, run.votes, texts], () => secondLook(run, texts));
  panel('revision', run.changes.length + run.verdicts.length > 0);
  redraw('revision', [run.changes, run.verdicts, texts], () => changesView(run, texts));
  panel('passes', run.passes.length > 0);
  const moment = isOver(run) ? 0 : Math.floor(Date.now() / 100);
  redraw('passes', [run.passes, record, texts, moment], () => [passesTable(run, texts)]);
}

function drawSteps(run: RunView, texts: Texts): void {
  const steps = stepsOf(run);
  redraw('steps', [...stepNames.map((name) => steps[name]), texts], () =>
    stepNames.map((name) =>
      element(
        'li',
        { class: `step is-${steps[name]}`, 'aria-current': steps[name] === 'active' ? 'step' : undefined },
        element('span', {}, texts.step[name]),
        element('span', { class: 'unseen' }, `: ${texts.stepState[steps[name]]}`),
      ),
    ),
  );
}

function drawAnswer(run: RunView, texts: Texts): void {
  const answer = answerSoFar(run);
  const thoughts = thoughtsSoFar(run);
  const { page } = texts;
  const isFirst = !isOver(run) && run.fold.answerTexts.accepted === null;
  setText('answer-heading', thoughts !== '' ? page.thoughts : isFirst ? page.draftSoFar : page.answer);
  const place = onPage('answer', HTMLElement);
  place.classList.toggle('is-writing', !isOver(run) && run.gate === null && answer + thoughts !== '');
  place.classList.toggle('is-quiet', answer === '');
  setText('answer', answer || thoughts || (isOver(run) ? page.noAnswer : page.waiting));
  const checks = checksSoFar(run);
  redraw('answer-checks', [checks, texts], () => checks.map((check) => checkChip(check, texts)));
  redraw('answer-failures', [checks, texts], () => failedChecks(checks));
}

/** The draft by itself, where it is not the answer or something was found in it. */
function drawDraft(run: RunView, texts: Texts): void {
  const issues = run.critiques.filter(({ subject }) => subject === 'draft').flatMap(({ critique }) => critique.issues);
  const draft = textOf(run, 'draft');
  panel('draft', draft !== '' && run.changes.length + run.verdicts.length + issues.length > 0);
  redraw('draft', [draft, run.critiques], () => quotedText(draft, issues));
  redraw('draft-checks', [run.checks['draft'], texts], () =>
    (run.checks['draft'] ?? []).map((check) => checkChip(check, texts)),
  );
}

/** What is said aloud: each pass and each decision once, and nothing of the stream of words. */
function announcementOf(run: RunView, texts: Texts): string {
  if (run.id === null) return '';
  if (isOver(run)) {
    const decision = run.record?.decision ? texts.decision[run.record.decision] : '';
    return `${texts.status[run.status]}. ${decision} ${run.record?.output ?? ''}`;
  }
  const role = openRole(run);
  const gate = run.gate ? `${texts.gate[run.gate.action]}. ` : '';
  return `${gate}${role ? texts.role[role] : texts.status[run.status]}`;
}
