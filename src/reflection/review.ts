import type { Context } from './context.ts';
import { type Critique, critiqueSchema, type Issue, parseCritique } from './critique.ts';
import type { Degradation, StepEvent } from './events.ts';
import type { Examined } from './examine.ts';
import { prepareModelJson } from './model-json.ts';
import { runPass } from './pass.ts';
import { confirmPrompt, confirmSchema, readConfirmation } from './prompts/confirm.ts';
import { critiqueAgainPrompt, critiquePrompt, type ReviewMaterial } from './prompts/critique.ts';
import { isClosed } from './task.ts';
import { together } from './together.ts';

/** Short on purpose: the more a critic may say, the more it invents. */
const criticTokens = 500;

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
  await prepareModelJson();
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
  return 'unusable';
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
