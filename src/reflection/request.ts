/** What may be asked of a reflection: the body of `POST /v1/reflections`, its limits and its defaults. Unknown fields are refused. */
import * as z from 'zod/mini';
import englishMessages from 'zod/v4/locales/en.js';
import { invalidFields } from '../errors.ts';
import type { checkSchema } from './checks/checks.ts';
import { checkCode, prepareChecks } from './declared-checks.ts';
import { fieldProblems, type KnownNames } from './field-problems.ts';
import { isRecord } from './is-record.ts';
import { strategyNames } from './strategies.ts';
import { assertTools, isAboutTools, prepareTools, tool, toolCall, toolChoice } from './tools.ts';

// zod/mini brings no messages of its own, and a refusal must say what was expected.
const english = englishMessages().localeError;
z.config({
  localeError: (issue) => {
    const message = english(issue);
    // JSON has no undefined, so an undefined value means that the field is missing.
    if (issue.input !== undefined || typeof message !== 'string') return message;
    return message.replace(/^Invalid (?:input|option): (.*?)(?:, received undefined)?$/, 'required; $1');
  },
});

export const tierNames = ['fast', 'balanced', 'quality', 'max'] as const;
export type TierName = (typeof tierNames)[number];

export const includeNames = ['draft', 'diff', 'trace'] as const;
export type Include = (typeof includeNames)[number];

const saysSomething = (text: string): boolean => text.trim() !== '';

/** A text that somebody is to read. */
const prose = z.string().check(z.refine(saysSomething, 'expected a text that is not blank'));

const textPart = z.strictObject({ type: z.literal('text'), text: z.string() });

const textParts = z.array(textPart).check(
  z.minLength(1),
  z.maxLength(64),
  z.refine(
    (parts) => parts.length === 0 || parts.some(({ text }) => saysSomething(text)),
    'expected at least one part whose text is not blank',
  ),
);

/** Who speaks, where several do. Servers that know it are told. */
const name = z.optional(z.string().check(z.regex(/^[\w-]{1,64}$/, 'expected 1 to 64 letters, digits, "_" or "-"')));

const expectedContent = 'expected a string, or a list of 1 to 64 parts {"type": "text", "text": "…"}';

/** Of tools and of those who call them, who may have nothing to say. */
const anyContent = z.union([z.string(), z.array(textPart).check(z.maxLength(64))], expectedContent);

const asking = z.strictObject({
  role: z.enum(['system', 'developer', 'user']),
  name,
  content: z.union([prose, textParts], expectedContent),
});

const assistant = z
  .strictObject({
    role: z.literal('assistant'),
    name,
    content: z.optional(z.nullable(anyContent)),
    tool_calls: z.optional(z.array(toolCall).check(z.minLength(1), z.maxLength(128))),
  })
  .check(
    z.refine(({ content, tool_calls }) => tool_calls !== undefined || saysSomething(textOf(content)), {
      path: ['content'],
      message: expectedContent,
    }),
  );

const toolResult = z.strictObject({
  role: z.literal('tool'),
  name,
  content: anyContent,
  tool_call_id: z.string().check(z.minLength(1), z.maxLength(256)),
});

const expectedRole = 'expected one of "system"|"developer"|"user"|"assistant"|"tool"';

const message = z.discriminatedUnion('role', [asking, assistant, toolResult], {
  error: ({ code, input }) => {
    if (code !== 'invalid_union') return undefined;
    return isRecord(input) && 'role' in input ? expectedRole : `required; ${expectedRole}`;
  },
});

/** What a message's content says, as one text. */
export function textOf(content: string | readonly { readonly text: string }[] | null | undefined): string {
  return typeof content === 'string' ? content : (content ?? []).map(({ text }) => text).join('');
}

const budget = z.strictObject({
  max_calls: z._default(z.int().check(z.gte(1), z.lte(32)), 8),
  max_output_tokens: z.optional(z.int().check(z.gte(1), z.lte(65_536))),
  max_cost_usd: z.optional(z.number().check(z.positive(), z.lte(100))),
  deadline_ms: z._default(z.int().check(z.gte(1_000), z.lte(600_000)), 60_000),
});

