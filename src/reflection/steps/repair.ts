/**
 * Repair: by code first, then by the author with the measured value as its one instruction, and a longer cut by code where that failed. The best text
 * is kept, which may not be the last one.
 */
import { defaultOutputTokens } from '../allowance.ts';
import { answerForm } from '../answer-form.ts';
import type { Context } from '../context.ts';
import { requirementsOf } from '../declared-checks.ts';
import type { StepEvent } from '../events.ts';
import { type PassPlan, runPass } from '../pass.ts';
import { draftPrompt } from '../prompts/draft.ts';
import { repairPrompt } from '../prompts/repair.ts';
import type { Decision, Degradation } from '../record.ts';
import type { Acceptance } from '../rules/accept-rules.ts';
import { acceptRevision, comesNearer, demandOf, prepareAcceptance } from '../rules/acceptance.ts';
import { likelyTokens } from '../tokens.ts';
import { mendedText } from '../visible.ts';
import type { ActionResult } from './action.ts';
import { escalate } from './escalate.ts';
import { cutByCode, type Examined, examine, hasFailed, mendByCode } from './examine.ts';

const mostTries = 2;

/** Mends what the checks refuted in `draft`. */
export async function* repair(context: Context, draft: Examined): AsyncGenerator<StepEvent, ActionResult, void> {
  const result = yield* mendedByAll(context, draft);
  const best = yield* cutByCode(context, result.best);
  if (best === result.best) return result;
  return { ...result, best, decision: result.decision === 'escalated' ? result.decision : 'repaired_check' };
}

/** Code, then the author, then the next tier where there is one. */
async function* mendedByAll(context: Context, draft: Examined): AsyncGenerator<StepEvent, ActionResult, void> {
  let best = yield* mendByCode(context, draft);
  const first = best;
  let refused: readonly string[] = [];
  let isRefused = false;
  let degraded: Degradation | null = null;
  const tries = context.request.max_rounds === 0 ? 0 : mostTries;
  for (let attempt = 1; attempt <= tries && hasFailed(best); attempt += 1) {
    const asked = yield* askForRepair(context, { first, best, refused, attempt });
    if (asked === 'exhausted') return { best, decision: best === draft ? 'budget' : 'repaired_check', degraded };
    if ('code' in asked) {
      degraded = asked;
      break;
    }
    isRefused ||= asked.refused.length > 0;
    // An author who brought nothing nearer has nothing to go on from, and a second try seldom helps.
    if (asked.best === best && !asked.isNearer) break;
    ({ best, refused } = asked);
  }
  // Where no round was allowed or no author answered, the failed check was not looked into.
  const kept: Decision = isRefused ? 'kept_draft_rejected_revision' : 'unreflected';
  const decision = best === draft ? kept : 'repaired_check';
  if (
    hasFailed(best) &&
    context.strategy.actions.some((action) => action === 'escalate') &&
    context.tools.roster.escalation.length > 0
  ) {
    const escalated = yield* escalate(context, best, decision);
    return { ...escalated, degraded: escalated.degraded ?? degraded };
  }
  return { best, decision, degraded };
}

interface Attempt {
  /** The text before any author's repair. Every repair must keep its content. */
  readonly first: Examined;
  readonly best: Examined;
  /** Why an earlier repair of `best` was not taken. */
  readonly refused: readonly string[];
  readonly attempt: number;
}

/** The result of a repair pass: the better text, or the same one and why the new one was refused. */
interface Repaired {
  readonly best: Examined;
  readonly refused: readonly string[];
  /** Whether what the author wrote comes nearer to passing, taken or not. */
  readonly isNearer: boolean;
}

/** What one check asks of the text, and what it found. */
interface ToldCheck {
  readonly failed: boolean;
  readonly requirement: string;
  readonly finding: string;
  readonly quotes: boolean;
}

