/** The contracts of `accounts/` about money, held by what the tests put in the place of the platform. */
import { describeAccountStore } from '../contracts/account-store.ts';
import { describeAccounts } from '../contracts/accounts.ts';
import { MemoryAccounts } from '../support/memory-accounts.ts';
import { MemoryAccountStore } from './memory-account-store.ts';

const accounts = new MemoryAccounts();

describeAccounts('accounts in memory', () => ({
  accounts,
  issue: (issue) => accounts.issue(issue),
  revoke: async ({ account, key }) => accounts.of(account).keyring.revoke(key),
}));

describeAccountStore('an account’s store in memory', async (work) => work(new MemoryAccountStore()));
