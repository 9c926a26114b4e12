/** Behaviours of a provider in bytes: OpenAI's stream, and Workers AI's native one. */
import type { Behaviour } from '../contracts/model.ts';

type Streamed = Extract<Behaviour, { readonly texts: readonly string[] }>;

function event(value: unknown): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}

function counted({
  inputTokens,
  outputTokens,
}: {
  readonly inputTokens: number;
  readonly outputTokens: number;
}): object {
  return { prompt_tokens: inputTokens, completion_tokens: outputTokens, total_tokens: inputTokens + outputTokens };
}

/** The events of a streamed answer in OpenAI's form. */
export function openAiEvents(behaviour: Streamed): string[] {
  const texts = behaviour.texts.map((content) =>
    event({ choices: [{ index: 0, delta: { content }, finish_reason: null }] }),
  );
  if (behaviour.type !== 'answers') return texts;
  const { ends, usage } = behaviour;
  const last = event({ choices: [{ index: 0, delta: {}, finish_reason: ends }] });
  return [...texts, last, ...(usage ? [event({ choices: [], usage: counted(usage) })] : []), 'data: [DONE]\n\n'];
}

/** The events of a streamed answer in Workers AI's native form, which has no reason for its end. */
export function nativeEvents(behaviour: Streamed): string[] {
  const texts = behaviour.texts.map((response) => event({ response }));
  if (behaviour.type !== 'answers') return texts;
  const { usage } = behaviour;
  return [...texts, event({ response: '', ...(usage ? { usage: counted(usage) } : {}) }), 'data: [DONE]\n\n'];
}