/** One repair pass. Returns the reason where no author could be asked. */
async function* askForRepair(
  context: Context,
  tried: Attempt,
): AsyncGenerator<StepEvent, Repaired | 'exhausted' | Degradation, void> {
  await prepareAcceptance();
  const { best, attempt } = tried;
  const requirements = requirementsOf(context.checks);
  const told = best.checks.map(({ status, message, measured }, index) => ({
    failed: status === 'fail',
    requirement: requirements[index] ?? message,
    finding: message,
    quotes: typeof measured !== 'number',
  }));
  const result = yield* runPass(context, repairPlan(context, tried, told));
  if (result.kind === 'exhausted') return 'exhausted';
  if (result.kind === 'failed') return { pass: 'repair', code: result.error.code };

  const subject = `repair-${attempt}`;
  const text = mendedText(context, result.text, best.text);
  yield {
    type: 'edit.applied',
    subject,
    base: best.subject,
    by: 'repair',
    edits: [{ reason: 'checks', kind: 'rewrite' }],
    text,
  };
  const written = yield* examine(context, subject, text, result.truncated);
  const after = yield* mendByCode(context, written, best.text);
  const { accepted, reasons } = judgeRepair(context, tried, told, after, result.truncated);
  yield {
    type: accepted ? 'revision.accepted' : 'revision.rejected',
    round: attempt,
    subject: after.subject,
    base: best.subject,
    reasons,
  };
  if (accepted) return { best: after, refused: [], isNearer: true };
  const failing = after.checks.filter(({ status }) => status === 'fail').map(({ message }) => message);
  return { best, refused: [...reasons, ...failing], isNearer: comesNearer(best.checks, after.checks) };
}

function repairPlan(context: Context, { best, refused, attempt }: Attempt, told: readonly ToldCheck[]): PassPlan {
  const { request, tools } = context;
  return {
    pass: `repair-${attempt}`,
    role: 'repair',
    seat: 'author',
    round: attempt,
    messages: repairPrompt({
      asked: draftPrompt(context.messages, 'plain', [], context.sources),
      text: best.text,
      failures: told.filter(({ failed }) => failed),
      refused,
      kept: told.filter(({ failed }) => !failed).map(({ requirement }) => requirement),
      nonce: tools.nonce,
    }),
    maxOutputTokens: repairTokens(best, request.max_output_tokens ?? defaultOutputTokens),
    temperature: attempt === 1 ? 0.2 : 0.7,
    seed: request.seed,
    stop: request.stop,
    ...answerForm(context),
  };
}

/** Whether the repair `after` takes the place of the best text so far. */
function judgeRepair(
  context: Context,
  { first, best }: Attempt,
  told: readonly ToldCheck[],
  after: Examined,
  truncated: boolean,
): Acceptance {
  const findings = told.filter(({ failed }) => failed).map(({ finding }) => finding);
  const { accepted, reasons } = acceptRevision({
    before: best,
    after,
    first,
    issues: [],
    task: context.task,
    // The author is told what a check measured, so that counts as known.
    known: [context.known, ...findings].join('\n'),
    witnesses: [],
    needsEvidence: true,
    computing: context.checkContext.computing,
  });
  return truncated ? { accepted: false, reasons: [...reasons, 'the repair was cut off'] } : { accepted, reasons };
}

/** Room for rewording, and a minimum for short texts. A model that begins to repeat itself fills whatever room it is given. */
const roomForRepair = { times: 1.3, tokens: 64 } as const;

/** What the mended text may take: as long as the text and what its checks ask to be added, `most` at most. */
function repairTokens({ text, checks }: Examined, most: number): number {
  const { grows, rewrites } = demandOf(
    checks.filter((check) => check.status === 'fail'),
    text,
  );
  // A translation or data may take several times the tokens that prose does.
  if (rewrites !== null) return most;
  return Math.min(most, Math.ceil(likelyTokens(text) * grows * roomForRepair.times) + roomForRepair.tokens);
}
