/** The steps of a round, each one or two calls: what the critic says, which issues hold, the mended text, and which text is better. */
import { type Acceptance, acceptRevision, mendedChecks, sameText } from './accept.ts';
import { extractAnswer } from './answer.ts';
import { type Context, defaultOutputTokens, mayJudge } from './context.ts';
import { type Critique, critiqueSchema, type Issue, parseCritique } from './critique.ts';
import { changedShare } from './diff.ts';
import { mendedText } from './draft.ts';
import { applyEdits, hasEditMarkers, parseEdits } from './edits.ts';
import type { AppliedEdit, Degradation, StepEvent } from './events.ts';
import { type Examined, examine, mendByCode } from './examine.ts';
import { unfenced } from './fence.ts';
import { type PassPlan, runPass } from './pass.ts';
import { confirmPrompt, confirmSchema, readConfirmation } from './prompts/confirm.ts';
import { critiqueAgainPrompt, critiquePrompt, type ReviewMaterial } from './prompts/critique.ts';
import { judgePrompt, judgeSchema, readJudgement } from './prompts/judge.ts';
import { type RevisionMaterial, revisionPrompt, rewritePrompt } from './prompts/revision.ts';
import { isClosed } from './task.ts';
import { together } from './together.ts';

/** Short on purpose: the more a critic may say, the more it invents. */
const criticTokens = 500;

const silence: Critique = { verdict: 'unsure', issues: [], independent_answer: null };

/** A step that could not be taken: the budget is spent, or nobody could be asked. */
export type Unavailable = { readonly unavailable: 'budget' } | { readonly unavailable: Degradation };

/** The critique of a text; `unusable` when its words could not be read, asked twice. */
export async function* critique(
  context: Context,
  draft: Examined,
  round: number,
): AsyncGenerator<StepEvent, Critique | 'unusable' | Unavailable, void> {
  const material: ReviewMaterial = {
    request: context.conversation,
    draft: draft.text,
    requirements: context.requirements,
    sources: context.sources,
    closed: isClosed(context.task),
    nonce: context.tools.nonce,
  };
  let said = '';
  for (const again of [false, true]) {
    const result = yield* runPass(context, {
      pass: again ? `critique-r${round}-again` : `critique-r${round}`,
      role: 'critique',
      seat: 'critic',
      round,
      messages: again ? critiqueAgainPrompt(material, said) : critiquePrompt(material),
      maxOutputTokens: criticTokens,
      temperature: again ? 0.3 : 0,
      seed: context.request.seed,
      jsonSchema: critiqueSchema,
    });
    if (result.kind === 'exhausted') return { unavailable: 'budget' };
    if (result.kind === 'failed') return { unavailable: { pass: 'critique', code: result.error.code } };
    said = result.text;
    const parsed = parseCritique(said, draft.text, context.conversation);
    if (parsed) {
      yield { type: 'critique.completed', round, subject: draft.subject, critique: parsed };
      return parsed;
    }
  }
  if (context.strategy.needsEvidence) return 'unusable';
  // A strategy that rewrites whatever the critic says goes on without its words.
  yield { type: 'critique.completed', round, subject: draft.subject, critique: silence };
  return silence;
}

export interface Confirmed {
  readonly issues: readonly Issue[];
  /** Short answers given to the narrow questions: witnesses for a closed task. */
  readonly answers: readonly string[];
  readonly exhausted: boolean;
  /** A question that could not be asked. */
  readonly degraded: Degradation | null;
}

/** Asks about each issue on its own, at the same time, without showing the draft. */
export async function* confirm(
  context: Context,
  issues: readonly Issue[],
  round: number,
): AsyncGenerator<StepEvent, Confirmed, void> {
  const asked = yield* together(issues.map((issue) => confirmOne(context, issue, round)));
  return {
    issues: asked.map((one) => one.issue),
    answers: asked.map((one) => one.answer).filter((answer) => answer !== ''),
    exhausted: asked.some((one) => one.exhausted),
    degraded: asked.find((one) => one.degraded !== null)?.degraded ?? null,
  };
}

