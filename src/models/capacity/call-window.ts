/**
 * Counts calls against the platform's requests per minute. A call counts for 60 s after it is made, and before that while it is granted and may
 * still be made. So the calls made in any 60 s never exceed the calls that count at one moment. Pure: the caller passes the time.
 */

/** The window of the platform limit. */
export const windowMs = 60_000;

interface Granted {
  readonly account: string;
  /** When each of its calls stops counting (epoch milliseconds), in the order in which they are made. */
  readonly until: readonly number[];
}

/** The calls that count at one moment. */
export interface Tally {
  readonly all: number;
  readonly of: ReadonlyMap<string, number>;
}

export class CallWindow {
  readonly #validMs: number;
  readonly #granted = new Map<string, Granted>();

  /** `validMs`: how long a granted call may be delayed. */
  constructor(validMs: number) {
    this.#validMs = validMs;
  }

  /** Counts a grant's calls: the first is made now, the others at any time until they are no longer valid. */
  add(grant: string, account: string, calls: number, now: number): void {
    const until = Array.from({ length: calls }, (_, index) => now + windowMs + (index === 0 ? 0 : this.#validMs));
    this.#granted.set(grant, { account, until });
  }

  /** Closes a grant. Its calls that were made, so many milliseconds ago, count from then. The others stop counting. */
  close(grant: string, madeAgoMs: readonly number[], now: number): void {
    const granted = this.#granted.get(grant);
    if (!granted) return;
    const until = granted.until.flatMap((latest, index) => {
      const ago = madeAgoMs[index];
      return ago === undefined ? [] : [Math.min(latest, now - Math.max(0, ago) + windowMs)];
    });
    this.#granted.set(grant, { account: granted.account, until });
  }

  /** Drops calls that no longer count, and counts the rest. */
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

  /** When the next call stops counting; null when none counts. */
  nextFreeAt(now: number): number | null {
    let next: number | null = null;
    for (const { until } of this.#granted.values())
      for (const time of until) if (time > now) next = Math.min(next ?? time, time);
    return next;
  }
}
