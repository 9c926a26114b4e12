/** The fields of a request that is about tools, in OpenAI's shape. Few requests are, so `tools.ts` loads this for them. */
import * as z from 'zod/mini';
import { type FieldProblem, invalidFields } from '../errors.ts';
import { isRecord } from './is-record.ts';
import type { Tool, ToolCall, ToolChoice } from './model.ts';
import type { StrategyName } from './strategies.ts';

const most = { description: 16_384, parameters: 65_536, arguments: 131_072 } as const;

const name = z.string().check(z.regex(/^[\w.-]{1,64}$/, 'expected 1 to 64 letters, digits, "_", "-" or "."'));

/** As it was given: a schema is the model's to read, whatever its members are called. */
const parameters = z
  .custom<Readonly<Record<string, unknown>>>(isRecord, 'expected a JSON Schema as an object')
  .check(
    z.refine(
      (schema) => !isRecord(schema) || JSON.stringify(schema).length <= most.parameters,
      `expected at most ${most.parameters} characters of JSON`,
    ),
  );

/** A function that is offered. */
export const tool: z.ZodMiniType<Tool, Tool> = z.strictObject({
  type: z.literal('function'),
  function: z.strictObject({
    name,
    description: z.optional(z.string().check(z.maxLength(most.description))),
    parameters: z.optional(z.nullable(parameters)),
    strict: z.optional(z.nullable(z.boolean())),
  }),
});

export const toolChoice = z.union([
  z.enum(['none', 'auto', 'required']),
  z.strictObject({ type: z.literal('function'), function: z.strictObject({ name }) }),
]);

/** What an assistant called. */
export const toolCall: z.ZodMiniType<ToolCall, ToolCall> = z.strictObject({
  id: z.string().check(z.minLength(1), z.maxLength(256)),
  type: z.literal('function'),
  function: z.strictObject({
    name: z.string().check(z.minLength(1), z.maxLength(256)),
    arguments: z.string().check(z.maxLength(most.arguments)),
  }),
});

export interface AboutTools {
  readonly strategy: StrategyName;
  readonly tools?: readonly Tool[] | undefined;
  readonly tool_choice?: ToolChoice | undefined;
  readonly parallel_tool_calls?: boolean | undefined;
  readonly messages?: readonly AnyMessage[] | undefined;
}

interface AnyMessage {
  readonly role: string;
  readonly tool_calls?: readonly ToolCall[] | undefined;
  readonly tool_call_id?: string;
}

/** Throws a 400 where tools are offered in a strategy that cannot pass a call on, or where what is said of tools does not fit together. */
export function assertTools(request: AboutTools): void {
  const { strategy, tools = [] } = request;
  if (tools.length > 0 && strategy !== 'direct') {
    const message = `strategy "${strategy}" has no place for a tool call; give "strategy": "direct", which passes it on as the model made it`;
    throw invalidFields([{ field: 'tools', message }], { code: 'unsupported_parameter' });
  }
  const problems = [...choiceProblems(request), ...repeatedNames(tools), ...strayResults(request.messages ?? [])];
  if (problems.length > 0) throw invalidFields(problems.slice(0, 20));
}

function choiceProblems({ tools, tool_choice, parallel_tool_calls }: AboutTools): FieldProblem[] {
  if (tools === undefined)
    return Object.entries({ tool_choice, parallel_tool_calls })
      .filter(([, given]) => given !== undefined)
      .map(([field]) => ({ field, message: 'only where `tools` are given' }));
  if (typeof tool_choice !== 'object') return [];
  const chosen = tool_choice.function.name;
  if (tools.some((each) => each.function.name === chosen)) return [];
  return [{ field: 'tool_choice.function.name', message: 'expected the name of one of `tools`' }];
}

function repeatedNames(tools: readonly Tool[]): FieldProblem[] {
  const first = new Map<string, number>();
  return tools.flatMap(({ function: { name } }, index) => {
    const taken = first.get(name);
    if (taken === undefined) first.set(name, index);
    const message = `expected a name of its own: tools[${taken}] has it already`;
    return taken === undefined ? [] : [{ field: `tools[${index}].function.name`, message }];
  });
}

/** Results of calls that no assistant made before them. */
function strayResults(messages: readonly AnyMessage[]): FieldProblem[] {
  const called = new Set<string>();
  return messages.flatMap(({ role, tool_calls = [], tool_call_id = '' }, index) => {
    for (const { id } of tool_calls) called.add(id);
    if (role !== 'tool' || called.has(tool_call_id)) return [];
    const message = 'expected the id of a call in an earlier assistant message’s `tool_calls`';
    return [{ field: `messages[${index}].tool_call_id`, message }];
  });
}
