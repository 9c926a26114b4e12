/**
 * The reflection itself: draft → check → gate, and only where there is reason: repair, vote, critique → confirm → revise → accept, or escalate.
 * Keep the draft unless there is evidence that the revision is better; say what was found, and why the answer changed or did not.
 */
import { readAnswer } from './answer.ts';
import { heldTo } from './checks/held-to.ts';
import { type Context, createContext, mayJudge, type ReflectionTools, smallModelJudges } from './context.ts';
import { actionable } from './critic-reply.ts';
import { prepareChecks } from './declared-checks.ts';
import type { EngineEvent, Outcome, StepEvent } from './events.ts';
import { prepareDiff } from './included-diff.ts';
import { inferredChecks } from './inferred-checks.ts';
import type { ToolCall } from './model.ts';
import type { Critique, Decision, Degradation } from './record.ts';
import type { ReflectionRequest } from './request.ts';
import { decideGate } from './rules/gate.ts';
import { accept, wantsJudge } from './steps/accept.ts';
import type { Action, ActionResult } from './steps/action.ts';
import { type Confirmed, confirm } from './steps/confirm.ts';
import { critique } from './steps/critique.ts';
import { type Draft, writeDraft } from './steps/draft.ts';
import { escalate } from './steps/escalate.ts';
import { type Examined, examine, hasFailed, hasPassed } from './steps/examine.ts';
import { repair } from './steps/repair.ts';
import { revise } from './steps/revise.ts';
import { vote } from './steps/vote.ts';
import type { GateAction } from './strategies.ts';

/**
 * Answers a request, telling every step as an event; the last one is `run.completed`.
 * Throws `AppError` where there is no answer at all, and `Cancelled` when the run was cancelled.
 */
export async function* reflect(
  request: ReflectionRequest,
  tools: ReflectionTools,
): AsyncGenerator<EngineEvent, void, void> {
  const inferred = await inferredChecks(request);
  await prepareChecks([...heldTo(request.checks, request.sources), ...inferred.keys()]);
  if (request.include.includes('diff')) await prepareDiff();
  const context = createContext(request, tools, inferred);
  const { strategy, tier } = request;
  yield { type: 'run.started', strategy, tier, small_judge: smallModelJudges(tools.roster, request) };

  const draft = yield* writeDraft(context);
  if (draft.toolCalls) {
    yield { type: 'run.completed', outcome: calledOutcome(context, draft, draft.toolCalls) };
    return;
  }
  const examined = yield* examine(context, 'draft', draft.answer, draft.truncated);
  if (draft.exhausted) {
    const result: ActionResult = { best: examined, decision: 'budget', degraded: null };
    yield { type: 'run.completed', outcome: outcomeOf(context, draft, result) };
    return;
  }

  const gate = decideGate({
    strategy: context.strategy,
    task: context.task,
    question: context.checkContext.question,
    draft: { text: examined.text, truncated: examined.truncated },
    checks: examined.checks,
    may: {
      critique: request.max_rounds > 0 && mayJudge(tools.roster.critic, request),
      escalate: tools.roster.escalation.length > 0,
      vote: context.budget.callsLeft >= 2,
    },
  });
  yield { type: 'gate.decided', gate };

  const unchanged: ActionResult = { best: examined, decision: unchangedDecision(context, examined), degraded: null };
  const result = gate.action === 'return' ? unchanged : yield* actions[gate.action](context, examined);
  yield { type: 'run.completed', outcome: outcomeOf(context, draft, result) };
}

const actions = {
  repair,
  vote: async function* (context, draft) {
    const result = yield* vote(context, draft);
    if (result.decision !== 'split') return result;
    const mayCritique =
      context.strategy.actions.some((action) => action === 'critique') &&
      mayJudge(context.tools.roster.critic, context.request);
    // The draft was refuted, and none of the samples was good enough to replace it.
    const decision = hasFailed(draft) ? 'kept_draft_rejected_revision' : unchangedDecision(context, draft);
    if (!mayCritique) return { best: draft, decision, degraded: result.degraded };
    const reviewed = yield* critiqueRounds(context, draft, result.ballots);
    return { ...reviewed, degraded: reviewed.degraded ?? result.degraded };
  },
  critique: critiqueRounds,
  escalate: (context, draft) => escalate(context, draft, unchangedDecision(context, draft)),
} as const satisfies Record<Exclude<GateAction, 'return'>, Action>;

/** An unreadable critique counts as a missing one, because another run may get a readable one. */
const unreadable: Degradation = { pass: 'critique', code: 'upstream_failed' };

