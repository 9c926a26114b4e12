/**
 * From payloads to an answer. Two formats live side by side on Workers AI, streamed or whole, and OpenAI-compatible servers speak the second:
 * native `{response, usage}` and OpenAI's `{choices: [{delta | message, finish_reason}], usage}`.
 */
import * as z from 'zod/mini';
import { isRecord } from '../reflection/is-record.ts';
import type { CalledTools } from './called-tools.ts';
import { CountedUsage, usageFields } from './counted-usage.ts';
import type { Payload } from './event-payloads.ts';
import { faultOf } from './faults.ts';
import { type AttemptFinish, brokenAnswer, cutAnswer, type FaultKind, ProviderFault } from './provider.ts';

const anything = z.optional(z.unknown());
const said = z.optional(z.nullable(z.object({ content: anything, refusal: anything, tool_calls: anything })));
const reason = z.optional(z.nullable(z.string()));
const payloadFields = z.object({
  response: anything,
  tool_calls: anything,
  choices: z.optional(
    z.nullable(
      z.array(
        z.object({ index: z.optional(z.nullable(z.number())), delta: said, message: said, finish_reason: reason }),
      ),
    ),
  ),
  finish_reason: reason,
  usage: z.optional(z.nullable(z.catch(usageFields, {}))),
});
const errorPayload = z.union([
  z.object({ error: z.union([z.string(), z.looseObject({})]) }),
  z.object({ errors: z.array(z.unknown()).check(z.minLength(1)) }),
  z.object({ internalCode: z.number() }),
]);

type Finish = 'stop' | 'length' | FaultKind;

const withheld: FaultKind = { code: 'upstream_failed', retry: 'never', message: 'The provider withheld the answer.' };

/**
 * What providers call the end, in lower case and with `_` between words: OpenAI's words, and those of Gemini, Anthropic, Cohere, DeepSeek, Mistral
 * and text-generation-inference, which gateways pass on.
 */
const endings: ReadonlyMap<string, Finish> = new Map<string, Finish>([
  ...[
    'stop',
    'end_turn',
    'stop_sequence',
    'eos',
    'eos_token',
    'end',
    'complete',
    'completed',
    'done',
    'finished',
    'tool_calls',
    'tool_use',
    'function_call',
  ].map((word): [string, Finish] => [word, 'stop']),
  ...[
    'length',
    'max_tokens',
    'max_output_tokens',
    'max_completion_tokens',
    'max_length',
    'model_length',
    'model_context_window_exceeded',
    'token_limit',
    'incomplete',
    'insufficient_system_resource',
  ].map((word): [string, Finish] => [word, 'length']),
  ...[
    'content_filter',
    'content_filtered',
    'safety',
    'refusal',
    'recitation',
    'blocklist',
    'prohibited_content',
    'spii',
    'sensitive',
    'guardrail_intervened',
    'error_toxic',
  ].map((word): [string, Finish] => [word, withheld]),
  ['error', { code: 'upstream_failed', retry: 'again', message: 'The model broke off with an error.' }],
  ['abort', { code: 'upstream_failed', retry: 'again', message: 'The model endpoint broke off the answer.' }],
]);

/** The word as the table has it; null for an empty one, which some servers send with every chunk. */
function endingWord(reason: string | null | undefined): string | null {
  const word = (reason ?? '')
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_');
  return word === '' ? null : word;
}

/** A token is seldom longer than this many characters on average; a server that ignores `max_tokens` is stopped here. */
const maxCharactersPerToken = 40;

/** Collects one answer. Pure: payloads in, text and the finish out. */
export class Answer {
  readonly #maxOutputTokens: number;
  readonly #called: CalledTools | null;
  #characters = 0;
  readonly #usage = new CountedUsage();
  #reason: string | null = null;
  #refused = false;
  #ended = false;

  /** `called` collects the calls of an answer that may call tools. */
  constructor(maxOutputTokens: number, called: CalledTools | null = null) {
    this.#maxOutputTokens = maxOutputTokens;
    this.#called = called;
  }

  /** Whether the model has begun to answer, with text or with a call. */
  get hasBegun(): boolean {
    return this.#characters > 0;
  }

  /** Takes payloads that arrived together and returns the text they add, often none. Throws `ProviderFault` when one reports an error or is not understood. */
  take(payloads: readonly Payload[]): string {
    let text = '';
    for (const payload of payloads) {
      // Ignores everything after the provider's end.
      if (this.#ended) break;
      if (payload.type === 'end') this.#ended = true;
      else text += this.#takeJson(payload.value);
    }
    return text;
  }

  #takeJson(payload: unknown): string {
    return this.#counted((this.#called ? undefined : plainText(payload)) ?? this.#takeUnusual(payload));
  }

