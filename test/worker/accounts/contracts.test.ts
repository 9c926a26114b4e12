/** The contracts of `accounts/` about money, held by Durable Objects and their SQLite. */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, vi } from 'vitest';
import { durableAccounts } from '../../../src/accounts/durable-accounts.ts';
import { SqliteAccountStore } from '../../../src/accounts/sqlite-account-store.ts';
import { describeAccountStore } from '../../contracts/account-store.ts';
import { describeAccounts } from '../../contracts/accounts.ts';
import { issue } from './place.ts';

/** A memory of keys that is too old at once, since what spends must not wait for it. */
const forgetful = durableAccounts({
  accounts: env.ACCOUNTS,
  now: (() => {
    let now = 0;
    return () => {
      now += 5_000;
      return now;
    };
  })(),
  log: () => {},
});

beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
});

describeAccounts('accounts in Durable Objects', () => ({
  accounts: forgetful,
  issue,
  revoke: ({ account, key }) => env.ACCOUNTS.getByName(account).revokeKey(key),
}));

describeAccountStore('an account’s store in SQLite', async (work) => {
  await runInDurableObject(env.RUNS.get(env.RUNS.newUniqueId()), async (_run, state) => {
    await work(new SqliteAccountStore(state));
    await state.storage.deleteAll();
  });
});
