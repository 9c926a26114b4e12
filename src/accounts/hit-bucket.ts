/** How many answers from the cache an account takes from this isolate in a minute: a limit that waits for nobody, and so is one an isolate. */
import { AppError } from '../errors.ts';
import type { AccountId } from './accounts.ts';
import { SlidingWindow } from './sliding-window.ts';

const windowMs = 60_000;
/** Accounts that are remembered; beyond that the one that was silent longest is forgotten. */
const mostAccounts = 1_000;

export class HitBucket {
  readonly #now: () => number;
  readonly #windows = new Map<AccountId, SlidingWindow>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Counts one hit, or throws `rate_limited` when there were `size` in the last 60 seconds. */
  take(account: AccountId, size: number): void {
    const now = this.#now();
    const window = this.#windowOf(account);
    window.advance(now);
    if (window.sum >= size) throw refusal(size, window.freedAt(1) ?? now + windowMs, now);
    window.add(now, 1);
  }

  #windowOf(account: AccountId): SlidingWindow {
    const window = this.#windows.get(account) ?? new SlidingWindow(windowMs);
    this.#windows.delete(account);
    this.#windows.set(account, window);
    const [silent] = this.#windows.keys();
    if (this.#windows.size > mostAccounts && silent !== undefined) this.#windows.delete(silent);
    return window;
  }
}

function refusal(size: number, freeAt: number, now: number): AppError {
  const retryAfterSeconds = Math.max(1, Math.ceil((freeAt - now) / 1_000));
  return new AppError('rate_limited', `The limit of ${size} requests in 60 seconds is reached.`, {
    retryAfterSeconds,
    limit: {
      limit: 'requests_per_minute',
      size,
      remaining: 0,
      resets_at: Math.ceil(freeAt / 1_000),
      retry_after_s: retryAfterSeconds,
    },
  });
}
