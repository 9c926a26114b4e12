/** The limits written as they are told, with no thought for speed: a list of all runs, gone through at every question. */
import type { Limits } from '../../src/accounts/accounts.ts';
import type { EscrowSize } from '../../src/accounts/escrow.ts';

interface PlainRun {
  readonly run: string;
  admittedAt: number;
  reservedTokens: number;
  reservedNanodollars: number;
  settledAt: number | null;
  usedTokens: number;
  usedNanodollars: number;
  /** A loss took it: it was admitted, and its account cannot know. */
  isLost: boolean;
}

/** What a loss is taken for. */
interface PlainLoss {
  readonly at: number;
  readonly size: EscrowSize;
  /** How many commits there are once the loss itself cannot be lost. */
  readonly needs: number;
}

export interface InUse {
  requests: number;
  openRuns: number;
  tokens: number;
  nanodollars: number;
}

/** What a loss leaves of a run: no row, or one as it was when it was last committed. */
export type Left =
  | { readonly state: 'none' | 'ended' }
  | { readonly state: 'open'; readonly reservedTokens: number; readonly reservedNanodollars: number };

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

export class PlainLimits {
  #runs: PlainRun[] = [];
  #losses: PlainLoss[] = [];
  #now = 0;

  /** The time never goes back. */
  at(now: number): void {
    this.#now = Math.max(this.#now, now);
    // Only for the test's own time: what is two days old counts nowhere.
    const first = this.#runs[0];
    if (first?.settledAt != null && first.settledAt < this.#now - 2 * dayMs) {
      this.#runs = this.#runs.filter(({ settledAt }) => settledAt === null || settledAt >= this.#now - 2 * dayMs);
      this.#losses = this.#losses.filter(({ at }) => at >= this.#now - 2 * dayMs);
    }
  }

  /**
   * What is in use by every run that was admitted, whoever knows of it (`admitted`), and by what an account can know: the runs that were not lost, and
   * each escrow that was (`charged`). Money is that of the UTC day of `moment`.
   */
  inUse(moment = this.#now): { readonly admitted: InUse; readonly charged: InUse } {
    const charged: InUse = { requests: 0, openRuns: 0, tokens: 0, nanodollars: 0 };
    const lost: InUse = { requests: 0, openRuns: 0, tokens: 0, nanodollars: 0 };
    const since = this.#now - minuteMs;
    const dayBegins = moment - (moment % dayMs);
    const isOfDay = (at: number): boolean => at >= dayBegins && at < dayBegins + dayMs;
    for (const run of this.#runs) {
      const sums = run.isLost ? lost : charged;
      const isOpen = run.settledAt === null;
      if (since < run.admittedAt) sums.requests += 1;
      if (isOpen) sums.openRuns += 1;
      if (isOpen) sums.tokens += run.reservedTokens;
      else if (since < (run.settledAt ?? 0)) sums.tokens += run.usedTokens;
      if (isOfDay(run.admittedAt)) sums.nanodollars += isOpen ? run.reservedNanodollars : run.usedNanodollars;
    }
    const admitted: InUse = {
      requests: charged.requests + lost.requests,
      openRuns: charged.openRuns,
      tokens: charged.tokens + lost.tokens,
      nanodollars: charged.nanodollars + lost.nanodollars,
    };
    for (const { at, size } of this.#losses) {
      if (since < at) charged.requests += size.requests;
      if (since < at) charged.tokens += size.tokens;
      if (isOfDay(at)) charged.nanodollars += size.nanodollars;
    }
    return { admitted, charged };
  }

