/**
 * The local limits: each isolate holds them by itself. They serve what must not wait for a far object (answers from the cache), and what costs
 * nothing but this isolate's time (bodies that are refused).
 */
import { BoundedMap } from '../bounded-map.ts';
import { AppError } from '../errors.ts';
import type { Limits, LocalLimit } from './accounts.ts';
import { SlidingWindow, windowMs } from './sliding-window.ts';

/** Ids that are remembered; beyond that the one that was silent longest is forgotten. */
const mostIds = 1_000;

/** What can be counted so, and how a refusal names it. */
const counted = {
  requests_per_minute: 'requests',
  refused_per_minute: 'refused requests',
} as const satisfies Partial<Record<keyof Limits, string>>;

export class IsolateLimiter<Id extends string> implements LocalLimit<Id> {
  readonly #limit: keyof typeof counted;
  readonly #now: () => number;
  readonly #windows = new BoundedMap<Id, SlidingWindow>(mostIds);

  /** `now`: epoch milliseconds. */
  constructor(limit: keyof typeof counted, now: () => number) {
    this.#limit = limit;
    this.#now = now;
  }

  take(id: Id, size: number): void {
    this.assertBelow(id, size);
    this.add(id);
  }

  add(id: Id): void {
    const window = this.#windowOf(id) ?? new SlidingWindow(windowMs);
    window.add(this.#now(), 1);
    this.#windows.set(id, window);
  }

  knows(id: Id): boolean {
    return (this.#windowOf(id)?.sum ?? 0) > 0;
  }

  assertBelow(id: Id, size: number): void {
    const window = this.#windowOf(id);
    if (!window || window.sum < size) return;
    const freeAt = window.freedAt(window.sum - size + 1) ?? this.#now() + windowMs;
    throw refusal(this.#limit, size, freeAt, this.#now());
  }

  #windowOf(id: Id): SlidingWindow | undefined {
    const window = this.#windows.get(id);
    const now = this.#now();
    window?.advance(now);
    if (!window || (window.emptyAt ?? 0) <= now + 2 * windowMs) return window;
    // The clock stepped back by more than a minute, and what was counted would count for as much longer.
    this.#windows.delete(id);
    return undefined;
  }
}

function refusal(limit: keyof typeof counted, size: number, freeAt: number, now: number): AppError {
  const retryAfterSeconds = Math.max(1, Math.ceil((freeAt - now) / 1_000));
  return new AppError('rate_limited', `The limit of ${size} ${counted[limit]} in 60 seconds is reached.`, {
    retryAfterSeconds,
    limit: { limit, size, remaining: 0, resets_at: Math.ceil(freeAt / 1_000), retry_after_s: retryAfterSeconds },
  });
}
