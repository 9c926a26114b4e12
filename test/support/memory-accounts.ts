/** The Accounts port in memory: the accounts themselves, over stores of the tests' own. Nothing is remembered of keys but by the accounts. */
import { Account, type Became } from '../../src/accounts/account.ts';
import type { AccountId, Accounts, Caller, KeyId, Limits, Scope } from '../../src/accounts/accounts.ts';
import { accountOf, newAccountId, newKeyId } from '../../src/accounts/ids.ts';
import { type KeyIssue, Keyring } from '../../src/accounts/keyring.ts';
import type { Log } from '../../src/errors.ts';
import { MemoryAccountStore } from '../accounts/memory-account-store.ts';
import { MemoryKeyStore } from '../accounts/memory-key-store.ts';

export interface MemoryAccountsOptions {
  /** Epoch milliseconds. */
  readonly now?: () => number;
  readonly log?: Log;
  readonly becameOf?: (account: AccountId, run: string) => Promise<Became>;
  readonly after?: (milliseconds: number, work: () => void) => void;
  /** How long a stored run is kept after its end, in milliseconds. */
  readonly storedMs?: number;
}

/** One account and what it stands on. */
export interface MemoryAccount {
  readonly store: MemoryAccountStore;
  readonly keyring: Keyring;
  readonly account: Account;
}

export class MemoryAccounts implements Accounts {
  readonly #accounts = new Map<AccountId, MemoryAccount>();
  readonly #options: Required<MemoryAccountsOptions>;

  constructor({
    now = Date.now,
    log = () => {},
    becameOf = async () => ({ type: 'running' }),
    after = () => {},
    storedMs = 30 * 86_400_000,
  }: MemoryAccountsOptions = {}) {
    this.#options = { now, log, becameOf, after, storedMs };
  }

  /** The account, made when it is first asked for. */
  of(id: AccountId): MemoryAccount {
    const known = this.#accounts.get(id);
    if (known) return known;
    const { now, after } = this.#options;
    const store = new MemoryAccountStore(after);
    const keyring = new Keyring(new MemoryKeyStore(), now);
    return this.#open(id, store, keyring);
  }

  /** The account's object is lost, with all that is only in memory, and comes back. */
  lose(id: AccountId): MemoryAccount {
    const { store, keyring } = this.of(id);
    return this.#open(id, store, keyring);
  }

  async issue(issue: KeyIssue): Promise<void> {
    this.of(accountOf(issue.id)).keyring.issue(issue);
  }

  async status(caller: Caller) {
    return this.of(caller.account).account.status(caller);
  }

  async reserve(caller: Caller, ask: Parameters<Accounts['reserve']>[1]) {
    return this.of(caller.account).account.reserve(caller, ask);
  }

  async settle(account: AccountId, settlement: Parameters<Accounts['settle']>[1]) {
    this.of(account).account.settle(settlement);
  }

  async countHit(account: AccountId) {
    this.of(account).account.countHit();
  }

  async forget(account: AccountId, run: string) {
    this.of(account).account.forget(run);
  }

  async stored(account: AccountId, after: string | null, limit: number) {
    return this.of(account).account.stored(after, limit);
  }

  async usage(account: AccountId, from: string, to: string, key?: KeyId) {
    return this.of(account).account.usage(from, to, key);
  }

  async webhookSecrets(account: AccountId, key: Caller['key']) {
    return this.of(account).account.webhookSecrets(key);
  }

  #open(id: AccountId, store: MemoryAccountStore, keyring: Keyring): MemoryAccount {
    const opened = { store, keyring, account: new Account(store, keyring, this.#options) };
    this.#accounts.set(id, opened);
    return opened;
  }
}

/** A key that nobody has, and what an account is to be told of it. */
export function madeUpKey(
  limits: Partial<Limits> = {},
  { scopes = ['reflect', 'read'], account }: { readonly scopes?: readonly Scope[]; readonly account?: AccountId } = {},
): { readonly caller: Caller; readonly issue: KeyIssue } {
  const randomBytes = (count: number) => crypto.getRandomValues(new Uint8Array(count));
  const key = newKeyId(account ?? newAccountId(randomBytes), randomBytes);
  const secretHash = Array.from(randomBytes(32), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return {
    caller: { account: accountOf(key), key, secretHash },
    issue: {
      id: key,
      name: 'made up',
      scopes,
      limits,
      expiresAt: null,
      secret: { hash: secretHash, last4: secretHash.slice(-4), webhookSecret: 'whsec_bWFkZSB1cA==' },
      newAccount: account === undefined,
    },
  };
}