const cache = z.strictObject({
  mode: z._default(z.enum(['default', 'no-store', 'reload', 'only-if-cached']), 'default'),
  ttl: z.optional(z.int().check(z.gte(60), z.lte(2_592_000))),
});

const source = z.strictObject({
  id: z.string().check(z.minLength(1), z.maxLength(64)),
  text: prose,
});

const mostSources = 32;

const sources = z.array(source).check(z.maxLength(mostSources), (payload) => {
  if (payload.value.length > mostSources) return;
  const taken = new Map<string, number>();
  for (const [index, { id }] of payload.value.entries()) {
    const first = taken.get(id);
    if (first === undefined) taken.set(id, index);
    else {
      const message = `expected an id of its own: sources[${first}] has it already`;
      payload.issues.push({ code: 'custom', path: [index, 'id'], message, input: id, continue: true });
    }
  }
});

const stop = z.pipe(
  z.union(
    [z.string().check(z.minLength(1)), z.array(z.string().check(z.minLength(1))).check(z.maxLength(4))],
    'expected a string, or a list of at most 4 strings',
  ),
  z.transform((words) => (typeof words === 'string' ? [words] : words)),
);

/**
 * The pairs are counted before their values are looked at, as zod does with a list, so that a megabyte of bad values is one mistake.
 * A pair named `__proto__` is refused, because zod would leave it out silently.
 */
const metadata = z.pipe(
  z
    .custom<Record<string, string>>(
      (pairs) => typeof pairs !== 'object' || pairs === null || Object.keys(pairs).length <= 16,
      'expected at most 16 pairs',
    )
    .check(z.refine((pairs) => !Object.hasOwn(Object(pairs), '__proto__'), 'expected no pair named __proto__')),
  z.record(z.string().check(z.maxLength(64)), z.string().check(z.maxLength(512))),
);

const mostChecks = 32;

/** Evaluated only where a check is declared, since only then the checks are loaded. */
const declaredCheck = z.lazy((): typeof checkSchema => checkCode().checkSchema);

/** The body of `POST /v1/reflections`. */
export const reflectionBody = z
  .strictObject({
    input: z.optional(prose),
    messages: z.optional(z.array(message).check(z.minLength(1), z.maxLength(200))),
    instructions: z.optional(prose),
    tools: z.optional(z.array(tool).check(z.minLength(1), z.maxLength(128))),
    tool_choice: z.optional(toolChoice),
    parallel_tool_calls: z.optional(z.boolean()),
    tier: z._default(z.enum(tierNames), 'balanced'),
    strategy: z._default(z.enum(strategyNames), 'selective'),
    max_rounds: z._default(z.int().check(z.gte(0), z.lte(3)), 1),
    allow_small_judge: z._default(z.boolean(), false),
    temperature: z.optional(z.number().check(z.gte(0), z.lte(2))),
    top_p: z.optional(z.number().check(z.positive(), z.lte(1))),
    seed: z.optional(z.int()),
    stop: z.optional(stop),
    /** The answer's hard cap. Left out, a pass may write 1024 tokens, and an answer that is cut is continued once. */
    max_output_tokens: z.optional(z.int().check(z.gte(1), z.lte(8192))),
    checks: z._default(z.array(declaredCheck).check(z.maxLength(mostChecks)), []),
    infer_checks: z._default(z.boolean(), true),
    sources: z._default(sources, []),
    budget: z.prefault(budget, {}),
    stream: z._default(z.boolean(), false),
    background: z._default(z.boolean(), false),
    webhook: z.optional(z.url()),
    cache: z.prefault(cache, {}),
    include: z._default(z.array(z.enum(includeNames)).check(z.maxLength(includeNames.length)), []),
    store: z._default(z.boolean(), false),
    metadata: z._default(metadata, {}),
  })
  .check(
    z.refine((body) => (body.input === undefined) !== (body.messages === undefined), {
      path: ['input'],
      message: 'give either `input` or `messages`',
    }),
    z.refine((body) => !body.messages?.length || ['user', 'tool'].includes(body.messages.at(-1)?.role ?? ''), {
      path: ['messages'],
      message: 'the last message must be from the user or a tool',
    }),
  );

