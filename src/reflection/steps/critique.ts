/** Asking a critic about a text. */
import type { Context } from '../context.ts';
import { critiqueSchema, parseCritique } from '../critic-reply.ts';
import type { StepEvent } from '../events.ts';
import { prepareModelJson } from '../model-json.ts';
import { runPass } from '../pass.ts';
import { critiqueAgainPrompt, critiquePrompt, type ReviewMaterial } from '../prompts/critique.ts';
import type { Critique } from '../record.ts';
import { isClosed } from '../task.ts';
import type { Unavailable } from './action.ts';
import type { Examined } from './examine.ts';

/** Short on purpose: the more a critic may say, the more it invents. */
const criticTokens = 500;

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
    const parsed = parseCritique(said, draft.text, context.conversation, result.truncated);
    if (parsed) {
      yield { type: 'critique.completed', round, subject: draft.subject, critique: parsed };
      return parsed;
    }
  }
  return 'unusable';
}