async function* confirmOne(
  context: Context,
  issue: Issue,
  round: number,
): AsyncGenerator<
  StepEvent,
  { readonly issue: Issue; readonly answer: string } & Pick<Confirmed, 'exhausted' | 'degraded'>,
  void
> {
  const result = yield* runPass(context, {
    pass: `confirm-r${round}-${issue.id}`,
    role: 'confirm',
    seat: 'critic',
    round,
    messages: confirmPrompt(issue, context.conversation, context.sources, context.tools.nonce),
    maxOutputTokens: 200,
    temperature: 0,
    seed: context.request.seed,
    jsonSchema: confirmSchema,
  });
  const { confirmed, answer } = readConfirmation(result.kind === 'done' ? result.text : '', issue);
  const told = { ...issue, confirmed };
  yield { type: 'confirm.completed', round, issue: told };
  const degraded: Degradation | null = result.kind === 'failed' ? { pass: 'confirm', code: result.error.code } : null;
  return { issue: told, answer, exhausted: result.kind === 'exhausted', degraded };
}

/** The text with the issues mended: by the reviser's edits, or as a rewrite where no edit finds its place. */
export async function* revise(
  context: Context,
  best: Examined,
  issues: readonly Issue[],
  round: number,
): AsyncGenerator<StepEvent, Examined | Unavailable, void> {
  const material: RevisionMaterial = {
    request: context.conversation,
    draft: best.text,
    issues,
    failures: best.checks.filter((check) => check.status === 'fail').map((check) => check.message),
    requirements: context.requirements,
    sources: context.sources,
    nonce: context.tools.nonce,
  };
  const subject = `revision-r${round}`;
  const patch = yield* runPass(context, reviserPlan(context, subject, round, revisionPrompt(material)));
  if (patch.kind !== 'done') return unavailable(patch);
  const reason = issues.map((issue) => issue.id).join(', ') || 'review';
  const edited = applyEdits(best.text, parseEdits(unfenced(patch.text, context.tools.nonce)), reason);
  if (edited.applied.length > 0) return yield* revised(context, best, subject, edited.text, edited.applied, false);

  // The reviser wrote the text out at once, as small models do: its words are a rewrite already.
  const wrote = mendedText(context, patch.text, best.text);
  if (!patch.truncated && looksLikeWholeText(wrote, best.text))
    return yield* revised(context, best, subject, wrote, [{ reason, kind: 'rewrite' }], false);

  const rewrite = yield* runPass(context, reviserPlan(context, `${subject}-rewrite`, round, rewritePrompt(material)));
  if (rewrite.kind !== 'done') return unavailable(rewrite);
  return yield* revised(
    context,
    best,
    subject,
    mendedText(context, rewrite.text, best.text),
    [{ reason, kind: 'rewrite' }],
    rewrite.truncated,
  );
}

function reviserPlan(context: Context, pass: string, round: number, messages: PassPlan['messages']): PassPlan {
  const maxOutputTokens = context.request.max_output_tokens ?? defaultOutputTokens;
  return {
    pass,
    role: 'revision',
    seat: 'reviser',
    round,
    messages,
    maxOutputTokens,
    temperature: 0.2,
    seed: context.request.seed,
  };
}

function* revised(
  context: Context,
  base: Examined,
  subject: string,
  text: string,
  edits: readonly AppliedEdit[],
  truncated: boolean,
): Generator<StepEvent, Examined, void> {
  yield { type: 'edit.applied', subject, base: base.subject, by: 'revision', edits, text };
  const written = yield* examine(context, subject, text, truncated);
  return yield* mendByCode(context, written);
}

function looksLikeWholeText(wrote: string, before: string): boolean {
  const ratio = wrote.length / Math.max(1, before.length);
  // Words about the text are as long as a short text, but they share little with it.
  return !hasEditMarkers(wrote) && ratio > 0.5 && ratio < 2 && changedShare(before, wrote) < 0.5;
}

function unavailable(
  result:
    | { readonly kind: 'exhausted' }
    | { readonly kind: 'failed'; readonly error: { readonly code: Degradation['code'] } },
): Unavailable {
  return { unavailable: result.kind === 'exhausted' ? 'budget' : { pass: 'revision', code: result.error.code } };
}