  admit(run: string, reservedTokens: number, reservedNanodollars: number): void {
    this.#runs.push({
      run,
      admittedAt: this.#now,
      reservedTokens,
      reservedNanodollars,
      settledAt: null,
      usedTokens: 0,
      usedNanodollars: 0,
      isLost: false,
    });
  }

  raise(run: string, reservedTokens: number, reservedNanodollars: number): void {
    const found = this.#runs.find((each) => each.run === run);
    if (found) Object.assign(found, { reservedTokens, reservedNanodollars });
  }

  /** When a run was admitted, in epoch milliseconds. Undefined where that is too long ago for its day to be known. */
  dayOf(run: string): number | undefined {
    const at = this.#runs.find((each) => each.run === run)?.admittedAt ?? 0;
    return at >= this.#now - (this.#now % dayMs) - dayMs ? at : undefined;
  }

  settle(run: string, usedTokens: number, usedNanodollars: number): void {
    const found = this.#runs.find((each) => each.run === run);
    if (found) Object.assign(found, { settledAt: this.#now, usedTokens, usedNanodollars });
  }

  /**
   * The object is lost at a time at which the clock says `clock`; `size` is what its escrow had come to, `committed` as many commits as are left. Of runs
   * that were never told, nothing is left. What was only looked at is forgotten, the time of it too; what was done is not.
   */
  lose(
    clock: number,
    {
      size,
      committed,
      wasTold,
      left,
    }: {
      readonly size: EscrowSize;
      readonly committed: number;
      readonly wasTold: (run: string) => boolean;
      /** Undefined for runs that stand as they stood at the last loss. */
      readonly left: (run: string) => Left | undefined;
    },
  ): void {
    this.#losses = this.#losses.filter(({ needs }) => needs <= committed);
    this.#runs = this.#runs.filter(({ run, isLost }) => isLost || left(run)?.state !== 'none' || wasTold(run));
    const taken: PlainRun[] = [];
    for (const run of this.#runs) {
      const leaves = run.isLost ? undefined : left(run.run);
      if (leaves?.state === 'open') {
        const { reservedTokens, reservedNanodollars } = leaves;
        Object.assign(run, { settledAt: null, reservedTokens, reservedNanodollars });
      }
      if (leaves?.state === 'none') taken.push(run);
    }
    for (const run of taken) run.isLost = true;
    const kept = this.#runs.flatMap(({ isLost, admittedAt, settledAt }) => (isLost ? [] : (settledAt ?? admittedAt)));
    const seenAt = Math.max(0, ...kept, ...this.#losses.map(({ at }) => at));
    this.#now = size.requests === 0 ? seenAt : Math.max(seenAt, clock);
    for (const run of taken) this.#take(run);
    if (size.requests > 0) this.#losses.push({ at: this.#now, size, needs: Number.POSITIVE_INFINITY });
  }

  /** The last loss cannot be lost once there are so many commits. */
  lossIsWritten(needs: number): void {
    const last = this.#losses.at(-1);
    if (last?.needs === Number.POSITIVE_INFINITY) this.#losses.splice(-1, 1, { ...last, needs });
  }

  /** The run has ended with the loss. What it took beyond what was set aside, as only a row would say, nobody can hold against a limit. */
  #take(run: PlainRun): void {
    const isOpen = run.settledAt === null;
    run.usedTokens = isOpen ? run.reservedTokens : Math.min(run.usedTokens, run.reservedTokens);
    run.usedNanodollars = isOpen ? run.reservedNanodollars : Math.min(run.usedNanodollars, run.reservedNanodollars);
    // By the clock of after the loss, which may have stepped back.
    run.admittedAt = Math.min(run.admittedAt, this.#now);
    run.settledAt = Math.min(run.settledAt ?? this.#now, this.#now);
  }
}

export function fits(limits: Limits, inUse: InUse, tokens: number, nanodollars: number): boolean {
  return (
    inUse.requests + 1 <= limits.requests_per_minute &&
    inUse.openRuns + 1 <= limits.concurrent_runs &&
    inUse.tokens + tokens <= limits.tokens_per_minute &&
    inUse.nanodollars + nanodollars <= Math.round(limits.daily_usd * 1e9)
  );
}

/** Whether an open run may hold so much more. `inUse` of the day on which it was admitted. */
export function fitsMore(limits: Limits, inUse: InUse, tokens: number, nanodollars: number): boolean {
  return (
    inUse.tokens + tokens <= limits.tokens_per_minute &&
    inUse.nanodollars + nanodollars <= Math.round(limits.daily_usd * 1e9)
  );
}
