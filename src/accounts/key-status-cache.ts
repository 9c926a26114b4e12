/** What an isolate remembers of keys: whether each may be used, for a few seconds, so that what only reads waits for no far object. */
import { BoundedMap } from '../bounded-map.ts';
import type { Caller, KeyStatus } from './accounts.ts';
import type { Outcome } from './outcome.ts';

/** A revoked key may read for so long. */
const rememberedMs = 5_000;
/** Some 300 bytes each. */
const mostRemembered = 1_000;

interface Remembered {
  readonly at: number;
  readonly status: Outcome<KeyStatus>;
}

export class StatusMemory {
  readonly #now: () => number;
  /** By the key and its secret. */
  readonly #known = new BoundedMap<string, Remembered>(mostRemembered);

  /** `now`: epoch milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  recall(caller: Caller): Outcome<KeyStatus> | undefined {
    const name = nameOf(caller);
    const known = this.#known.get(name);
    if (!known) return undefined;
    const age = this.#now() - known.at;
    if (age >= 0 && age < rememberedMs) return known.status;
    this.#known.delete(name);
    return undefined;
  }

  /** `askedAt`: epoch milliseconds before the account was asked, since what it said was true no later than its answer. */
  remember(caller: Caller, status: Outcome<KeyStatus>, askedAt: number): void {
    this.#known.set(nameOf(caller), { at: askedAt, status });
  }
}

function nameOf({ key, secretHash }: Caller): string {
  return `${key} ${secretHash}`;
}