export type ReflectionRequest = z.output<typeof reflectionBody>;
export type ReflectionBody = z.input<typeof reflectionBody>;

/** Reads a body that came from outside: loads what its checks and tools need, then `parseReflectionBody`. */
export async function readReflectionBody(body: unknown): Promise<ReflectionRequest> {
  if (typeof body === 'object' && body !== null && 'checks' in body && Array.isArray(body.checks)) {
    await prepareChecks(body.checks.slice(0, mostChecks));
  }
  if (isAboutTools(body)) await prepareTools();
  return parseReflectionBody(body);
}

/** Reads a body, or throws a 400 that names every bad field and what was expected there. */
export function parseReflectionBody(body: unknown): ReflectionRequest {
  const given = withoutNulls(body);
  refuseCostlyChecks(given);
  const request = parseFields(reflectionBody, given, namesAt);
  if (isAboutTools(given)) assertTools(request);
  return request;
}

/** The known names where an unknown one stands, by the path of what holds it. */
function namesAt(path: readonly PropertyKey[]): readonly string[] {
  const [place] = path;
  if (place === undefined) return Object.keys(reflectionBody.shape);
  if (place === 'budget') return Object.keys(budget.shape);
  if (place === 'cache') return Object.keys(cache.shape);
  if (place === 'messages') return [asking, assistant, toolResult].flatMap(({ shape }) => Object.keys(shape));
  if (place === 'sources') return Object.keys(source.shape);
  return [];
}

/** Before zod looks at anything, since the checks' own schemas compile what was declared. */
function refuseCostlyChecks(body: unknown): void {
  if (!isRecord(body) || !Array.isArray(body['checks'])) return;
  if (body['checks'].length === 0) return;
  const problem = checkCode().declaredCostProblem(body['checks'].slice(0, mostChecks));
  if (problem !== undefined) throw invalidFields([{ field: 'checks', message: problem }]);
}

/** Parses a value that came from outside, or throws a 400 that names every bad field and what was expected there. */
export function parseFields<Schema extends z.ZodMiniType>(
  schema: Schema,
  value: unknown,
  names: KnownNames = () => [],
): z.output<Schema> {
  const result = z.safeParse(schema, value);
  if (result.success) return result.data;
  throw invalidFields(fieldProblems(result.error.issues, names, value));
}

/** The settings of a check, by its type. */
function checkShape(type: unknown): object {
  return (
    checkCode().checkSchema.def.options.find(({ shape }) => shape.type.def.values.some((value) => value === type))
      ?.shape ?? {}
  );
}

/**
 * A body without the fields that are null, at the top, in `budget` and `cache` and in the checks: official clients send null for what their
 * caller left open. Only known fields are left out, so that an unknown one is refused whatever it holds.
 */
function withoutNulls(body: unknown): unknown {
  const given = withoutNullFields(body, reflectionBody.shape);
  if (!isRecord(given)) return given;
  const { budget: limits, cache: caching, checks } = given;
  return {
    ...given,
    ...(isRecord(limits) ? { budget: withoutNullFields(limits, budget.shape) } : {}),
    ...(isRecord(caching) ? { cache: withoutNullFields(caching, cache.shape) } : {}),
    ...(Array.isArray(checks) ? { checks: checks.map(checkWithoutNulls) } : {}),
  };
}

function checkWithoutNulls(check: unknown): unknown {
  if (!isRecord(check)) return check;
  const { type } = check;
  return withoutNullFields(check, checkShape(type));
}

/** A value without those of its known fields that are null. A value that is not an object is returned unchanged. */
export function withoutNullFields(value: unknown, known: object): unknown {
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).filter(([name, held]) => held !== null || !Object.hasOwn(known, name)),
  );
}