export interface Comparison {
  readonly before: Examined;
  readonly after: Examined;
  readonly issues: readonly Issue[];
  readonly witnesses: readonly string[];
  /** Every text that stood before: a revision that returns to one goes in circles. */
  readonly seen: readonly string[];
}

/** Whether the revision was taken; `budget` where it could not be judged any more, a degradation where nobody could judge it. */
export type Taken = boolean | 'budget' | Degradation;

/** The accept gate, and for open tasks a judge who sees both without knowing which is which. */
export async function* accept(
  context: Context,
  comparison: Comparison,
  round: number,
): AsyncGenerator<StepEvent, Taken, void> {
  const { before, after, issues } = comparison;
  const said = (acceptance: Acceptance): StepEvent => ({
    type: acceptance.accepted ? 'revision.accepted' : 'revision.rejected',
    round,
    subject: after.subject,
    reasons: acceptance.reasons,
  });
  const byRules =
    circles(comparison) ??
    truncation(comparison) ??
    acceptRevision({
      before,
      after,
      issues,
      task: context.task,
      known: context.known,
      witnesses: comparison.witnesses.map(
        (witness) => extractAnswer(`The answer is ${witness}`, context.task) ?? witness,
      ),
      needsEvidence: context.strategy.needsEvidence,
    });
  if (!byRules.accepted || !context.strategy.needsEvidence) {
    yield said(byRules);
    return byRules.accepted;
  }
  if (!wantsJudge(context)) {
    const verdict = onlyAdds(comparison) ?? byRules;
    yield said(verdict);
    return verdict.accepted;
  }
  const judged = yield* judge(context, before.text, after.text, round);
  if (judged === 'better') yield said({ accepted: true, reasons: [...byRules.reasons, 'preferred in both orders'] });
  else
    yield said({
      accepted: false,
      reasons: [judged === 'not better' ? 'a judge did not prefer it in both orders' : 'no judge could be asked'],
    });
  return judged === 'better' || (judged === 'not better' ? false : judged);
}

/** A revision that is nearer to an earlier text than the one it mends takes back what was done. */
function circles({ before, after, seen }: Comparison): Acceptance | null {
  const returned = seen.slice(0, -1).some((text) => {
    const distance = changedShare(text, after.text);
    return distance < sameText && distance < changedShare(text, before.text);
  });
  return returned ? { accepted: false, reasons: ['the revision returns to an earlier text'] } : null;
}

/** That the request asks for something is confirmed without the draft in sight; that the draft lacked it, only a judge of both can say. */
function onlyAdds({ before, after, issues }: Comparison): Acceptance | null {
  const hasMended = mendedChecks(before.checks, after.checks).length > 0;
  return hasMended || issues.some((issue) => issue.kind !== 'omission')
    ? null
    : { accepted: false, reasons: ['only an omission speaks for the revision, and nobody may judge it'] };
}

function truncation({ after }: Comparison): Acceptance | null {
  return after.truncated ? { accepted: false, reasons: ['the revision was cut off'] } : null;
}

/** A closed answer has its witnesses; an open one is compared, where somebody may judge. */
function wantsJudge(context: Context): boolean {
  return !isClosed(context.task) && mayJudge(context.tools.roster.judge, context.request);
}

async function* judge(
  context: Context,
  before: string,
  after: string,
  round: number,
): AsyncGenerator<StepEvent, 'better' | 'not better' | 'budget' | Degradation, void> {
  const orders = [
    { name: 'ba', a: before, b: after, wins: 'B' },
    { name: 'ab', a: after, b: before, wins: 'A' },
  ] as const;
  for (const { name, a, b, wins } of orders) {
    const result = yield* runPass(context, {
      pass: `judge-r${round}-${name}`,
      role: 'judge',
      seat: 'judge',
      round,
      messages: judgePrompt(context.conversation, a, b, context.requirements, context.tools.nonce),
      maxOutputTokens: 60,
      temperature: 0,
      seed: context.request.seed,
      jsonSchema: judgeSchema,
    });
    if (result.kind === 'exhausted') return 'budget';
    if (result.kind === 'failed') return { pass: 'judge', code: result.error.code };
    if (readJudgement(result.text) !== wins) return 'not better';
  }
  return 'better';
}
