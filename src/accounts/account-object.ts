/** The Durable Object that an account lives in: its money and its keys. */
import { DurableObject } from 'cloudflare:workers';
import { Account, type AccountServices } from './account.ts';
import type { Admission, Ask, Caller, KeyId, KeyStatus, RunPage, Settlement, UsageReport } from './accounts.ts';
import type { KeyChange, KeyRecord } from './key-administration.ts';
import type { StoredSecret } from './key-store.ts';
import { type KeyIssue, Keyring } from './keyring.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { SqliteAccountStore } from './sqlite-account-store.ts';
import { SqliteKeyStore } from './sqlite-key-store.ts';

/** Made to be extended by a class whose constructor makes the services from its `env`. Every method may be called twice without harm, but for `countHit`. */
export abstract class AccountObject<Bindings = unknown> extends DurableObject<Bindings> {
  readonly #keyring: Keyring;
  readonly #account: Account;

  constructor(context: DurableObjectState, env: Bindings, services: AccountServices) {
    super(context, env);
    this.#keyring = new Keyring(new SqliteKeyStore(context.storage.sql), services.now);
    this.#account = new Account(new SqliteAccountStore(context), this.#keyring, services);
  }

  status(caller: Caller): Outcome<KeyStatus> {
    return outcomeOf(() => this.#account.status(caller));
  }

  reserve(caller: Caller, ask: Ask): Outcome<Admission> {
    return outcomeOf(() => this.#account.reserve(caller, ask));
  }

  settle(settlement: Settlement): void {
    this.#account.settle(settlement);
  }

  countHit(): void {
    this.#account.countHit();
  }

  forget(run: string): void {
    this.#account.forget(run);
  }

  stored(after: string | null, limit: number): Outcome<RunPage> {
    return outcomeOf(() => this.#account.stored(after, limit));
  }

  usage(from: string, to: string, key?: KeyId): UsageReport {
    return this.#account.usage(from, to, key);
  }

  webhookSecrets(key: KeyId): readonly string[] {
    return this.#account.webhookSecrets(key);
  }

  issueKey(issue: KeyIssue): KeyRecord | undefined {
    return this.#keyring.issue(issue);
  }

  readKey(id: KeyId): KeyRecord | undefined {
    return this.#keyring.read(id);
  }

  changeKey(id: KeyId, change: KeyChange): KeyRecord | undefined {
    return this.#keyring.change(id, change);
  }

  rotateKey(id: KeyId, secret: StoredSecret, graceMs: number): KeyRecord | undefined {
    return this.#keyring.rotate(id, secret, graceMs);
  }

  revokeKey(id: KeyId): boolean {
    return this.#keyring.revoke(id);
  }

  override alarm(): Promise<void> {
    return this.#account.alarm();
  }
}
