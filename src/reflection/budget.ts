/** What a reflection may still spend: calls, output tokens, money and time. Pure; the caller tells the time. */
import type { ModelFacts, TokenUsage } from './model.ts';

export interface BudgetLimits {
  readonly calls: number;
  /** Input and output of all calls. */
  readonly tokens: number;
  readonly outputTokens: number;
  /** USD. */
  readonly cost: number;
  /** Epoch milliseconds. */
  readonly deadlineAt: number;
}

export type Exhausted = 'calls' | 'tokens' | 'money' | 'deadline';

/** A call that was granted, with the output it may produce. What it used is reported once. */
export interface Grant {
  readonly inputTokens: number;
  readonly maxOutputTokens: number;
  readonly cost: number;
}

/** The least output that a call is granted: no useful answer is shorter. A call that wants less gets less. */
export function leastOutput(wanted: number): number {
  return Math.min(wanted, 16);
}

/** USD for a call's tokens. */
export function costOf(usage: Pick<TokenUsage, 'inputTokens' | 'outputTokens'>, price: ModelFacts['price']): number {
  return (usage.inputTokens * price.input + usage.outputTokens * price.output) / 1_000_000;
}

export class Budget {
  readonly limits: BudgetLimits;
  #calls = 0;
  // All include what running calls may still use, so that calls made at the same time cannot overspend together.
  #inputTokens = 0;
  #outputTokens = 0;
  #cost = 0;

  constructor(limits: BudgetLimits) {
    this.limits = limits;
  }

  /**
   * Asks for one call. Output is cut to what tokens and money allow; says which limit refuses when too little is left.
   * `wanted` and `inputTokens` in tokens, `now` in epoch milliseconds.
   */
  grant(wanted: number, inputTokens: number, price: ModelFacts['price'], now: number): Grant | Exhausted {
    if (now >= this.limits.deadlineAt) return 'deadline';
    if (this.#calls >= this.limits.calls) return 'calls';
    const least = leastOutput(wanted);
    const total = this.limits.tokens - this.#inputTokens - this.#outputTokens - inputTokens;
    const tokens = Math.min(wanted, this.limits.outputTokens - this.#outputTokens, total);
    if (tokens < least) return 'tokens';
    const money = this.limits.cost - this.#cost - costOf({ inputTokens, outputTokens: 0 }, price);
    const affordable = price.output > 0 ? Math.floor((money * 1_000_000) / price.output) : money >= 0 ? tokens : 0;
    if (affordable < least) return 'money';
    const maxOutputTokens = Math.min(tokens, affordable);
    const cost = costOf({ inputTokens, outputTokens: maxOutputTokens }, price);
    this.#calls += 1;
    this.#inputTokens += inputTokens;
    this.#outputTokens += maxOutputTokens;
    this.#cost += cost;
    return { inputTokens, maxOutputTokens, cost };
  }

  /** Gives back what a granted call did not use, or takes what it used beyond. */
  settle(grant: Grant, used: { readonly input_tokens: number; readonly output_tokens: number }, cost: number): void {
    this.#inputTokens += used.input_tokens - grant.inputTokens;
    this.#outputTokens += used.output_tokens - grant.maxOutputTokens;
    this.#cost += cost - grant.cost;
  }

  /** How many more calls may be made. */
  get callsLeft(): number {
    return this.limits.calls - this.#calls;
  }
}
