/** An account's escrow as runs are admitted within it: opened by the first, grown with the load, and closed once nothing comes any more. */
import { type Log, whereFrom } from '../errors.ts';
import type { AccountStore } from './account-store.ts';
import type { Limits } from './accounts.ts';
import { Escrow, type EscrowSize, escrowRestMs, noEscrow } from './escrow.ts';
import type { Amounts } from './lease.ts';

/** An escrow that is not at rest is looked at again so much later. */
const closingAgainMs = 250;

interface EscrowServices {
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly log: Log;
  /** Does `work` after so many milliseconds, in this instance of the object only. */
  readonly after: (milliseconds: number, work: () => void) => void;
}

export class EscrowLifecycle {
  readonly #escrow = new Escrow();
  readonly #store: Pick<AccountStore, 'flush' | 'flushAll' | 'saveEscrow'>;
  readonly #services: EscrowServices;
  /** Epoch milliseconds of the last run that was admitted within it. */
  #usedAt = 0;
  /** The run that is being covered, until it has a row. */
  #covering: string | undefined;

  constructor(store: Pick<AccountStore, 'flush' | 'flushAll' | 'saveEscrow'>, services: EscrowServices) {
    this.#store = store;
    this.#services = services;
  }

  /**
   * Lets a run be stored late. Where the escrow is too small for it, it grows before; where it may not, everything is stored. `left` is what the limits
   * still have. Throws where storage refuses.
   */
  cover(run: string, reserved: Amounts, limits: Limits, left: () => EscrowSize): void {
    this.#covering = run;
    if (!this.#escrow.covers(reserved)) this.#store.flush();
    if (!this.#escrow.covers(reserved) || this.#escrow.exceeds(limits)) {
      if (!this.#escrow.mayGrowFor(reserved, limits)) {
        this.#store.flushAll();
        return;
      }
      const wasOpen = this.#escrow.isOpen;
      this.#resize(this.#escrow.grownFor(reserved, limits, left()));
      if (!wasOpen) this.#services.after(escrowRestMs, () => this.#close());
    }
    // What was stored just now may include it, where that took long.
    if (this.#covering === run) this.#escrow.admit(run, reserved);
    this.#usedAt = this.#services.now();
  }

  /** The run has a row. */
  written(run: string): void {
    if (this.#covering === run) this.#covering = undefined;
    this.#escrow.written(run);
  }

  /** An open escrow counts as used after a loss, so it is closed when nothing comes any more. */
  #close(): void {
    const now = this.#services.now();
    // Where the clock steps back, the rest begins then.
    this.#usedAt = Math.min(this.#usedAt, now);
    const restsSince = now - this.#usedAt;
    if (restsSince < escrowRestMs || !this.#escrow.isUnused) {
      const waitMs = Math.min(escrowRestMs, Math.max(escrowRestMs - restsSince, closingAgainMs));
      this.#services.after(waitMs, () => this.#close());
      return;
    }
    try {
      this.#resize(noEscrow);
    } catch (error) {
      this.#services.log({ level: 'warn', event: 'escrow.unclosed', ...whereFrom(error) });
      this.#services.after(escrowRestMs, () => this.#close());
    }
  }

  /** Where storage refuses, the size is as before, also for whatever is stored next. */
  #resize(size: EscrowSize): void {
    this.#store.saveEscrow(size);
    try {
      this.#store.flush();
    } catch (error) {
      this.#store.saveEscrow(this.#escrow.size);
      throw error;
    }
    this.#escrow.resize(size);
  }
}
