/**
 * An account's escrow: how much more than its rows say it may have admitted. It is stored ahead, once for many runs; what is admitted within it
 * needs no write of its own before its model is asked. After a crash all of it counts as used, so no limit is ever passed. Pure.
 */
import type { Limits } from './accounts.ts';
import { type Amounts, nanodollarsOf } from './lease.ts';

export interface EscrowSize extends Amounts {
  readonly requests: number;
}

export const noEscrow: EscrowSize = { requests: 0, tokens: 0, nanodollars: 0 };

/** It opens at this share of the requests and tokens of a minute, */
const opensAt = 1 / 16;
/** and doubles up to this one with the load. */
const growsTo = 1 / 4;
/** Of the day's money it has this share from the beginning, and no more: what a crash takes of it does not come back after a minute. */
const moneyAtMost = 1 / 64;
/** An account that admits nothing for so long closes its escrow. */
export const escrowRestMs = 2_000;

export class Escrow {
  /** As stored, or about to be stored before anything else is told. */
  #size: EscrowSize = noEscrow;
  /** Runs that were admitted within it and are in no row yet. */
  readonly #unwritten = new Map<string, Amounts>();

  get size(): EscrowSize {
    return this.#size;
  }

  get isOpen(): boolean {
    return this.#size.requests > 0;
  }

  get isUnused(): boolean {
    return this.#unwritten.size === 0;
  }

  /** Whether one more run fits in beside those that are in no row. */
  covers(asked: Amounts): boolean {
    return within(this.#needed(asked), this.#size);
  }

  /** Whether one more run keeps it below its caps. */
  mayGrowFor(asked: Amounts, limits: Limits): boolean {
    return within(this.#needed(asked), capsOf(limits));
  }

  /** Whether it is larger than it may be, since the limits were lowered. */
  exceeds(limits: Limits): boolean {
    return !within(this.#size, capsOf(limits));
  }

  /** How large it is to be for one more run and those to come; `left` is what the limits still have. */
  grownFor(asked: Amounts, limits: Limits, left: EscrowSize): EscrowSize {
    const needed = this.#needed(asked);
    const target = (now: number, limit: number, most: number, needs: number, rest: number): number => {
      const wished = now === 0 ? limit * opensAt : now * 2;
      return Math.max(needs, Math.floor(Math.min(wished, limit * most, rest)));
    };
    const money = nanodollarsOf(limits.daily_usd);
    return {
      requests: target(this.#size.requests, limits.requests_per_minute, growsTo, needed.requests, left.requests),
      tokens: target(this.#size.tokens, limits.tokens_per_minute, growsTo, needed.tokens, left.tokens),
      nanodollars: target(this.#size.nanodollars, money, moneyAtMost, needed.nanodollars, left.nanodollars),
    };
  }

  resize(size: EscrowSize): void {
    this.#size = size;
  }

  /** A run is admitted within it. */
  admit(run: string, reserved: Amounts): void {
    this.#unwritten.set(run, reserved);
  }

  /** The run has a row. */
  written(run: string): void {
    this.#unwritten.delete(run);
  }

  #needed(asked: Amounts): EscrowSize {
    let [requests, { tokens, nanodollars }] = [1, asked];
    for (const reserved of this.#unwritten.values()) {
      requests += 1;
      tokens += reserved.tokens;
      nanodollars += reserved.nanodollars;
    }
    return { requests, tokens, nanodollars };
  }
}

function capsOf(limits: Limits): EscrowSize {
  return {
    requests: limits.requests_per_minute * growsTo,
    tokens: limits.tokens_per_minute * growsTo,
    nanodollars: nanodollarsOf(limits.daily_usd) * moneyAtMost,
  };
}

function within(needed: EscrowSize, size: EscrowSize): boolean {
  return needed.requests <= size.requests && needed.tokens <= size.tokens && needed.nanodollars <= size.nanodollars;
}
