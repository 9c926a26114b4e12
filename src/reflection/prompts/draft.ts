/** The prompts for the draft, its continuation and the extraction of its answer. */
import { withoutControlTokens, withoutTags } from '../fence.ts';
import type { Message } from '../model.ts';
import type { Strategy } from '../strategies.ts';

export const draftPromptVersion = 'draft-1';

/** The line after which a reasoned draft gives its answer. */
export const answerLine = '### Answer';

const forms = {
  plain: null,
  reasoned: `Reason step by step first. Then write a line that says only "${answerLine}", and after it the final answer, complete in itself.`,
  tagged:
    'First reason inside <thinking> and </thinking>. When you notice a mistake while reasoning, correct it inside <reflection> and </reflection> there. ' +
    'Then give the final answer, complete in itself, inside <output> and </output>. Write nothing outside these tags.',
} as const satisfies Record<Strategy['draft'], string | null>;

/**
 * The conversation as the author is asked it. `requirements` are the declared checks in words, so that the first draft may meet them; they and the
 * sources go to the end of the system message, where the conversation cannot be mistaken for them.
 */
export function draftPrompt(
  messages: readonly Message[],
  form: Strategy['draft'],
  requirements: readonly string[],
  sources: string,
): readonly Message[] {
  const clean = form === 'tagged' ? withoutTags : withoutControlTokens;
  const turns = messages.map((message) => cleaned(message, clean));
  const additions = [
    requirements.length > 0
      ? `Your answer must meet all of these:\n${requirements.map((line, index) => `${index + 1}. ${line}`).join('\n')}`
      : null,
    sources === '' ? null : `Use only what these sources support.\n${sources}`,
    forms[form],
  ].filter((part) => part !== null);
  if (additions.length === 0) return turns;
  const system = turns.filter((turn) => turn.role === 'system').map((turn) => turn.content);
  const rest = turns.filter((turn) => turn.role !== 'system');
  return [{ role: 'system', content: [...system, ...additions].join('\n\n') }, ...rest];
}

function cleaned({ tool_calls, ...message }: Message, clean: (text: string) => string): Message {
  const calls = tool_calls?.map((call) => ({
    ...call,
    function: { ...call.function, arguments: clean(call.function.arguments) },
  }));
  return { ...message, content: clean(message.content), ...(calls && { tool_calls: calls }) };
}

export const continueInstruction =
  'Your answer was cut off. Continue exactly where it stops. Do not repeat anything and do not comment.';

/** Asks for the rest of a text that was cut: of a server that can go on with an answer by its beginning alone, of any other in words. */
export function continuationPrompt(
  prompt: readonly Message[],
  cut: string,
): { readonly messages: readonly Message[]; readonly prefill: readonly Message[] } {
  const prefill: readonly Message[] = [...prompt, { role: 'assistant', content: withoutControlTokens(cut) }];
  return { messages: [...prefill, { role: 'user', content: continueInstruction }], prefill };
}

/** Asks for the answer alone, where a reasoned or tagged draft gave none in the agreed form. */
export function extractionPrompt(prompt: readonly Message[], reasoning: string): readonly Message[] {
  return [
    ...prompt,
    { role: 'assistant', content: withoutControlTokens(reasoning) },
    {
      role: 'user',
      content: 'Now give only the final answer, complete in itself, in plain text: no tags, no reasoning, no comment.',
    },
  ];
}
