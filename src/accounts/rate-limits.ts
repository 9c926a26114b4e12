/**
 * What an account has in use of its limits, and whether one more run fits. Pure. A request counts for 60 seconds from its admission. Tokens
 * count as reserved while their run is open, and as used until 60 seconds after it was settled: whenever in between they were
 * spent, no 60 seconds hold more than the limit. Money counts in the UTC day of the admission.
 */
import type { AccountLimit } from '../reflection/budget.ts';
import { type LimitName, type LimitStanding, type Limits, limitNames, type Refusal } from './accounts.ts';
import { DailyMoney } from './daily-money.ts';
import type { EscrowSize } from './escrow.ts';
import { type Amounts, dollarsOf, type Lease, nanodollarsOf } from './lease.ts';
import type { MemberAdmission } from './member-limits.ts';
import { SlidingWindow, windowMs } from './sliding-window.ts';

/** When open runs give back what they hold nobody can tell. To ask again after a second costs little: a refusal writes nothing. */
const askAgainMs = 1_000;

/** What is known of the time before: an account's open leases, and what still counts of the others. */
export interface Past {
  /** Epoch milliseconds, the latest moment that anything is known of. */
  readonly seenAt: number;
  readonly open: readonly Lease[];
  /** Admissions of the last 60 seconds, in order. */
  readonly admissions: readonly number[];
  /** What was settled in the last 60 seconds, in order. */
  readonly settled: readonly { readonly at: number; readonly tokens: number }[];
  /** Admissions of members in the last 60 seconds, in order. */
  readonly members: readonly MemberAdmission[];
  /** Nanodollars that runs of the day of `seenAt` have used, and runs of the day before it. */
  readonly spent: { readonly thatDay: number; readonly dayBefore: number };
}

export const noPast: Past = {
  seenAt: 0,
  open: [],
  admissions: [],
  settled: [],
  members: [],
  spent: { thatDay: 0, dayBefore: 0 },
};

/** One limit as it is in use, in whole units. */
interface Gauge {
  readonly size: number;
  readonly asked: number;
  /** By open runs, which may give it back at any time. */
  readonly held: number;
  /** By what is past, which leaves when its time comes. */
  readonly past: number;
  /** Epoch milliseconds at which so much of the past will have left. */
  readonly freedAt: (amount: number) => number | undefined;
  readonly resetsAt: number;
}

type Gauges = Readonly<Record<LimitName, Gauge>>;

const nothing: Amounts = { tokens: 0, nanodollars: 0 };

export class Limiter {
  #now: number;
  readonly #open = new Map<string, Lease>();
  readonly #admissions = new SlidingWindow(windowMs);
  readonly #settled = new SlidingWindow(windowMs);
  #heldTokens = 0;
  readonly #money: DailyMoney;
  /** When the last open lease expires; 0 when none is open. */
  #lastExpiry = 0;

  constructor(past: Past = noPast) {
    this.#now = past.seenAt;
    this.#money = new DailyMoney(past.seenAt, past.spent);
    for (const at of past.admissions) this.#admissions.add(at, 1);
    for (const { at, tokens } of past.settled) this.#settled.add(at, tokens);
    for (const lease of past.open) this.#hold(lease);
  }

  /** Leases by their run, the oldest first. */
  get open(): ReadonlyMap<string, Lease> {
    return this.#open;
  }

  /** Moves on to `now`, and gives the time that counts: a clock that steps back is not followed, or it would admit twice. */
  advance(now: number): number {
    this.#now = Math.max(this.#now, now);
    this.#admissions.advance(this.#now);
    this.#settled.advance(this.#now);
    this.#money.advance(this.#now);
    return this.#now;
  }

  /** Why a run does not fit: of several limits in its way, the one that goes last. Undefined when it fits. */
  refusal(limits: Limits, asked: Amounts): Refusal | undefined {
    const gauges = this.#gauges(limits, asked);
    let last: Refusal | undefined;
    for (const limit of limitNames) {
      const refusal = this.#refusalBy(limit, gauges[limit]);
      if (refusal && (!last || waitOf(refusal) > waitOf(last))) last = refusal;
    }
    return last;
  }

