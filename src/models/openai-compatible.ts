/**
 * Any server that speaks OpenAI's chat completions: llama.cpp, Ollama, vLLM, LM Studio, OpenAI itself, Workers AI by REST.
 * Only web-standard APIs, so that it runs in plain Node too.
 */
import type { ModelCall } from '../reflection/model.ts';
import { Answer } from './answer.ts';
import { ClosingServers } from './body-text.ts';
import { answersWhole, type CatalogModel } from './catalog.ts';
import { eventPayloads } from './event-payloads.ts';
import { faultOf } from './faults.ts';
import { calledTools } from './offered-tools.ts';
import { type AttemptChunk, brokenAnswer, cutAnswer, type Provider, ProviderFault } from './provider.ts';
import { bodyBytes, bodyText, retryAfterSeconds, untilAnswered } from './responses.ts';

export interface OpenAiCompatibleOptions {
  /** Up to and with the version: `http://127.0.0.1:11434/v1`. */
  readonly baseUrl: string;
  readonly apiKey?: string | undefined;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
}

/** Optional fields that some servers refuse. */
const optionalFields = ['response_format', 'stream_options', 'seed', 'continue_final_message'] as const;
type OptionalField = (typeof optionalFields)[number];

/** How servers word the refusal of a field without naming it. */
const refusals: Readonly<Record<OptionalField, RegExp>> = {
  response_format: /response_format|json[_ ](?:schema|object|mode)|structured output|guided|grammar/i,
  stream_options: /stream_options|include_usage/i,
  seed: /\bseed\b/i,
  continue_final_message: /continue_final_message|add_generation_prompt|prefill|last message|final message/i,
};

/** Throws when the base URL is not one. */
export function createOpenAiCompatible({ baseUrl, apiKey, fetch }: OpenAiCompatibleOptions): Provider {
  const url = `${new URL(baseUrl).href.replace(/\/+$/, '')}/chat/completions`;
  const headers = { 'content-type': 'application/json', ...(apiKey ? { authorization: `Bearer ${apiKey}` } : {}) };
  // The fields that each model's server refused, so that they are sent only once. Bounded by the catalog.
  const refusedBy = new Map<string, ReadonlySet<OptionalField>>();

  const servers = new ClosingServers();

  async function post(body: Record<string, unknown>, signal: AbortSignal): Promise<Response> {
    try {
      // Redirects are not followed: they would send the key and the conversation to a host that is not configured.
      return await fetch(url, { method: 'POST', headers, body: JSON.stringify(body), signal, redirect: 'manual' });
    } catch {
      signal.throwIfAborted();
      throw brokenAnswer('The model endpoint could not be reached.');
    }
  }

  function remember(model: CatalogModel, field: OptionalField): void {
    refusedBy.set(model.id, new Set([...(refusedBy.get(model.id) ?? []), field]));
  }

  /**
   * Asks, and asks again without a field that the server refuses: at most once for each of them. A refusal that names no field may be about the
   * answer's format. That is remembered only when the server then answers without it.
   */
  async function open(model: CatalogModel, call: ModelCall, signal: AbortSignal): Promise<Response> {
    let isSuspected = false;
    for (;;) {
      const known = refusedBy.get(model.id) ?? new Set<OptionalField>();
      const body = requestBody(model, call, isSuspected ? new Set([...known, 'response_format']) : known);
      const response = await post(body, signal);
      if (response.ok) {
        if (isSuspected) remember(model, 'response_format');
        return response;
      }
      const error = await bodyText(response);
      signal.throwIfAborted();
      const refused = refusedField(response.status, error, body);
      if (refused) {
        remember(model, refused);
        continue;
      }
      const fault = faultOf({ status: response.status, error, retryAfterSeconds: retryAfterSeconds(response) });
      if (isSuspected || response.status !== 400 || fault.code !== 'upstream_failed' || !body['response_format'])
        throw fault;
      isSuspected = true;
    }
  }

  async function* stream(
    model: CatalogModel,
    call: ModelCall,
    signal: AbortSignal,
    watched?: () => boolean,
  ): AsyncGenerator<AttemptChunk> {
    const isWhole = answersWhole(model, call);
    const response = isWhole
      ? // Of an answer in one piece, nothing is kept when it is cut off.
        await open(model, call, signal)
      : await untilAnswered(signal, (connection) => open(model, call, connection));
    const { body } = response;
    if (!body) throw brokenAnswer('The model gave no answer.');
    const answer = new Answer(call.maxOutputTokens, await calledTools(call));
    try {
      for await (const payloads of eventPayloads(
        body,
        servers.reading(model.id, signal, watched, isWhole, bodyBytes(response)),
      )) {
        const text = answer.take(payloads);
        // A call of a tool has begun where there is no text: that is no silence.
        if (text || (call.toolUse && answer.hasBegun)) yield { type: 'delta', text };
      }
    } catch (error) {
      signal.throwIfAborted();
      throw error instanceof ProviderFault ? error : cutAnswer('The connection to the model endpoint broke.');
    }
    yield answer.finish(null);
  }

  return { stream };
}

function requestBody(model: CatalogModel, call: ModelCall, left: ReadonlySet<OptionalField>): Record<string, unknown> {
  const stream = !answersWhole(model, call);
  const prefill = model.abilities.prefill && !left.has('continue_final_message') ? call.prefill : undefined;
  const fields = {
    response_format: jsonFormat(model, call),
    stream_options: stream ? { include_usage: true } : undefined,
    seed: call.seed,
    // Without it, vLLM ends the assistant's turn and begins another. Servers that continue by themselves ignore it.
    continue_final_message: prefill && true,
  } satisfies Record<OptionalField, unknown>;
  return {
    model: model.id,
    messages: prefill ?? call.messages,
    ...call.toolUse,
    add_generation_prompt: prefill && false,
    max_tokens: call.maxOutputTokens,
    temperature: call.temperature,
    // Fields that are undefined are left out of the JSON.
    top_p: call.topP,
    stop: call.stop?.length ? call.stop : undefined,
    stream,
    ...Object.fromEntries(optionalFields.filter((field) => !left.has(field)).map((field) => [field, fields[field]])),
  };
}

function jsonFormat(model: CatalogModel, call: ModelCall): unknown {
  if (model.abilities.jsonSchema === 'no') return undefined;
  if (!call.jsonSchema) return call.jsonObject ? { type: 'json_object' } : undefined;
  return { type: 'json_schema', json_schema: { name: call.role, schema: call.jsonSchema } };
}

/** The optional field that a refusal is about, if it was sent; undefined for every other failure. */
function refusedField(status: number, error: unknown, body: Record<string, unknown>): OptionalField | undefined {
  if (status !== 400 && status !== 422 && status !== 501) return undefined;
  const words = typeof error === 'string' ? error : JSON.stringify(error);
  return optionalFields.find((field) => body[field] !== undefined && refusals[field].test(words));
}
