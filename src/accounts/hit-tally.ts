/**
 * Counts an isolate's answers from the cache, and tells each account their number once a second at most: a call to its object for each would cost more
 * than the answer itself. What was not told yet is lost with the isolate.
 */
import { BoundedMap } from '../bounded-map.ts';
import type { AccountId, Accounts } from './accounts.ts';

export interface HitTallyTools {
  readonly accounts: Pick<Accounts, 'countHits'>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Resolves after so many milliseconds. */
  readonly pause: (milliseconds: number) => Promise<void>;
}

/** How long hits are gathered, in milliseconds. */
export const gatheringMs = 1_000;
/** A telling that is so late was ended together with its request. The next hit begins another. */
const lostAfterMs = 2_000;
/** Accounts with untold hits. Beyond so many, the oldest count is forgotten. */
const mostAccounts = 1_000;

interface Untold {
  readonly since: number;
  readonly hits: number;
}

export class HitTally {
  readonly #tools: HitTallyTools;
  readonly #untold = new BoundedMap<AccountId, Untold>(mostAccounts);

  constructor(tools: HitTallyTools) {
    this.#tools = tools;
  }

  /** Counts one hit. What is returned tells the account and is to be kept alive; undefined where an earlier hit's telling includes this one. */
  count(account: AccountId): Promise<void> | undefined {
    const now = this.#tools.now();
    const before = this.#untold.get(account);
    const gathers = before !== undefined && now - before.since < gatheringMs + lostAfterMs;
    this.#untold.set(account, { since: gathers ? before.since : now, hits: (before?.hits ?? 0) + 1 });
    return gathers ? undefined : this.#tell(account);
  }

  async #tell(account: AccountId): Promise<void> {
    const { accounts, pause } = this.#tools;
    await pause(gatheringMs);
    const untold = this.#untold.get(account);
    this.#untold.delete(account);
    if (untold) await accounts.countHits(account, untold.hits);
  }
}