  #counted(text: string): string {
    this.#characters += text.length;
    if (this.#characters > this.#maxOutputTokens * maxCharactersPerToken) throw endlessAnswer();
    return text;
  }

  #takeUnusual(payload: unknown): string {
    if (isError(payload)) throw faultOf({ error: payload });
    const parsed = payloadFields.safeParse(payload);
    if (!parsed.success) throw brokenAnswer('The model’s answer cannot be read.');
    const { response, choices, usage, finish_reason, tool_calls } = parsed.data;
    // Only one choice was requested.
    const choice = choices?.find(({ index }) => (index ?? 0) === 0);
    this.#reason = endingWord(choice?.finish_reason) ?? endingWord(finish_reason) ?? this.#reason;
    // OpenAI's field for an answer that refuses the schema. It ends with `stop` like any other.
    const refusal = choice?.delta?.refusal ?? choice?.message?.refusal;
    if (typeof refusal === 'string' && refusal !== '') this.#refused = true;
    if (usage) this.#usage.take(usage);
    this.#characters += this.#called?.take(choice?.delta?.tool_calls ?? choice?.message?.tool_calls ?? tool_calls) ?? 0;
    // Reasoning (`reasoning_content`) is not part of the answer. It is counted in the usage only.
    return choice ? contentText(choice.delta?.content ?? choice.message?.content) : toText(response);
  }

  /**
   * The finish, when the body has ended. `neurons` is the response header's count, used when the payloads hold none.
   * Throws `ProviderFault` when the body ended without the provider's end marker.
   */
  finish(neurons: number | null): AttemptFinish {
    if (!this.#ended && this.#reason === null) throw cutAnswer('The model’s answer was cut off.');
    const counted = this.#usage.total();
    const usage = counted && { ...counted, neurons: counted.neurons ?? neurons };
    const word = this.#refused ? 'refusal' : this.#reason;
    const toolCalls = this.#called?.made();
    const rest = toolCalls ? { usage, toolCalls } : { usage };
    // Not every server says so.
    const stop = toolCalls ? 'tool_calls' : 'stop';
    // Workers AI's native format gives no reason, so an answer that used up all it was allowed counts as cut.
    if (word === null)
      return { type: 'finish', reason: (usage?.outputTokens ?? 0) >= this.#maxOutputTokens ? 'length' : stop, ...rest };
    const ending = endings.get(word);
    if (typeof ending === 'object') throw new ProviderFault(ending);
    return ending
      ? { type: 'finish', reason: ending === 'stop' ? stop : ending, ...rest }
      : { type: 'finish', reason: 'unknown', ...rest, unknownWord: /^\w{1,40}$/.test(word) ? word : 'unreadable' };
  }
}

/** What is read of a payload, beside its text. */
const notable = {
  native: ['error', 'errors', 'internalCode', 'usage', 'finish_reason', 'choices'],
  chunk: ['error', 'errors', 'internalCode', 'usage', 'finish_reason'],
  choice: ['message', 'finish_reason'],
  delta: ['refusal'],
} as const satisfies Record<string, readonly string[]>;

/**
 * The text of a chunk that says nothing else, as nearly all do; undefined for any other payload, which the schema reads. It gives what the schema
 * would give for a small part of its price.
 */
function plainText(payload: unknown): string | undefined {
  if (!isRecord(payload)) return undefined;
  const { choices, response } = payload;
  if (typeof response === 'string') return holdsAny(payload, notable.native) ? undefined : response;
  if (!Array.isArray(choices) || choices.length !== 1 || holdsAny(payload, notable.chunk)) return undefined;
  const choice: unknown = choices[0];
  if (!isRecord(choice) || choice['index'] !== 0 || holdsAny(choice, notable.choice)) return undefined;
  const { delta } = choice;
  if (!isRecord(delta) || typeof delta['content'] !== 'string' || holdsAny(delta, notable.delta)) return undefined;
  return delta['content'];
}

/** Whether a record has any of these members, other than as null. */
function holdsAny(record: Readonly<Record<string, unknown>>, members: readonly string[]): boolean {
  for (const member of members) if ((record[member] ?? null) !== null) return true;
  return false;
}

/** Few payloads are errors, so a cheap check goes first: a failed schema parse is expensive. */
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

const textPart = z.object({ type: z.enum(['text', 'output_text']), text: z.string() });

/** A message's content. Of content parts only the text is used; reasoning and others are dropped. */
function contentText(content: unknown): string {
  if (!Array.isArray(content)) return toText(content);
  return content
    .map((part: unknown) => (typeof part === 'string' ? part : (textPart.safeParse(part).data?.text ?? '')))
    .join('');
}

function endlessAnswer(): ProviderFault {
  return new ProviderFault({
    code: 'upstream_failed',
    retry: 'next-model',
    message: 'The model wrote far more than it was allowed to.',
  });
}
