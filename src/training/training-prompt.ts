/** What a model is trained to answer: the conversation as the author of the draft was asked it. */
import { sha256 } from '../encoding.ts';
import { askedOf } from '../reflection/context.ts';
import { prepareChecks } from '../reflection/declared-checks.ts';
import { draftPrompt } from '../reflection/prompts/draft.ts';
import type { ReflectionRequest } from '../reflection/request.ts';

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

export interface TrainingPrompt {
  readonly messages: readonly ChatMessage[];
  /** The SHA-256 of the messages, as 64 hexadecimal digits: equal for equal prompts. */
  readonly hash: string;
}

/**
 * The declared checks in words and the sources are part of it, because an answer that was held to them makes no sense without them. The form that a
 * strategy asks for, such as the tags, is not, and neither are the names of speakers.
 */
export async function trainingPrompt(request: ReflectionRequest): Promise<TrainingPrompt> {
  await prepareChecks(request.checks);
  // The run's own nonce is not in its record, and the same request must give the same bytes.
  const nonce = sha256(JSON.stringify(request.sources)).slice(0, 9);
  const { messages, requirements, sources } = askedOf(request, nonce);
  const prompt = draftPrompt(messages, 'plain', requirements, sources);
  const asked = prompt.flatMap(({ role, content }) => (role === 'tool' ? [] : [{ role, content }]));
  return { messages: asked, hash: sha256(JSON.stringify(asked)) };
}
