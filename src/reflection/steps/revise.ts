import { defaultOutputTokens } from '../allowance.ts';
import type { Context } from '../context.ts';
import { changedShare } from '../diff.ts';
import type { AppliedEdit } from '../edits.ts';
import { applyEdits, hasEditMarkers, parseEdits } from '../edits.ts';
import type { StepEvent } from '../events.ts';
import { unfenced } from '../fence.ts';
import { type PassPlan, runPass } from '../pass.ts';
import { type RevisionMaterial, revisionPrompt, rewritePrompt } from '../prompts/revision.ts';
import type { Degradation, Issue } from '../record.ts';
import { mendedText } from '../visible.ts';
import type { Unavailable } from './action.ts';
import { type Examined, examine, mendByCode } from './examine.ts';

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
  const reason = issues.map((issue) => issue.id).join(', ') || 'review';
  if (!context.strategy.needsEvidence) return yield* rewrite(context, best, material, subject, reason, round);
  const patch = yield* runPass(context, reviserPlan(context, subject, round, revisionPrompt(material)));
  if (patch.kind !== 'done') return unavailable(patch);
  const edited = applyEdits(best.text, parseEdits(unfenced(patch.text, context.tools.nonce)), reason);
  if (edited.applied.length > 0) return yield* revised(context, best, subject, edited.text, edited.applied, false);

  // The reviser wrote the text out at once, as small models do: its words are a rewrite already.
  const wrote = mendedText(context, patch.text, best.text);
  if (!patch.truncated && looksLikeWholeText(context, wrote, best.text))
    return yield* revised(context, best, subject, wrote, [{ reason, kind: 'rewrite' }], false);

  return yield* rewrite(context, best, material, `${subject}-rewrite`, reason, round);
}

/** The whole text written anew, where no edit finds its place or the strategy wants nothing else. */
async function* rewrite(
  context: Context,
  best: Examined,
  material: RevisionMaterial,
  pass: string,
  reason: string,
  round: number,
): AsyncGenerator<StepEvent, Examined | Unavailable, void> {
  const result = yield* runPass(context, reviserPlan(context, pass, round, rewritePrompt(material)));
  if (result.kind !== 'done') return unavailable(result);
  const text = mendedText(context, result.text, best.text);
  return yield* revised(context, best, `revision-r${round}`, text, [{ reason, kind: 'rewrite' }], result.truncated);
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
    stop: context.request.stop,
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

function looksLikeWholeText({ checkContext }: Context, wrote: string, before: string): boolean {
  const ratio = wrote.length / Math.max(1, before.length);
  // A remark about the text may be as long as a short text, but it shares little with it.
  return (
    !hasEditMarkers(wrote) && ratio > 0.5 && ratio < 2 && changedShare(before, wrote, checkContext.computing) < 0.5
  );
}

function unavailable(
  result:
    | { readonly kind: 'exhausted' }
    | { readonly kind: 'failed'; readonly error: { readonly code: Degradation['code'] } },
): Unavailable {
  return { unavailable: result.kind === 'exhausted' ? 'budget' : { pass: 'revision', code: result.error.code } };
}
