/** Escalation: a small tier does not judge itself; where there is reason to doubt, the next tier's model writes the answer anew. */
import type { Context } from '../context.ts';
import type { StepEvent } from '../events.ts';
import { runPass } from '../pass.ts';
import type { Decision } from '../record.ts';
import { lostChecks, mendedChecks } from '../rules/check-changes.ts';
import { refuses } from '../rules/refusal.ts';
import { shown } from '../visible.ts';
import type { ActionResult } from './action.ts';
import { authorPlan, authorPrompt } from './draft.ts';
import { type Examined, examine, hasFailed, mendByCode } from './examine.ts';

/**
 * Regenerates the answer one tier up; `otherwise` is the decision where no answer came of it. An answer that code has already mended keeps the
 * decision `repaired_check`.
 */
export async function* escalate(
  context: Context,
  best: Examined,
  otherwise: Decision,
): AsyncGenerator<StepEvent, ActionResult, void> {
  const plan = authorPlan(context, {
    pass: 'draft-escalated',
    role: 'draft',
    seat: 'escalation',
    messages: authorPrompt(context),
  });
  const result = yield* runPass(context, plan);
  const isMended = otherwise === 'repaired_check';
  if (result.kind === 'exhausted') return { best, decision: isMended ? otherwise : 'budget', degraded: null };
  if (result.kind === 'failed')
    return { best, decision: otherwise, degraded: { pass: 'draft', code: result.error.code } };

  const subject = 'draft-escalated';
  const written = yield* examine(context, subject, shown(context, result.text) ?? '', result.truncated);
  const after = yield* mendByCode(context, written, best.text);
  const lost = lostChecks(best.checks, after.checks);
  const reasons = [
    ...lost.map((check) => `it breaks ${check.id} (${check.type})`),
    ...(hasFailed(best) && mendedChecks(best.checks, after.checks).length === 0 ? ['it mends no failed check'] : []),
    ...(after.text === '' ? ['it is empty'] : []),
    ...(refuses(after.text) && !refuses(best.text) ? ['it refuses to answer'] : []),
    ...(result.truncated && !best.truncated ? ['it was cut off'] : []),
  ];
  if (reasons.length > 0) {
    yield { type: 'revision.rejected', round: 1, subject: after.subject, base: best.subject, reasons };
    return { best, decision: isMended ? otherwise : 'kept_draft_rejected_revision', degraded: null };
  }
  yield {
    type: 'revision.accepted',
    round: 1,
    subject: after.subject,
    base: best.subject,
    reasons: ['written by the next tier’s model, no check lost'],
  };
  return { best: after, decision: 'escalated', degraded: null };
}
