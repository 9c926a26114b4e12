/** A request for a chat completion as a request for a reflection. */
import * as z from 'zod/mini';
import { invalidFields } from '../../errors.ts';
import type { ReflectionRequest } from '../../reflection/request.ts';
import { formatCheck, schemaFields } from './answer-format.ts';
import { chatMessage } from './chat-message.ts';
import { nativeRequest, ownFields, readOpenAiBody, type Said } from './native-request.ts';
import { chatParameters } from './parameters.ts';

/** What only the translation of the answer needs. */
export interface AskedChat {
  readonly request: ReflectionRequest;
  /** As the caller wrote it: the answer repeats it. */
  readonly model: string;
  readonly includeUsage: boolean;
  /** Whether the draft is streamed as the answer's content, before it is known to stay. */
  readonly streamsDraft: boolean;
}

const responseFormat = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text') }),
  z.strictObject({ type: z.literal('json_object') }),
  z.strictObject({
    type: z.literal('json_schema'),
    json_schema: z.strictObject(schemaFields),
  }),
]);

const streamOptions = z.strictObject({
  include_usage: z.optional(z.nullable(z.boolean())),
  include_obfuscation: z.optional(z.nullable(z.literal(false))),
});

/** Of an end user. */
export const askerId = z.string().check(z.maxLength(512));

/** What OpenAI's own fields must be. The rest is checked as the native body that comes of it. */
export const chatBody = z.strictObject({
  model: z.string(),
  messages: z.array(z.unknown()),
  temperature: z.optional(z.unknown()),
  top_p: z.optional(z.unknown()),
  seed: z.optional(z.unknown()),
  stop: z.optional(z.unknown()),
  max_completion_tokens: z.optional(z.unknown()),
  max_tokens: z.optional(z.unknown()),
  stream: z._default(z.boolean(), false),
  stream_options: z.optional(streamOptions),
  response_format: z.optional(responseFormat),
  metadata: z.optional(z.unknown()),
  store: z.optional(z.unknown()),
  user: z.optional(askerId),
  safety_identifier: z.optional(askerId),
  tools: z.optional(z.unknown()),
  tool_choice: z.optional(z.unknown()),
  parallel_tool_calls: z.optional(z.unknown()),
  x_reflection: ownFields,
});

type ChatBody = z.output<typeof chatBody>;

/** Throws what `nativeRequest` throws. */
export async function readChatBody(body: unknown): Promise<AskedChat> {
  const chat = readOpenAiBody(chatBody, body, chatParameters);
  const { model, stream, max_tokens, max_completion_tokens, x_reflection } = chat;
  if (max_tokens !== undefined && max_completion_tokens !== undefined && max_tokens !== max_completion_tokens)
    throw invalidFields([{ field: 'max_tokens', message: 'differs from `max_completion_tokens`; give one of them' }]);
  const { temperature, top_p, seed, stop, store, metadata, user, safety_identifier } = chat;
  const request = await nativeRequest({
    model,
    said: {
      messages: chat.messages.map(chatMessage),
      max_output_tokens: max_completion_tokens ?? max_tokens,
      ...{ temperature, top_p, seed, stop, store, metadata, stream },
      ...saidOfTools(chat),
    },
    askers: { user, safety_identifier },
    formatCheck: checkOf(chat.response_format),
    own: x_reflection,
    names: {
      messages: 'messages',
      max_output_tokens: max_completion_tokens === undefined ? 'max_tokens' : 'max_completion_tokens',
      format: 'response_format.json_schema',
    },
  });
  const streamsDraft = request.strategy === 'direct' || (x_reflection?.early_draft ?? false);
  return { request, model, includeUsage: chat.stream_options?.include_usage ?? false, streamsDraft };
}

/** Without tools, a choice that asks for none of them says nothing. */
function saidOfTools({ tools, tool_choice, parallel_tool_calls }: ChatBody): Pick<Said, 'tools' | 'tool_choice'> {
  if (tools !== undefined && !(Array.isArray(tools) && tools.length === 0))
    return { tools, ...{ tool_choice, parallel_tool_calls } };
  return tool_choice === 'none' || tool_choice === 'auto' ? {} : { tool_choice };
}

function checkOf(format: ChatBody['response_format']): Record<string, unknown> | null {
  return format ? formatCheck(format.type, 'json_schema' in format ? format.json_schema.schema : null) : null;
}