/** Critique → confirm → revise → accept, for as long as another round has a reason. `ballots` are the answers of a vote that was split. */
async function* critiqueRounds(
  context: Context,
  draft: Examined,
  ballots: readonly string[] = [],
): AsyncGenerator<StepEvent, ActionResult, void> {
  let best = draft;
  const seen = [draft.text];
  const acted = new Set<string>();
  let lacked: Degradation | null = null;
  const ends = (decision: Decision, degraded: Degradation | null = lacked): ActionResult => ({
    best,
    decision: best === draft ? decision : 'accepted_revision',
    degraded,
  });

  for (let round = 1; round <= context.request.max_rounds; round += 1) {
    // No critique where the budget cannot pay for the revision after it.
    if (!context.budget.affords(callsOfRound(context))) return ends('budget');
    const said = yield* critique(context, best, round);
    if (said === 'unusable') return ends('kept_draft_parse_failure', unreadable);
    if ('unavailable' in said) return ends(...without(context, draft, said.unavailable));

    const { issues, witnesses, exhausted, degraded } = yield* holdingIssues(context, said, ballots, round);
    lacked ??= degraded;
    if (exhausted) return ends('budget');
    if (issues.length === 0 && context.strategy.needsEvidence) return ends(critiquedDecision(said));
    // The critic repeats its complaint about what was just mended, so another round would not help.
    if (issues.length > 0 && issues.every((issue) => acted.has(issue.problem))) break;
    for (const issue of issues) acted.add(issue.problem);

    const revision = yield* revise(context, best, issues, round);
    if ('unavailable' in revision) return ends(...without(context, draft, revision.unavailable));

    const taken = yield* accept(context, { before: best, after: revision, issues, witnesses, seen }, round);
    if (taken === 'budget') return ends('budget');
    if (taken !== 'accepted') return ends('kept_draft_rejected_revision', taken === 'refused' ? lacked : taken);

    best = revision;
    seen.push(revision.text);
    // Another round needs evidence that this one was not enough: a check that still fails.
    if (context.strategy.needsEvidence && !hasFailed(best)) break;
  }
  return ends(unchangedDecision(context, draft));
}

/** The issues worth a revision: confirmed ones, or for a strategy that asks for no evidence all that the critic named. */
async function* holdingIssues(
  context: Context,
  said: Critique,
  ballots: readonly string[],
  round: number,
): AsyncGenerator<
  StepEvent,
  Pick<Confirmed, 'issues' | 'exhausted' | 'degraded'> & { readonly witnesses: readonly string[] },
  void
> {
  const own = said.independent_answer === null ? [] : [readAnswer(said.independent_answer, context.task)];
  if (!context.strategy.needsEvidence) return { issues: said.issues, witnesses: own, exhausted: false, degraded: null };
  const candidates =
    said.verdict === 'pass'
      ? []
      : actionable(said).filter((issue) => said.verdict === 'revise' || issue.severity === 'blocker');
  // Some calls are kept for mending what is confirmed.
  const affordable = Math.max(1, context.budget.callsLeft - callsToRevise(context));
  const confirmed = yield* confirm(context, candidates.slice(0, affordable), round);
  const issues = confirmed.issues.filter((issue) => issue.confirmed === 'verified');
  const exhausted = confirmed.exhausted && issues.length === 0;
  // The same critic answers every question, so its confirmations of one answer count as one witness.
  const told = new Set(confirmed.answers.map((answer) => readAnswer(answer, context.task)));
  return { issues, witnesses: [...own, ...told, ...ballots], exhausted, degraded: confirmed.degraded };
}

/** The calls that a revision costs once its issues hold: the reviser's, and a judge's two looks. */
function callsToRevise(context: Context): number {
  return wantsJudge(context) ? 3 : 1;
}

/** The fewest calls that can change an answer: critique, revision, and a confirmation where evidence is needed. */
function callsOfRound(context: Context): number {
  return 1 + callsToRevise(context) + (context.strategy.needsEvidence ? 1 : 0);
}

/** The decision on a draft that nothing after the gate has touched. A refuted draft is `unreflected`, not `unverified`: it was not looked at again. */
function unchangedDecision(context: Context, draft: Examined): Decision {
  if (hasPassed(draft)) return 'kept_draft_pass';
  return hasFailed(draft) || context.strategy.actions.length === 0 ? 'unreflected' : 'kept_draft_unverified';
}

function critiquedDecision(said: Critique): Decision {
  return said.verdict === 'pass' || (said.verdict === 'revise' && actionable(said).length === 0)
    ? 'kept_draft_pass'
    : 'kept_draft_unverified';
}

/** The decision where a round could not take a step: the budget is spent, or a model failed. */
function without(context: Context, draft: Examined, missing: 'budget' | Degradation): [Decision, Degradation | null] {
  if (missing === 'budget') return ['budget', null];
  if (missing.pass === 'critique') return [hasPassed(draft) ? 'kept_draft_pass' : 'unreflected', missing];
  return [unchangedDecision(context, draft), missing];
}

/** What the model called is the answer, and the caller's to act on: there is nothing to check or to mend. */
function calledOutcome({ budget }: Context, { answer, truncated }: Draft, tool_calls: readonly ToolCall[]): Outcome {
  return {
    output: answer,
    draft: answer,
    finish_reason: truncated ? 'length' : 'tool_calls',
    tool_calls,
    decision: 'unreflected',
    exhausted: budget.exhausted,
    degraded: null,
    subject: 'draft',
  };
}

function outcomeOf({ budget }: Context, draft: Draft, { best, decision, degraded }: ActionResult): Outcome {
  return {
    output: best.text,
    draft: draft.answer,
    finish_reason: best.truncated ? 'length' : 'stop',
    decision,
    exhausted: budget.exhausted,
    degraded: degraded ?? draft.degraded,
    subject: best.subject,
  };
}
