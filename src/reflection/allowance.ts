/** The most that a reflection may use, computed before it starts: its budget stays within it. Pure. */
import { costOf, type Spending } from './budget.ts';
import type { Message, ModelFacts, Roster, Seat, ToolUse } from './model.ts';
import { callText, toolText } from './read-text.ts';
import type { ReflectionRequest } from './request.ts';
import type { Strategy } from './strategies.ts';
import { mostTokens } from './tokens.ts';

/** Of all passes. */
export interface Allowance extends Spending {
  readonly calls: number;
  readonly outputTokens: number;
}

/** What a pass may write when the caller set no cap, in tokens. */
export const defaultOutputTokens = 1_024;

/** What a prompt holds besides the conversation, in tokens: its rules, the form of its answer, and fences around what is data. */
const frameTokens = { first: 200, review: 700 } as const;

interface Asked {
  readonly strategy: Strategy;
  readonly messages: readonly Message[];
  readonly toolUse: ToolUse | undefined;
  readonly requirements: readonly string[];
  readonly sources: string;
}

/**
 * Every call may read the whole conversation again, and those who review read what was written before, so output counts twice there.
 * Money counts at the price of the dearest model of the tier.
 */
export function allowanceOf(
  { budget, max_output_tokens }: Pick<ReflectionRequest, 'budget' | 'max_output_tokens'>,
  { strategy, messages, toolUse, requirements, sources }: Asked,
  roster: Roster,
): Allowance {
  const reviews = strategy.actions.length > 0;
  const calls = Math.min(budget.max_calls, strategy.mostCalls);
  const outputTokens = budget.max_output_tokens ?? Math.max(4_000, 3 * (max_output_tokens ?? defaultOutputTokens));
  const prompt =
    promptTokens(messages, toolUse) +
    mostTokens([...requirements, sources].join('\n')) +
    (reviews ? frameTokens.review : frameTokens.first);
  const inputTokens = calls * prompt + (calls > 1 ? outputTokens : 0);
  const seats: readonly Seat[] = ['author', 'critic', 'reviser', 'judge', 'escalation'];
  const most = costOf({ inputTokens, outputTokens }, dearest(seats.flatMap((seat) => roster[seat])));
  return {
    calls,
    tokens: inputTokens + outputTokens,
    outputTokens,
    usd: Math.min(budget.max_cost_usd ?? Number.POSITIVE_INFINITY, most),
  };
}

/**
 * What Llama 3's chat template adds, in tokens: a header and an end to each message; the beginning, the header of the answer, and the dates that
 * versions from 3.1 on write into the system message.
 */
const templateTokens: { readonly message: number; readonly prompt: number } = { message: 5, prompt: 32 };

/** What a prompt takes at most, in tokens. */
export function promptTokens(messages: readonly Message[], toolUse?: ToolUse | undefined): number {
  // Servers that know names write them into the header.
  const each = messages.map(
    ({ content, name = '', tool_calls }) =>
      mostTokens(content) +
      mostTokens(name) +
      mostTokens(callText(tool_calls)) +
      templateTokens.message +
      (name === '' ? 0 : 1),
  );
  return each.reduce((sum, tokens) => sum + tokens, templateTokens.prompt + mostTokens(toolText(toolUse)));
}

/** Money is reserved at the price of the dearest model that may answer. */
export function dearest(chain: readonly ModelFacts[]): ModelFacts['price'] {
  return {
    input: Math.max(0, ...chain.map((model) => model.price.input)),
    output: Math.max(0, ...chain.map((model) => model.price.output)),
  };
}
