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

/** What can run out: the request's own budget, or a limit of its account. */
export const exhaustible = ['calls', 'tokens', 'money', 'deadline', 'tokens_per_minute', 'daily_usd'] as const;
export type Exhausted = (typeof exhaustible)[number];

/** A limit that an account holds each pass against. */
export type AccountLimit = Extract<Exhausted, 'tokens_per_minute' | 'daily_usd'>;

/** Input and output tokens, and USD. */
export interface Spending {
  readonly tokens: number;
  readonly usd: number;
}

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

/** What a bill may differ by from the price of a call, in USD: each pass is billed in whole nanodollars. */
const roundingUsd = 1e-9;

export class Budget {
  readonly limits: BudgetLimits;
  #calls = 0;
  // All include what running calls may still use, so that calls made at the same time cannot overspend together.
  #inputTokens = 0;
  #outputTokens = 0;
  #cost = 0;
  #exhausted: Exhausted | null = null;

  constructor(limits: BudgetLimits) {
    this.limits = limits;
  }

  /**
   * Asks for one call. Output is cut to what tokens and money allow; says which limit refuses when too little is left.
   * `wanted` and `inputTokens` in tokens, `now` in epoch milliseconds.
   */
  grant(wanted: number, inputTokens: number, price: ModelFacts['price'], now: number): Grant | Exhausted {
    const granted = this.#grant(wanted, inputTokens, price, now);
    if (typeof granted === 'string') this.#exhausted = granted;
    return granted;
  }

  /** Takes back a grant that nothing was done with, because something else is exhausted. */
  withdraw(grant: Grant, by: Exhausted): void {
    this.#calls -= 1;
    this.settle(grant, { input_tokens: 0, output_tokens: 0 }, 0);
    this.#exhausted = by;
  }

  /** The deadline ended a call that had begun. */
  passDeadline(): void {
    this.#exhausted = 'deadline';
  }

  /** Whether so many more calls may be made. */
  affords(calls: number): boolean {
    if (calls <= this.callsLeft) return true;
    this.#exhausted = 'calls';
    return false;
  }

  /** What refused or ended the last call that was; null while none was. */
  get exhausted(): Exhausted | null {
    return this.#exhausted;
  }

  /** What the calls so far have used, and those under way may use. */
  get taken(): Spending {
    return { tokens: this.#inputTokens + this.#outputTokens, usd: this.#cost + this.#calls * roundingUsd };
  }

  #grant(wanted: number, inputTokens: number, price: ModelFacts['price'], now: number): Grant | Exhausted {
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
