/** The limits written as they are told, with no thought for speed: a list of all runs, gone through at every question. */
import type { Limits } from '../../src/accounts/accounts.ts';

interface PlainRun {
  readonly run: string;
  readonly admittedAt: number;
  readonly reservedTokens: number;
  readonly reservedNanodollars: number;
  settledAt: number | null;
  usedTokens: number;
  usedNanodollars: number;
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

export class PlainLimits {
  #runs: PlainRun[] = [];
  #now = 0;

  /** The time never goes back. */
  at(now: number): void {
    this.#now = Math.max(this.#now, now);
    // Only for the test's own time: what is two days old counts nowhere.
    const first = this.#runs[0];
    if (first?.settledAt != null && first.settledAt < this.#now - 2 * dayMs) {
      this.#runs = this.#runs.filter(({ settledAt }) => settledAt === null || settledAt >= this.#now - 2 * dayMs);
    }
  }

  /** What was only looked at is forgotten, the time of it too; what was done is not. */
  lose(): void {
    this.#now = Math.max(0, ...this.#runs.map(({ admittedAt, settledAt }) => settledAt ?? admittedAt));
  }

  get requests(): number {
    return this.#runs.filter(({ admittedAt }) => this.#now - minuteMs < admittedAt).length;
  }

  get openRuns(): number {
    return this.#runs.filter(({ settledAt }) => settledAt === null).length;
  }

  get tokens(): number {
    return this.#runs.reduce((sum, run) => {
      if (run.settledAt === null) return sum + run.reservedTokens;
      return this.#now - minuteMs < run.settledAt ? sum + run.usedTokens : sum;
    }, 0);
  }

  get nanodollars(): number {
    const today = Math.floor(this.#now / dayMs);
    return this.#runs.reduce((sum, run) => {
      if (Math.floor(run.admittedAt / dayMs) !== today) return sum;
      return sum + (run.settledAt === null ? run.reservedNanodollars : run.usedNanodollars);
    }, 0);
  }

  fits(limits: Limits, tokens: number, nanodollars: number): boolean {
    return (
      this.requests + 1 <= limits.requests_per_minute &&
      this.openRuns + 1 <= limits.concurrent_runs &&
      this.tokens + tokens <= limits.tokens_per_minute &&
      this.nanodollars + nanodollars <= Math.round(limits.daily_usd * 1e9)
    );
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
    });
  }

  settle(run: string, usedTokens: number, usedNanodollars: number): void {
    const found = this.#runs.find((each) => each.run === run);
    if (found) Object.assign(found, { settledAt: this.#now, usedTokens, usedNanodollars });
  }
}
