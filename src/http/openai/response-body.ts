/** A request for a response as a request for a reflection. */
import * as z from 'zod/mini';
import { isRecord } from '../../reflection/is-record.ts';
import type { ReflectionRequest } from '../../reflection/request.ts';
import { formatCheck, schemaFields } from './answer-format.ts';
import { askerId } from './chat-body.ts';
import { nativeRequest, ownFields, readOpenAiBody } from './native-request.ts';
import { responseParameters } from './parameters.ts';
import type { Echoed } from './response-object.ts';

export interface AskedResponse {
  readonly request: ReflectionRequest;
  readonly echoed: Echoed;
  /** Whether the draft is streamed as the answer's text, before it is known to stay. */
  readonly streamsDraft: boolean;
}

const format = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text') }),
  z.strictObject({ type: z.literal('json_object') }),
  z.strictObject({
    type: z.literal('json_schema'),
    ...schemaFields,
  }),
]);

const usualFormat = { type: 'text' } as const;

/** What OpenAI's own fields must be. The rest is checked as the native body that comes of it. */
export const responseBody = z.strictObject({
  model: z.string(),
  input: z.union([z.string(), z.array(z.unknown())], 'expected a text, or a list of messages'),
  instructions: z.optional(z.string()),
  temperature: z.optional(z.unknown()),
  top_p: z.optional(z.unknown()),
  max_output_tokens: z.optional(z.unknown()),
  stream: z._default(z.boolean(), false),
  background: z._default(z.boolean(), false),
  store: z.optional(z.unknown()),
  metadata: z.optional(z.unknown()),
  text: z.optional(
    z.strictObject({
      format: z.optional(z.nullable(format)),
      verbosity: z.optional(z.nullable(z.literal('medium'))),
    }),
  ),
  user: z.optional(askerId),
  safety_identifier: z.optional(askerId),
  x_reflection: ownFields,
});

/** Throws what `nativeRequest` throws. */
export async function readResponseBody(body: unknown): Promise<AskedResponse> {
  const asked = readOpenAiBody(responseBody, body, responseParameters);
  const { model, input, instructions, user, safety_identifier, x_reflection } = asked;
  const { temperature, top_p, max_output_tokens, store, metadata, stream, background } = asked;
  const answerFormat = asked.text?.format ?? usualFormat;
  const request = await nativeRequest({
    model,
    said: {
      messages: typeof input === 'string' ? [{ role: 'user', content: input }] : input.flatMap(messageOf),
      ...{ instructions, temperature, top_p, max_output_tokens, store, metadata, stream, background },
    },
    askers: { user, safety_identifier },
    formatCheck: formatCheck(answerFormat.type, 'schema' in answerFormat ? answerFormat.schema : null),
    own: x_reflection,
    names: { messages: 'input', max_output_tokens: 'max_output_tokens', format: 'text.format' },
  });
  return {
    request,
    echoed: { model, strategy: request.strategy, request, format: answerFormat },
    streamsDraft: request.strategy === 'direct' || (x_reflection?.early_draft ?? false),
  };
}

/** The parts of texts, by their names in what is asked and in what was answered. */
const textTypes: readonly unknown[] = ['input_text', 'output_text', 'text'];

/** An item of the input as a native message. What the native schema does not know it refuses. */
function messageOf(item: unknown): unknown[] {
  if (!isRecord(item)) return [item];
  // What earlier responses thought is no part of the conversation.
  if (item['type'] === 'reasoning') return [];
  const { type, id: _, status: __, phase: ___, ...message } = item;
  if (type !== undefined && type !== 'message') return [{ ...message, type }];
  const { content } = message;
  return [{ ...message, content: Array.isArray(content) ? content.map(partOf) : content }];
}

function partOf(part: unknown): unknown {
  return isRecord(part) && textTypes.includes(part['type']) ? { type: 'text', text: part['text'] } : part;
}