  /** The limit that an open run cannot have so much more of. Undefined when it can. */
  refusesMore(limits: Limits, lease: Lease, more: Amounts): AccountLimit | undefined {
    if (this.#heldTokens + this.#settled.sum + more.tokens > limits.tokens_per_minute) return 'tokens_per_minute';
    const day = this.#money.dayOf(lease);
    const isWithinDay = day && day.held + day.used + more.nanodollars <= nanodollarsOf(limits.daily_usd);
    return isWithinDay ? undefined : 'daily_usd';
  }

  standings(limits: Limits): LimitStanding[] {
    const gauges = this.#gauges(limits, nothing);
    return limitNames.map((limit) => standingOf(limit, gauges[limit]));
  }

  /** What the limits still have, in whole units. */
  left(limits: Limits): EscrowSize {
    const { requests_per_minute, tokens_per_minute, daily_usd } = this.#gauges(limits, nothing);
    return { requests: leftOf(requests_per_minute), tokens: leftOf(tokens_per_minute), nanodollars: leftOf(daily_usd) };
  }

  /** Counts a lease that fits, admitted at the time that counts. */
  admit(lease: Lease): void {
    this.#admissions.add(lease.admittedAt, 1);
    this.#hold(lease);
  }

  /** The open run holds this much from now on. */
  raise(lease: Lease, reserved: Amounts): void {
    this.#open.set(lease.run, { ...lease, reserved });
    this.#heldTokens += reserved.tokens - lease.reserved.tokens;
    this.#money.hold(lease, reserved.nanodollars - lease.reserved.nanodollars);
  }

  /** Counts what an open run has used in place of what it held. What is taken is the truth, also beyond a limit. */
  settle(lease: Lease, used: Amounts): void {
    if (!this.#open.delete(lease.run)) return;
    this.#heldTokens -= lease.reserved.tokens;
    this.#settled.add(this.#now, used.tokens);
    this.#money.settle(lease, used.nanodollars);
    if (lease.expiresAt >= this.#lastExpiry) this.#lastExpiry = this.#latestExpiry();
  }

  #hold(lease: Lease): void {
    this.#open.set(lease.run, lease);
    this.#heldTokens += lease.reserved.tokens;
    this.#money.hold(lease, lease.reserved.nanodollars);
    this.#lastExpiry = Math.max(this.#lastExpiry, lease.expiresAt);
  }

  /** Looks at all open leases: called when the last of them goes, not on an admission. */
  #latestExpiry(): number {
    let latest = 0;
    for (const { expiresAt } of this.#open.values()) latest = Math.max(latest, expiresAt);
    return latest;
  }

  #gauges(limits: Limits, asked: Amounts): Gauges {
    const now = this.#now;
    const isHeld = this.#open.size > 0;
    const endsBy = Math.max(now, this.#lastExpiry);
    const { today, endsAt: dayEnds } = this.#money;
    return {
      requests_per_minute: {
        size: limits.requests_per_minute,
        asked: 1,
        held: 0,
        past: this.#admissions.sum,
        freedAt: (amount) => this.#admissions.freedAt(amount),
        resetsAt: this.#admissions.emptyAt ?? now,
      },
      tokens_per_minute: {
        size: limits.tokens_per_minute,
        asked: asked.tokens,
        held: this.#heldTokens,
        past: this.#settled.sum,
        freedAt: (amount) => this.#settled.freedAt(amount),
        resetsAt: isHeld ? endsBy + windowMs : (this.#settled.emptyAt ?? now),
      },
      concurrent_runs: {
        size: limits.concurrent_runs,
        asked: 1,
        held: this.#open.size,
        past: 0,
        freedAt: () => undefined,
        resetsAt: isHeld ? endsBy : now,
      },
      daily_usd: {
        size: nanodollarsOf(limits.daily_usd),
        asked: asked.nanodollars,
        held: today.held,
        past: today.used,
        freedAt: () => dayEnds,
        resetsAt: today.held + today.used > 0 ? dayEnds : now,
      },
    };
  }

  #refusalBy(limit: LimitName, gauge: Gauge): Refusal | undefined {
    const { size, asked, held, past } = gauge;
    const missing = held + past + asked - size;
    if (missing <= 0) return undefined;
    const standing = { ...standingOf(limit, gauge), asked: inUnit(limit, asked) };
    if (asked > size) return { ...standing, code: 'request_exceeds_limit', retryAfterMs: null };
    const exhausted = limit === 'daily_usd' && past + asked > size;
    const retryAfterMs = this.#freeAt(gauge, missing) - this.#now;
    return { ...standing, code: exhausted ? 'budget_exhausted' : 'rate_limited', retryAfterMs };
  }

  /** The earliest moment at which so much may be free: what open runs hold may be given back soon, what is past leaves at its time. */
  #freeAt({ held, past, freedAt }: Gauge, missing: number): number {
    const soon = this.#now + askAgainMs;
    const bySelf = missing <= past ? freedAt(missing) : undefined;
    if (missing <= held) return Math.min(soon, bySelf ?? soon);
    return freedAt(missing - held) ?? soon;
  }
}

function leftOf({ size, held, past }: Gauge): number {
  return Math.max(0, size - held - past);
}

function standingOf(limit: LimitName, gauge: Gauge): LimitStanding {
  return {
    limit,
    size: inUnit(limit, gauge.size),
    remaining: inUnit(limit, leftOf(gauge)),
    resetsAt: gauge.resetsAt,
  };
}

/** Money is told in USD. */
function inUnit(limit: LimitName, amount: number): number {
  return limit === 'daily_usd' ? dollarsOf(amount) : amount;
}

function waitOf({ retryAfterMs }: Refusal): number {
  return retryAfterMs ?? Number.POSITIVE_INFINITY;
}
