/** What a request of OpenAI's API says, as a request for a reflection; refusals name the fields as their caller wrote them. */
import * as z from 'zod/mini';
import { AppError, type FieldProblem, invalidFields } from '../../errors.ts';
import { isRecord } from '../../reflection/is-record.ts';
import {
  parseFields,
  type ReflectionRequest,
  readReflectionBody,
  reflectionBody,
  withoutNullFields,
} from '../../reflection/request.ts';
import { unsupportedContent } from './chat-message.ts';
import { noSuchModel, readModelId } from './model-id.ts';
import { type Parameter, refusedParameters } from './parameters.ts';

/** The native fields that an OpenAI request says in its own way; undefined where it says nothing. */
export interface Said {
  readonly messages: readonly unknown[];
  readonly temperature?: unknown;
  readonly top_p?: unknown;
  readonly seed?: unknown;
  readonly stop?: unknown;
  readonly max_output_tokens?: unknown;
  readonly store?: unknown;
  readonly instructions?: unknown;
  readonly metadata?: unknown;
  readonly stream?: boolean | undefined;
  readonly background?: boolean | undefined;
  readonly tools?: unknown;
  readonly tool_choice?: unknown;
  readonly parallel_tool_calls?: unknown;
}

export interface OpenAiRequest {
  /** The id of the model. */
  readonly model: string;
  readonly said: Said;
  /** Who asks, to be kept in the record. */
  readonly askers: Readonly<Record<string, string | undefined>>;
  /** The check that a format of the answer becomes. */
  readonly formatCheck: Readonly<Record<string, unknown>> | null;
  /** `x_reflection`. */
  readonly own: Readonly<Record<string, unknown>> | undefined;
  /** How the caller wrote the native fields `messages` and `max_output_tokens`, and the format's schema. */
  readonly names: { readonly messages: string; readonly max_output_tokens: string; readonly format: string };
}

/** Our own fields in a request of OpenAI's API. */
export const ownFields = z.optional(z.looseObject({ early_draft: z._default(z.nullable(z.boolean()), false) }));

/** Fields of the native API that such a request says itself, whether or not it says something there. */
const saidElsewhere: readonly string[] = [
  ...['input', 'messages', 'stream', 'background', 'tier'],
  ...['tools', 'tool_choice', 'parallel_tool_calls'],
];

/** Parses a body by OpenAI's names: null counts as not given, and what is not supported is refused by name. */
export function readOpenAiBody<Schema extends z.ZodMiniType>(
  schema: Schema,
  body: unknown,
  parameters: Readonly<Record<string, Parameter>>,
): z.output<Schema> {
  const given = withoutNullFields(body, parameters);
  if (!isRecord(given)) return parseFields(schema, given);
  const refused = refusedParameters(given, parameters);
  if (refused.length > 0) throw invalidFields(refused, { code: 'unsupported_parameter' });
  const honoured = Object.entries(given).filter(([name]) => {
    const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    return parameter === undefined || parameter.treatment === 'honoured';
  });
  return parseFields(schema, Object.fromEntries(honoured), () => Object.keys(parameters));
}

/** Throws a 400 that names each bad field as the caller wrote it, and `not_found` for a model that does not exist. */
export async function nativeRequest(asked: OpenAiRequest): Promise<ReflectionRequest> {
  const named = readModelId(asked.model);
  if (!named) throw noSuchModel(asked.model);
  const own = ownNativeFields(asked.own);
  const refused = unsupportedContent(asked.said.messages, asked.names.messages);
  if (refused.length > 0) throw invalidFields(refused, { code: 'unsupported_parameter' });
  const said = definedOf({ ...asked.said, metadata: metadataOf(asked), strategy: named.strategy });
  assertSaidOnce(said, own);
  // Only a plain call can pass a tool call on.
  const usual = said['tools'] === undefined ? {} : { strategy: 'direct' };
  const body = {
    ...usual,
    ...own,
    ...said,
    tier: named.tier,
    checks: checksOf(own['checks'], asked.formatCheck),
    cache: own['cache'] ?? (isRepeatable(said, own) ? {} : { mode: 'no-store' }),
  };
  try {
    return await readReflectionBody(body);
  } catch (error) {
    throw error instanceof AppError && error.fields.length > 0 ? inCallersTerms(error, asked, own) : error;
  }
}

/** Null counts as not given, as in the native API. */
function ownNativeFields({ early_draft: _, ...own }: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(own).filter(([name, value]) => value !== null || !Object.hasOwn(reflectionBody.shape, name)),
  );
}

export function definedOf(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** An answer may come from the cache where the caller asks for the same words each time. */
function isRepeatable(...bodies: readonly Readonly<Record<string, unknown>>[]): boolean {
  return bodies.some(({ temperature, seed }) => temperature === 0 || seed !== undefined);
}

function metadataOf({ said: { metadata }, askers }: OpenAiRequest): unknown {
  const added = definedOf(askers);
  if (Object.keys(added).length === 0 || (metadata !== undefined && !isRecord(metadata))) return metadata;
  return { ...added, ...metadata };
}

function checksOf(declared: unknown, format: OpenAiRequest['formatCheck']): unknown {
  if (declared !== undefined && !Array.isArray(declared)) return declared;
  return [...(declared ?? []), ...(format ? [format] : [])];
}

/** A value in two places would leave one of them without effect. */
function assertSaidOnce(said: Readonly<Record<string, unknown>>, own: Readonly<Record<string, unknown>>): void {
  const problems: FieldProblem[] = Object.keys(own).flatMap((name) =>
    saidElsewhere.includes(name) || Object.hasOwn(said, name)
      ? [{ field: `x_reflection.${name}`, message: 'the request itself says this; leave it out' }]
      : [],
  );
  if (problems.length > 0) throw invalidFields(problems);
}

function inCallersTerms(error: AppError, asked: OpenAiRequest, own: Readonly<Record<string, unknown>>): AppError {
  const declared = Array.isArray(own['checks']) ? own['checks'].length : 0;
  const fields = error.fields.map(({ field, message }) => {
    const [head = ''] = /^[^.[]*/.exec(field) ?? [];
    const [check, index] = /^checks\[(\d+)\]/.exec(field) ?? [];
    if (check !== undefined && Number(index) >= declared)
      return { field: `${asked.names.format}${field.slice(check.length)}`, message };
    if (Object.hasOwn(own, head)) return { field: `x_reflection.${field}`, message };
    const { messages, max_output_tokens } = asked.names;
    if (head === 'messages') return { field: `${messages}${field.slice(head.length)}`, message };
    return { field: head === 'max_output_tokens' ? max_output_tokens : field, message };
  });
  return invalidFields(fields, { code: error.code, cause: error });
}
