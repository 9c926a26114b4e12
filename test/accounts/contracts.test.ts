/** The contracts of `accounts/` about money, held in Node by the stores of service. */
import { durableAccounts } from '../../src/accounts/durable-accounts.ts';
import { SqliteAccountStore } from '../../src/accounts/sqlite-account-store.ts';
import { RunRows } from '../../src/run-rows.ts';
import { describeAccountStore } from '../contracts/account-store.ts';
import { describeAccounts } from '../contracts/accounts.ts';
import { AccountObjects } from '../support/account-objects.ts';
import { freshStorage } from './fresh-storage.ts';

const objects = new AccountObjects();

/** A memory of keys that is too old at once, since a revoked key may be remembered for some seconds. */
const forgetful = durableAccounts({
  accounts: objects,
  now: (() => {
    let now = 0;
    return () => {
      now += 5_000;
      return now;
    };
  })(),
  log: () => {},
});

describeAccounts('accounts hosted in Node', () => ({
  accounts: forgetful,
  at: async (account, work) => work(objects.of(account).ledger),
  issue: async (issue) => objects.issue(issue),
  revoke: async ({ account, key }) => objects.of(account).keyring.revoke(key),
}));

describeAccountStore('an account’s store in SQLite, in Node', async (work) => {
  const storage = freshStorage();
  const rows = new RunRows(storage, { now: Date.now, log: () => {}, after: () => () => {} });
  await work(new SqliteAccountStore(storage, rows));
});
