/** The body of `POST /v1/chat/completions` as the local model's server takes it, and what it means for a generation. */
import * as z from 'zod/mini';
import type { AnswerFormat, ChatMessage, Generation } from './generator.ts';

const content = z.union([z.string(), z.array(z.object({ type: z.literal('text'), text: z.string() }))]);

const message = z.object({
  role: z.enum(['system', 'developer', 'user', 'assistant']),
  content,
});

const responseFormat = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text') }),
  z.object({ type: z.literal('json_object') }),
  z.object({
    type: z.literal('json_schema'),
    json_schema: z.object({ schema: z.optional(z.record(z.string(), z.unknown())) }),
  }),
]);

const tokens = z.nullish(z.int().check(z.gte(1)));

/** Fields that are not named here are ignored, as other local servers do. */
const body = z.object({
  model: z.optional(z.string()),
  messages: z.array(message).check(z.minLength(1), z.maxLength(1000)),
  max_tokens: tokens,
  max_completion_tokens: tokens,
  temperature: z.nullish(z.number().check(z.gte(0), z.lte(2))),
  top_p: z.nullish(z.number().check(z.gt(0), z.lte(1))),
  seed: z.nullish(z.int()),
  stop: z.nullish(z.union([z.string(), z.array(z.string()).check(z.maxLength(16))])),
  n: z.nullish(z.literal(1)),
  stream: z.nullish(z.boolean()),
  stream_options: z.nullish(z.object({ include_usage: z.nullish(z.boolean()) })),
  response_format: z.nullish(responseFormat),
});

export interface ChatRequest {
  readonly generation: Generation;
  readonly stream: boolean;
  readonly includeUsage: boolean;
}

export type ParsedChatRequest =
  | { readonly ok: true; readonly request: ChatRequest }
  | { readonly ok: false; readonly message: string; readonly field: string | null };

/** Reads a body; says what is wrong with the first field that does not fit. */
export function parseChatRequest(text: string): ParsedChatRequest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, message: 'The body is not JSON.', field: null };
  }
  const parsed = body.safeParse(value);
  if (parsed.success) return { ok: true, request: toRequest(parsed.data) };
  const [issue] = parsed.error.issues;
  const field = issue?.path.join('.') || null;
  return { ok: false, message: `${field ?? 'The body'}: ${issue?.message ?? 'is not valid'}`, field };
}

function toRequest(data: z.infer<typeof body>): ChatRequest {
  const stop = data.stop ?? [];
  return {
    stream: data.stream ?? false,
    includeUsage: data.stream_options?.include_usage ?? false,
    generation: {
      messages: data.messages.map(toMessage),
      maxTokens: data.max_completion_tokens ?? data.max_tokens ?? undefined,
      temperature: data.temperature ?? 1,
      topP: data.top_p ?? 1,
      seed: data.seed ?? undefined,
      stop: (typeof stop === 'string' ? [stop] : stop).filter((text) => text !== ''),
      format: toFormat(data.response_format),
    },
  };
}

function toMessage({ role, content }: z.infer<typeof message>): ChatMessage {
  return {
    role: role === 'developer' ? 'system' : role,
    content: typeof content === 'string' ? content : content.map((part) => part.text).join(''),
  };
}

function toFormat(format: z.infer<typeof responseFormat> | null | undefined): AnswerFormat {
  if (format?.type === 'json_object') return { kind: 'json' };
  if (format?.type !== 'json_schema') return { kind: 'text' };
  const { schema } = format.json_schema;
  return schema ? { kind: 'schema', schema } : { kind: 'json' };
}
