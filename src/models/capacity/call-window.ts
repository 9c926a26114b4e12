/**
 * Which calls count against the platform's requests a minute at a moment. A call counts for 60 s from its making, and before that for as long
 * as it is granted and may still be made: so in no 60 s more calls are made than ever count together. Pure; the caller tells the time.
 */

/** The platform counts over this long. */
export const windowMs = 60_000;

interface Granted {
  readonly account: string;
  /** For each of its calls, in the order of their making, the epoch milliseconds at which it ceases to count. */
  readonly until: readonly number[];
}

/** What counts at one moment. */
export interface Tally {
  readonly all: number;
  readonly of: ReadonlyMap<string, number>;
}

export class CallWindow {
  readonly #validMs: number;
  readonly #granted = new Map<string, Granted>();

  /** `validMs`: how long a granted call may be put off. */
  constructor(validMs: number) {
    this.#validMs = validMs;
  }

  /** Counts a grant's calls: the first is made now, the others at any time until they are no longer valid. */
  add(grant: string, account: string, calls: number, now: number): void {
    const until = Array.from({ length: calls }, (_, index) => now + windowMs + (index === 0 ? 0 : this.#validMs));
    this.#granted.set(grant, { account, until });
  }

  /** No more calls of the grant will be made: those that were, so many milliseconds ago, count from then; the others no more. */
  close(grant: string, madeAgoMs: readonly number[], now: number): void {
    const granted = this.#granted.get(grant);
    if (!granted) return;
    const until = granted.until.flatMap((latest, index) => {
      const ago = madeAgoMs[index];
      return ago === undefined ? [] : [Math.min(latest, now - Math.max(0, ago) + windowMs)];
    });
    this.#granted.set(grant, { account: granted.account, until });
  }

  /** Forgets what counts no more, and counts the rest. */
  tally(now: number): Tally {
    const of = new Map<string, number>();
    let all = 0;
    for (const [grant, { account, until }] of this.#granted) {
      const counting = until.filter((time) => time > now).length;
      if (counting === 0) this.#granted.delete(grant);
      else of.set(account, (of.get(account) ?? 0) + counting);
      all += counting;
    }
    return { all, of };
  }

  /** When the next call ceases to count; null when none counts. */
  nextFreeAt(now: number): number | null {
    let next: number | null = null;
    for (const { until } of this.#granted.values())
      for (const time of until) if (time > now) next = Math.min(next ?? time, time);
    return next;
  }
}
