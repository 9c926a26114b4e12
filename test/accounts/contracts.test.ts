/** The contracts of `accounts/` about money, held by what the tests put in the place of the platform. */
import { describeAccountShelf } from '../contracts/account-shelf.ts';
import { describeAccounts } from '../contracts/accounts.ts';
import { MemoryAccounts } from '../support/memory-accounts.ts';
import { MemoryAccountShelf } from './memory-account-shelf.ts';

const accounts = new MemoryAccounts();

describeAccounts('accounts in memory', () => ({
  accounts,
  issue: (issue) => accounts.issue(issue),
  revoke: async ({ account, key }) => accounts.of(account).keyring.revoke(key),
}));

describeAccountShelf('an account’s shelf in memory', async (work) => work(new MemoryAccountShelf()));
