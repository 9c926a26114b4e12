/** The contracts of `accounts/` about money, held by Durable Objects and their SQLite. */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, vi } from 'vitest';
import { Account } from '../../../src/accounts/account.ts';
import type { AccountId } from '../../../src/accounts/accounts.ts';
import { durableAccounts } from '../../../src/accounts/durable-accounts.ts';
import { Keyring } from '../../../src/accounts/keyring.ts';
import { SqliteAccountStore } from '../../../src/accounts/sqlite-account-store.ts';
import { SqliteKeyStore } from '../../../src/accounts/sqlite-key-store.ts';
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

/** Accounts over the storage of their objects. */
const hosted = new Map<AccountId, Account>();

function accountIn({ storage }: DurableObjectState, id: AccountId): Account {
  const keyring = new Keyring(new SqliteKeyStore(storage.sql), Date.now);
  const services = { now: Date.now, log: () => {}, storedMs: 0, after: () => {}, wakeAt: () => {} };
  const account = hosted.get(id) ?? new Account(new SqliteAccountStore(storage), keyring, services);
  hosted.set(id, account);
  return account;
}

describeAccounts('accounts in Durable Objects', () => ({
  accounts: forgetful,
  at: (account, work) =>
    runInDurableObject(env.ACCOUNTS.getByName(account), (_object, state) => work(accountIn(state, account))),
  issue,
  revoke: ({ account, key }) => env.ACCOUNTS.getByName(account).revokeKey(key),
}));

describeAccountStore('an account’s store in SQLite', async (work) => {
  // An object of a class that stores nothing of its own.
  await runInDurableObject(env.CAPACITY.get(env.CAPACITY.newUniqueId()), async (_object, { storage }) => {
    await work(new SqliteAccountStore(storage));
    await storage.deleteAll();
  });
});
