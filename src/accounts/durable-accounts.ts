/** The Accounts port over Durable Objects: one object an account, found by its id. What cannot be asked admits nothing. */
import { AppError, type Log, whereFrom } from '../errors.ts';
import type { AccountId, Accounts, Caller, KeyId, KeyStatus, RunPage, UsageReport } from './accounts.ts';
import type { NamedObjects } from './durable-key-administration.ts';
import { StatusMemory } from './key-status-cache.ts';
import { type Outcome, valueIn } from './outcome.ts';
import { retryOnReset } from './retry-on-reset.ts';

/** What is called on an account's object. */
export interface RemoteAccount {
  status(caller: Caller): Promise<Outcome<KeyStatus>>;
  countHits(hits: number): Promise<void>;
  stored(after: string | null, limit: number): Promise<Outcome<RunPage>>;
  usage(from: string, to: string, key?: KeyId): Promise<UsageReport>;
}

export interface AccountsTools {
  readonly accounts: NamedObjects<RemoteAccount>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly log: Log;
}

const busy = 'The account cannot be asked at the moment.';

/** To be made once an isolate: it remembers what is known of keys. */
export function durableAccounts({ accounts, now, log }: AccountsTools): Accounts {
  const memory = new StatusMemory(now);
  const ask = async <Answer>(
    account: AccountId,
    question: (object: RemoteAccount) => Promise<Answer>,
  ): Promise<Answer> => {
    try {
      return await retryOnReset(() => question(accounts.getByName(account)), busy);
    } catch (error) {
      throw error instanceof AppError ? error : cannotBeAsked(error);
    }
  };

  return {
    async status(caller) {
      const known = memory.recall(caller);
      if (known) return valueIn(known);
      const askedAt = now();
      const status = await ask(caller.account, (object) => object.status(caller));
      memory.remember(caller, status, askedAt);
      return valueIn(status);
    },

    async countHits(account, hits) {
      try {
        await accounts.getByName(account).countHits(hits);
      } catch (error) {
        log({ level: 'warn', event: 'hit.uncounted', hits, ...whereFrom(error) });
      }
    },

    stored: async (account, after, limit) => valueIn(await ask(account, (object) => object.stored(after, limit))),
    usage: (account, from, to, key) => ask(account, (object) => object.usage(from, to, key)),
  };
}

function cannotBeAsked(cause: unknown): AppError {
  return new AppError('upstream_busy', busy, { cause, retryAfterSeconds: 1 });
}
