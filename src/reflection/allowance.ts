/** The most that a reflection may use, told before it starts: what its account sets aside, and what its budget never lets it pass. Pure. */
import { costOf } from './budget.ts';
import { estimateTokens, type Message, type ModelFacts, type Roster, type Seat } from './model.ts';
import type { ReflectionRequest } from './request.ts';
import type { Strategy } from './strategies.ts';

export interface Allowance {
  readonly calls: number;
  /** Input and output tokens of all passes. */
  readonly tokens: number;
  readonly outputTokens: number;
  /** USD. */
  readonly usd: number;
}

/** What a pass may write when the caller set no cap, in tokens. */
export const defaultOutputTokens = 1_024;

/** What a prompt holds besides the conversation, in tokens: its rules, the form of its answer, and fences around what is data. */
const frameTokens = { first: 200, review: 700 } as const;

interface Asked {
  readonly strategy: Strategy;
  readonly messages: readonly Message[];
  readonly requirements: readonly string[];
  readonly sources: string;
}

/**
 * Every call may read the whole conversation again, and those who review read what was written before, so output counts twice there.
 * Money is set aside at the price of the dearest model of the tier.
 */
export function allowanceOf(
  { budget, max_output_tokens }: Pick<ReflectionRequest, 'budget' | 'max_output_tokens'>,
  { strategy, messages, requirements, sources }: Asked,
  roster: Roster,
): Allowance {
  const reviews = strategy.actions.length > 0;
  const calls = Math.min(budget.max_calls, strategy.mostCalls);
  const outputTokens = budget.max_output_tokens ?? Math.max(4_000, 3 * (max_output_tokens ?? defaultOutputTokens));
  const prompt =
    promptTokens(messages) +
    estimateTokens([...requirements, sources].join('\n')) +
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

/** What a prompt is reckoned to take, in tokens; a message takes a few besides its text. */
export function promptTokens(messages: readonly Message[]): number {
  return messages.reduce((sum, message) => sum + estimateTokens(message.content) + 4, 0);
}

/** Money is set aside for the dearest model that may answer. */
export function dearest(chain: readonly ModelFacts[]): ModelFacts['price'] {
  return {
    input: Math.max(0, ...chain.map((model) => model.price.input)),
    output: Math.max(0, ...chain.map((model) => model.price.output)),
  };
}
