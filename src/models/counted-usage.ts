/**
 * The token counts in a provider's answer. Some servers count once at the end, some send a running total with each chunk, and some send the
 * count of each chunk. Pure.
 */
import * as z from 'zod/mini';
import type { TokenUsage } from '../reflection/model.ts';

/** A whole number, not negative. Anything else counts as unknown. */
const count = z.catch(z.optional(z.nullable(z.int().check(z.nonnegative()))), Number.NaN);
const amount = z.catch(z.optional(z.nullable(z.number().check(z.nonnegative()))), null);
/** `usage` as in an answer. Other members are ignored. */
export const usageFields = z.object({ prompt_tokens: count, completion_tokens: count, neurons: amount });

export class CountedUsage {
  readonly #input = new Count();
  readonly #output = new Count();
  #neurons: number | null = null;

  /** Takes the `usage` of one payload. */
  take({ prompt_tokens, completion_tokens, neurons }: z.output<typeof usageFields>): void {
    this.#input.take(prompt_tokens);
    this.#output.take(completion_tokens);
    this.#neurons = neurons ?? this.#neurons;
  }

  /** Null when nothing was counted, or not in whole numbers: some servers send zeros in every chunk but the last. */
  total(): TokenUsage | null {
    const [inputTokens, outputTokens] = [this.#input.total, this.#output.total];
    if (Number.isNaN(inputTokens) || Number.isNaN(outputTokens) || inputTokens + outputTokens === 0) return null;
    return { inputTokens, outputTokens, neurons: this.#neurons };
  }
}

/** A count that never falls is a running total. One that falls counts each chunk by itself, and is summed. */
class Count {
  #last = 0;
  #sum = 0;
  #falls = false;

  take(count: number | null | undefined): void {
    if (count === null || count === undefined) return;
    this.#falls ||= count < this.#last;
    this.#last = count;
    this.#sum += count;
  }

  /** NaN when one of the counts was no whole number. */
  get total(): number {
    return Number.isNaN(this.#sum) || this.#falls ? this.#sum : this.#last;
  }
}
