/**
 * From payloads to an answer. Two formats live side by side on Workers AI, streamed or whole, and OpenAI-compatible servers speak the second:
 * native `{response, usage}` and OpenAI's `{choices: [{delta | message, finish_reason}], usage}`.
 */
import * as z from 'zod/mini';
import type { TokenUsage } from '../reflection/model.ts';
import type { Payload } from './event-payloads.ts';
import { faultOf } from './faults.ts';
import { type AttemptChunk, brokenAnswer, type FaultKind, ProviderFault } from './provider.ts';

const count = z.optional(z.nullable(z.number()));
const usageFields = z.object({ prompt_tokens: count, completion_tokens: count, neurons: count });
const said = z.optional(z.nullable(z.object({ content: z.optional(z.unknown()) })));
const reason = z.optional(z.nullable(z.string()));
const payloadFields = z.object({
  response: z.optional(z.unknown()),
  choices: z.optional(z.nullable(z.array(z.object({ delta: said, message: said, finish_reason: reason })))),
  finish_reason: reason,
  usage: z.optional(z.nullable(z.catch(usageFields, {}))),
});
const errorPayload = z.union([
  z.object({ error: z.union([z.string(), z.looseObject({})]) }),
  z.object({ errors: z.array(z.unknown()).check(z.minLength(1)) }),
  z.object({ internalCode: z.number() }),
]);

type Ending = 'stop' | 'length' | FaultKind;

/** What providers call the end. A word that is not here is taken for a plain stop. */
const endings: ReadonlyMap<string, Ending> = new Map<string, Ending>([
  ['length', 'length'],
  ['max_tokens', 'length'],
  ['model_length', 'length'],
  ['error', { code: 'upstream_failed', retry: 'again', message: 'The model broke off with an error.' }],
  ['abort', { code: 'upstream_failed', retry: 'again', message: 'The model endpoint broke off the answer.' }],
  ['content_filter', { code: 'upstream_failed', retry: 'never', message: 'The provider withheld the answer.' }],
]);

/** A token is seldom longer than this many characters on average; a server that ignores `max_tokens` is stopped here. */
const maxCharactersPerToken = 40;

/** Collects one answer. Pure: payloads in, text and the finish out. */
export class Answer {
  readonly #maxOutputTokens: number;
  #characters = 0;
  #usage: TokenUsage | null = null;
  #reason: string | null = null;
  #ended = false;

  constructor(maxOutputTokens: number) {
    this.#maxOutputTokens = maxOutputTokens;
  }

  /** Takes payloads that came at once and gives the text they add, often none. Throws `ProviderFault` when one reports an error or is not understood. */
  take(payloads: readonly Payload[]): string {
    let text = '';
    for (const payload of payloads) {
      // Nothing counts that follows the provider's word.
      if (this.#ended) break;
      if (payload.type === 'end') this.#ended = true;
      else text += this.#takeJson(payload.value);
    }
    return text;
  }

  #takeJson(payload: unknown): string {
    if (isError(payload)) throw faultOf({ error: payload });
    const parsed = payloadFields.safeParse(payload);
    if (!parsed.success) throw brokenAnswer('The model’s answer cannot be read.');
    const { response, choices, usage, finish_reason } = parsed.data;
    const choice = choices?.[0];
    this.#reason = choice?.finish_reason ?? finish_reason ?? this.#reason;
    if (usage) this.#usage = toUsage(usage) ?? this.#usage;
    // What a model thinks aloud (`reasoning_content`) is not its answer; it is counted in the usage only.
    const text = toText(choice ? (choice.delta?.content ?? choice.message?.content) : response);
    this.#characters += text.length;
    if (this.#characters > this.#maxOutputTokens * maxCharactersPerToken) throw endlessAnswer();
    return text;
  }

  /**
   * The finish, when the body has ended. `neurons` is the response header's count, used when the payloads hold none.
   * Throws `ProviderFault` when the body ended without the provider's word that this was all.
   */
  finish(neurons: number | null): Extract<AttemptChunk, { type: 'finish' }> {
    if (!this.#ended && this.#reason === null) throw brokenAnswer('The model’s answer was cut off.');
    const ending = this.#reason === null ? this.#endingWithoutReason() : (endings.get(this.#reason) ?? 'stop');
    if (typeof ending === 'object') throw new ProviderFault(ending);
    const usage = this.#usage && { ...this.#usage, neurons: this.#usage.neurons ?? neurons };
    return { type: 'finish', reason: ending, usage };
  }

  /** Workers AI's native format gives no reason, so an answer that used up all it was allowed counts as cut. */
  #endingWithoutReason(): Ending {
    return this.#usage && this.#usage.outputTokens >= this.#maxOutputTokens ? 'length' : 'stop';
  }
}

/** Nearly no payload is one, so a glance goes first: a schema's refusal is dear. */
function isError(payload: unknown): boolean {
  if (typeof payload !== 'object' || payload === null) return false;
  const mayBe = 'error' in payload || 'errors' in payload || 'internalCode' in payload;
  return mayBe && errorPayload.safeParse(payload).success;
}

/** `response` may be a number, and in JSON mode it is an object. */
function toText(content: unknown): string {
  if (typeof content === 'string') return content;
  if (content === null || content === undefined) return '';
  return typeof content === 'object' ? JSON.stringify(content) : String(content);
}

/** Null when nothing was counted: some servers send zeros in every chunk but the last. */
function toUsage({ prompt_tokens, completion_tokens, neurons }: z.output<typeof usageFields>): TokenUsage | null {
  if (!prompt_tokens && !completion_tokens) return null;
  return { inputTokens: prompt_tokens ?? 0, outputTokens: completion_tokens ?? 0, neurons: neurons ?? null };
}

function endlessAnswer(): ProviderFault {
  return new ProviderFault({
    code: 'upstream_failed',
    retry: 'next-model',
    message: 'The model wrote far more than it was allowed to.',
  });
}
