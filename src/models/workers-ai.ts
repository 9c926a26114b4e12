/** Workers AI through the `AI` binding. https://developers.cloudflare.com/workers-ai/configuration/bindings/ */
import type { Message, ModelCall, ToolUse } from '../reflection/model.ts';
import { Answer } from './answer.ts';
import { ClosingServers } from './body-text.ts';
import { answersWhole, type CatalogModel } from './catalog.ts';
import { eventPayloads, type Payload } from './event-payloads.ts';
import { faultOf } from './faults.ts';
import { calledTools } from './offered-tools.ts';
import { type AttemptChunk, brokenAnswer, type Provider, ProviderFault } from './provider.ts';
import { bodyText, retryAfterSeconds, untilAnswered } from './responses.ts';
import { createStopFilter } from './stop-sequences.ts';

/** The one method of the binding that is used. The binding's own type needs a known model name; here the id is configuration. */
export interface AiBinding {
  run(model: string, inputs: Record<string, unknown>, options: Record<string, unknown>): Promise<unknown>;
}

/** The result of `run`, in any of its shapes. */
interface Reply {
  readonly body: ReadableStream<Uint8Array> | { readonly payload: unknown };
  readonly neurons: number | null;
}

export function createWorkersAi(ai: AiBinding): Provider {
  // Models that refused a schema, so that they are asked only once. Bounded by the catalog.
  const withoutSchema = new Set<string>();
  const servers = new ClosingServers();

  async function run(model: CatalogModel, call: ModelCall, schema: boolean, signal: AbortSignal): Promise<Reply> {
    signal.throwIfAborted();
    // The raw response has this call's own status and headers; the binding's `lastRequest…` fields are shared by all calls.
    const result = await ai
      .run(model.id, inputs(model, call, schema), { signal, returnRawResponse: true })
      .catch((error) => {
        signal.throwIfAborted();
        throw faultOf({ error });
      });
    return toReply(result);
  }

  async function runWithFallback(model: CatalogModel, call: ModelCall, signal: AbortSignal): Promise<Reply> {
    const isJson = call.jsonSchema !== undefined || call.jsonObject === true;
    const schema = isJson && model.abilities.jsonSchema !== 'no' && !withoutSchema.has(model.id);
    try {
      return await run(model, call, schema, signal);
    } catch (error) {
      if (!schema || !(error instanceof ProviderFault) || !error.kind.schema) throw error;
      if (error.kind.schema === 'refused') withoutSchema.add(model.id);
      return run(model, call, false, signal);
    }
  }

  async function* stream(
    model: CatalogModel,
    call: ModelCall,
    signal: AbortSignal,
    watched?: () => boolean,
  ): AsyncGenerator<AttemptChunk> {
    const { body, neurons } = await untilAnswered(signal, (connection) => runWithFallback(model, call, connection));
    const answer = new Answer(call.maxOutputTokens, await calledTools(call));
    const stop = createStopFilter(call.stop ?? []);
    const payloads =
      'payload' in body
        ? whole(body.payload)
        : eventPayloads(body, servers.reading(model.id, signal, watched, answersWhole(model, call)));
    try {
      for await (const pieces of payloads) {
        const { text, stopped } = stop.feed(answer.take(pieces));
        // A call of a tool has begun where there is no text: that is no silence.
        if (text || (call.toolUse && answer.hasBegun)) yield { type: 'delta', text };
        if (stopped) {
          // The provider's count would include discarded text, and arrives only at the end.
          yield { type: 'finish', reason: 'stop', usage: null };
          return;
        }
      }
    } catch (error) {
      if (signal.aborted) {
        const held = stop.end();
        if (held) yield { type: 'delta', text: held };
      }
      signal.throwIfAborted();
      throw faultOf({ error });
    }
    const finish = answer.finish(neurons);
    const rest = stop.end();
    if (rest) yield { type: 'delta', text: rest };
    yield finish;
  }

  return { stream };
}

function inputs(model: CatalogModel, call: ModelCall, schema: boolean): Record<string, unknown> {
  return {
    messages: call.messages.map(toMessage),
    ...(call.toolUse && toTools(call.toolUse)),
    // The default is 256 in every Llama's schema.
    max_tokens: call.maxOutputTokens,
    temperature: call.temperature,
    ...(call.topP === undefined ? {} : { top_p: call.topP }),
    ...(call.seed === undefined ? {} : { seed: toSeed(call.seed) }),
    // "JSON Mode currently doesn't support streaming"; the schema goes bare, not in OpenAI's envelope of name and strictness.
    // https://developers.cloudflare.com/workers-ai/features/json-mode/
    ...(schema ? { response_format: jsonFormat(call) } : {}),
    stream: !answersWhole(model, schema ? call : {}),
  };
}

/** Its messages have no names. */
function toMessage({ name: _, ...message }: Message): Message {
  return message;
}

/** Descriptions and parameters are required, and no tool can be chosen by its name. https://developers.cloudflare.com/workers-ai/features/function-calling/ */
function toTools({ tools, tool_choice: choice, parallel_tool_calls }: ToolUse): Record<string, unknown> {
  const chosen = typeof choice === 'object' ? choice.function.name : undefined;
  const described = tools
    .filter(({ function: { name } }) => chosen === undefined || name === chosen)
    .map(({ type, function: { name, description = '', parameters } }) => ({
      type,
      function: { name, description, parameters: parameters ?? { type: 'object', properties: {} } },
    }));
  return {
    tools: described,
    ...(choice !== undefined && { tool_choice: chosen === undefined ? choice : 'required' }),
    ...(parallel_tool_calls !== undefined && { parallel_tool_calls }),
  };
}

function jsonFormat({ jsonSchema }: ModelCall): unknown {
  return jsonSchema ? { type: 'json_schema', json_schema: jsonSchema } : { type: 'json_object' };
}

const seeds = 9_999_999_999;

/** The provider takes seeds from 1 to 9999999999. */
function toSeed(seed: number): number {
  return seed >= 1 && seed <= seeds ? seed : 1 + (Math.abs(seed) % seeds);
}

/** A local substitute for the binding may ignore `returnRawResponse`, and a model may ignore `stream`, so every shape is accepted. */
async function toReply(result: unknown): Promise<Reply> {
  if (result instanceof Response) {
    if (!result.ok)
      throw faultOf({
        status: result.status,
        error: await bodyText(result),
        retryAfterSeconds: retryAfterSeconds(result),
      });
    if (!result.body) throw brokenAnswer('The model gave no answer.');
    return { body: result.body, neurons: neuronsOf(result.headers) };
  }
  if (result instanceof ReadableStream) return { body: result, neurons: null };
  const payload = typeof result === 'object' && result !== null ? result : { response: result };
  return { body: { payload }, neurons: null };
}

function neuronsOf(headers: Headers): number | null {
  const neurons = Number(headers.get('cf-ai-neurons') ?? Number.NaN);
  return Number.isFinite(neurons) ? neurons : null;
}

async function* whole(value: unknown): AsyncGenerator<readonly Payload[]> {
  yield [{ type: 'json', value }, { type: 'end' }];
}
