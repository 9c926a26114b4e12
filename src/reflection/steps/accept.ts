/** Which text is better: the accept gate's rules, and for open tasks a judge who does not know which is which. */
import { type Context, mayJudge } from '../context.ts';
import { changedShare, sameText } from '../diff.ts';
import type { StepEvent } from '../events.ts';
import { runPass } from '../pass.ts';
import { judgePrompt, judgeSchema, readJudgement } from '../prompts/judge.ts';
import type { Degradation, Issue } from '../record.ts';
import type { Acceptance } from '../rules/accept-rules.ts';
import { acceptRevision, prepareAcceptance } from '../rules/acceptance.ts';
import { mendedChecks } from '../rules/check-changes.ts';
import { isClosed } from '../task.ts';
import type { Examined } from './examine.ts';

export interface Comparison {
  readonly before: Examined;
  readonly after: Examined;
  readonly issues: readonly Issue[];
  readonly witnesses: readonly string[];
  /** All earlier texts. A revision must not return to one of them. */
  readonly seen: readonly string[];
}

/** What became of a revision; `budget` where it could not be judged any more, a degradation where nobody could judge it. */
export type Taken = 'accepted' | 'refused' | 'budget' | Degradation;

/** The accept gate, and for open tasks a judge who sees both without knowing which is which. */
export async function* accept(
  context: Context,
  comparison: Comparison,
  round: number,
): AsyncGenerator<StepEvent, Taken, void> {
  await prepareAcceptance();
  const { before, after, issues } = comparison;
  const said = (acceptance: Acceptance): StepEvent => ({
    type: acceptance.accepted ? 'revision.accepted' : 'revision.rejected',
    round,
    subject: after.subject,
    base: before.subject,
    reasons: acceptance.reasons,
  });
  const byRules =
    circles(context, comparison) ??
    truncation(comparison) ??
    acceptRevision({
      before,
      after,
      issues,
      task: context.task,
      known: context.known,
      witnesses: comparison.witnesses,
      needsEvidence: context.strategy.needsEvidence,
      computing: context.checkContext.computing,
    });
  if (!byRules.accepted || !context.strategy.needsEvidence) {
    yield said(byRules);
    return byRules.accepted ? 'accepted' : 'refused';
  }
  if (!wantsJudge(context)) {
    const acceptance = onlyAdds(comparison) ?? byRules;
    yield said(acceptance);
    return acceptance.accepted ? 'accepted' : 'refused';
  }
  const judged = yield* judge(context, before.text, after.text, round);
  if (judged === 'better') yield said({ accepted: true, reasons: [...byRules.reasons, 'preferred in both orders'] });
  else
    yield said({
      accepted: false,
      reasons: [judged === 'not better' ? 'a judge did not prefer it in both orders' : 'no judge could be asked'],
    });
  if (judged === 'better') return 'accepted';
  return judged === 'not better' ? 'refused' : judged;
}

/** A revision that is nearer to an earlier text than the one it mends undoes an earlier revision. */
function circles({ checkContext }: Context, { before, after, seen }: Comparison): Acceptance | null {
  const returned = seen.slice(0, -1).some((text) => {
    const distance = changedShare(text, after.text, checkContext.computing);
    return distance < sameText && distance < changedShare(text, before.text, checkContext.computing);
  });
  return returned ? { accepted: false, reasons: ['the revision returns to an earlier text'] } : null;
}

/** An omission is confirmed without seeing the draft, so only a judge who sees both texts can say that the draft lacked it. */
function onlyAdds({ before, after, issues }: Comparison): Acceptance | null {
  const hasMended = mendedChecks(before.checks, after.checks).length > 0;
  return hasMended || issues.some((issue) => issue.kind !== 'omission')
    ? null
    : { accepted: false, reasons: ['only an omission speaks for the revision, and nobody may judge it'] };
}

function truncation({ after }: Comparison): Acceptance | null {
  return after.truncated ? { accepted: false, reasons: ['the revision was cut off'] } : null;
}

/** Whether a judge compares the texts: for open tasks, where a model may judge. Closed answers have witnesses instead. */
export function wantsJudge(context: Context): boolean {
  return (
    context.strategy.needsEvidence && !isClosed(context.task) && mayJudge(context.tools.roster.judge, context.request)
  );
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
