/** What is compared: programs that answer the same question in front of the same upstream. */
import type { Question } from '../client.ts';
import type { Program } from '../processes.ts';

/** A running program under measurement. */
export interface Target {
  readonly name: string;
  readonly address: string;
  /** Undefined for the upstream itself. */
  readonly program: Program | undefined;
  /** One model call, waited for. */
  readonly blocking: Question;
  /** The same, streamed. */
  readonly streaming: Question;
  stop(): Promise<void>;
}

export const prompt = 'Name three colours that a ripe apple can have.';

/** OpenAI's body, as the upstream and Portkey take it. */
export function chatBody(stream: boolean): string {
  return JSON.stringify({
    model: 'bench',
    messages: [{ role: 'user', content: prompt }],
    max_tokens: 1024,
    ...(stream ? { stream: true, stream_options: { include_usage: true } } : {}),
  });
}
