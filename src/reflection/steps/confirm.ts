/** Confirming a critic's issues: each is asked about on its own, without the draft in sight. */
import type { Context } from '../context.ts';
import type { StepEvent } from '../events.ts';
import { merge } from '../merge.ts';
import { runPass } from '../pass.ts';
import { confirmPrompt, confirmSchema, readConfirmation } from '../prompts/confirm.ts';
import type { Degradation, Issue } from '../record.ts';

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
  const asked = yield* merge(issues.map((issue) => confirmOne(context, issue, round)));
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
