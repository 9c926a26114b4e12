/** The contracts of `accounts/` about money, held by Durable Objects and their SQLite. */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, vi } from 'vitest';
import { durableAccounts } from '../../../src/accounts/durable-accounts.ts';
import { Keyring } from '../../../src/accounts/keyring.ts';
import { Ledger } from '../../../src/accounts/ledger.ts';
import { SqliteAccountStore } from '../../../src/accounts/sqlite-account-store.ts';
import { SqliteKeyStore } from '../../../src/accounts/sqlite-key-store.ts';
import { RunRows } from '../../../src/run-rows.ts';
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

function rowsIn(storage: DurableObjectStorage): RunRows {
  return new RunRows(storage, { now: Date.now, log: () => {}, after: () => () => {} });
}

/** An account over the storage of its object, which has stored everything when the work is done: the object itself reads it there. */
function inAccount<Result>({ storage }: DurableObjectState, work: (account: Ledger) => Result): Result {
  const keyring = new Keyring(new SqliteKeyStore(storage.sql), Date.now);
  const rows = rowsIn(storage);
  const services = { now: Date.now, log: () => {}, storedMs: 0, after: () => {}, wakeAt: () => {} };
  try {
    return work(new Ledger(new SqliteAccountStore(storage, rows), keyring, services));
  } finally {
    rows.flushAll();
  }
}

describeAccounts('accounts in Durable Objects', () => ({
  accounts: forgetful,
  at: (account, work) =>
    runInDurableObject(env.ACCOUNTS.getByName(account), (_object, state) => inAccount(state, work)),
  issue,
  revoke: ({ account, key }) => env.ACCOUNTS.getByName(account).revokeKey(key),
}));

describeAccountStore('an account’s store in SQLite', async (work) => {
  // An object of a class that stores nothing of its own.
  await runInDurableObject(env.CAPACITY.get(env.CAPACITY.newUniqueId()), async (_object, { storage }) => {
    await work(new SqliteAccountStore(storage, rowsIn(storage)));
    await storage.deleteAll();
  });
});
