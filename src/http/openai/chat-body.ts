/** A request for a chat completion as a request for a reflection. */
import * as z from 'zod/mini';
import { AppError, type FieldProblem, invalidFields } from '../../errors.ts';
import { isRecord } from '../../reflection/is-record.ts';
import {
  parseFields,
  type ReflectionRequest,
  readReflectionBody,
  withoutNullFields,
} from '../../reflection/request.ts';
import { chatMessage } from './chat-message.ts';
import { noSuchModel, readModelId } from './model-id.ts';
import { chatParameters, refusedParameters } from './parameters.ts';

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
    json_schema: z.strictObject({
      name: z.string(),
      description: z.optional(z.nullable(z.string())),
      schema: z._default(z.record(z.string(), z.unknown()), {}),
      strict: z.optional(z.nullable(z.boolean())),
    }),
  }),
]);

const streamOptions = z.strictObject({
  include_usage: z._default(z.boolean(), false),
  include_obfuscation: z.optional(z.literal(false)),
});

/** Fields of the native API that the chat request says itself. */
const saidElsewhere = ['input', 'messages', 'stream', 'background', 'tier'] as const;

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
  metadata: z.optional(z.record(z.string(), z.unknown())),
  store: z.optional(z.unknown()),
  user: z.optional(z.string().check(z.maxLength(512))),
  safety_identifier: z.optional(z.string().check(z.maxLength(512))),
  x_reflection: z.optional(z.looseObject({ early_draft: z._default(z.boolean(), false) })),
});

type ChatBody = z.output<typeof chatBody>;

/** Throws a 400 that names each bad field as the caller wrote it, and `not_found` for a model that does not exist. */
export async function readChatBody(body: unknown): Promise<AskedChat> {
  const given = withoutNullFields(body, chatParameters);
  if (isRecord(given)) {
    const refused = refusedParameters(given, chatParameters);
    if (refused.length > 0) throw invalidFields(refused, { code: 'unsupported_parameter' });
  }
  const chat = parseFields(chatBody, onlyHonoured(given), () => Object.keys(chatParameters));
  const { x_reflection: { early_draft, ...own } = { early_draft: false } } = chat;
  const named = readModelId(chat.model);
  if (!named) throw noSuchModel(chat.model);
  assertSaidOnce(chat, own, named.strategy !== undefined);
  const format = chat.response_format;
  const native = {
    ...own,
    messages: chat.messages.map(chatMessage),
    tier: named.tier,
    ...definedOf({
      strategy: named.strategy,
      temperature: chat.temperature,
      top_p: chat.top_p,
      seed: chat.seed,
      stop: chat.stop,
      max_output_tokens: chat.max_completion_tokens ?? chat.max_tokens,
      store: chat.store,
      metadata: metadataOf(chat),
    }),
    checks: checksOf(own['checks'], format),
    cache: own['cache'] ?? (isRepeatable(chat) ? {} : { mode: 'no-store' }),
    stream: chat.stream,
  };
  const request = await readReflectionBody(native).catch((error: unknown) => {
    throw error instanceof AppError ? inChatTerms(error, chat, own) : error;
  });
  return {
    request,
    model: chat.model,
    includeUsage: chat.stream_options?.include_usage ?? false,
    streamsDraft: early_draft || request.strategy === 'direct',
  };
}

/** Without the parameters whose value asks for nothing. */
function onlyHonoured(body: unknown): unknown {
  if (!isRecord(body)) return body;
  const table: Readonly<Record<string, { readonly treatment: string }>> = chatParameters;
  return Object.fromEntries(
    Object.entries(body).filter(([name]) => !Object.hasOwn(table, name) || table[name]?.treatment === 'honoured'),
  );
}

function definedOf(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** An answer may come from the cache where the caller asks for the same words each time. */
function isRepeatable({ temperature, seed }: ChatBody): boolean {
  return temperature === 0 || seed !== undefined;
}

function metadataOf({ metadata, user, safety_identifier }: ChatBody): Record<string, unknown> | undefined {
  const added = definedOf({ user, safety_identifier });
  return metadata === undefined && Object.keys(added).length === 0 ? undefined : { ...added, ...metadata };
}

function checksOf(declared: unknown, format: ChatBody['response_format']): unknown {
  const asked =
    format === undefined || format.type === 'text'
      ? []
      : format.type === 'json_object'
        ? [{ type: 'json' }]
        : [{ type: 'json_schema', schema: format.json_schema.schema }];
  return declared === undefined || Array.isArray(declared) ? [...(declared ?? []), ...asked] : declared;
}

/** A value in two places would leave one of them without effect. */
function assertSaidOnce(chat: ChatBody, own: Readonly<Record<string, unknown>>, namesStrategy: boolean): void {
  const { max_tokens, max_completion_tokens } = chat;
  const problems: FieldProblem[] = [];
  if (max_tokens !== undefined && max_completion_tokens !== undefined && max_tokens !== max_completion_tokens)
    problems.push({ field: 'max_tokens', message: 'differs from `max_completion_tokens`; give one of them' });
  const outside: Readonly<Record<string, unknown>> = {
    ...chat,
    max_output_tokens: max_completion_tokens ?? max_tokens,
    strategy: namesStrategy ? chat.model : undefined,
  };
  for (const name of Object.keys(own)) {
    const field = `x_reflection.${name}`;
    if (saidElsewhere.some((each) => each === name))
      problems.push({ field, message: 'said by the request itself; leave it out' });
    else if (outside[name] !== undefined)
      problems.push({ field, message: 'said by the request itself, too; give it once' });
  }
  if (problems.length > 0) throw invalidFields(problems);
}

/** A refusal of the native body with the names that the caller used. */
function inChatTerms(error: AppError, chat: ChatBody, own: Readonly<Record<string, unknown>>): AppError {
  if (error.fields.length === 0) return error;
  const declared = Array.isArray(own['checks']) ? own['checks'].length : 0;
  const fields = error.fields.map(({ field, message }) => ({ field: nameIn(field, chat, own, declared), message }));
  return invalidFields(fields, { code: error.code, cause: error });
}

function nameIn(field: string, chat: ChatBody, own: Readonly<Record<string, unknown>>, declared: number): string {
  const [head = ''] = /^[^.[]*/.exec(field) ?? [];
  if (head === 'max_output_tokens' && own[head] === undefined)
    return chat.max_completion_tokens === undefined ? 'max_tokens' : 'max_completion_tokens';
  const [, index] = /^checks\[(\d+)\]/.exec(field) ?? [];
  if (index !== undefined && Number(index) >= declared)
    return `response_format${field.replace(/^checks\[\d+\]/, '.json_schema')}`;
  return Object.hasOwn(own, head) ? `x_reflection.${field}` : field;
}
