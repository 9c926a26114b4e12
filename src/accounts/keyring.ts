/** The keys and limits of one account: which secret may be used for what, until when. Secrets are made elsewhere; only their hashes come here. */
import { AppError } from '../errors.ts';
import { type Caller, defaultLimits, type KeyId, type KeyStatus, type Limits, type Scope } from './accounts.ts';
import { accountOf } from './ids.ts';
import type { KeyChange, KeyRecord } from './key-administration.ts';
import type { EarlierSecret, KeyStore, RevokedKey, StoredKey, StoredSecret } from './key-store.ts';

/** A key to be stored. */
export interface KeyIssue {
  readonly id: KeyId;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Those that are given change the account's. */
  readonly limits: Partial<Limits>;
  readonly expiresAt: number | null;
  readonly secret: StoredSecret;
  /** Whether this key begins its account, or joins one that must exist. */
  readonly newAccount: boolean;
}

/** What an account's object lets the key administration ask of its keyring; each may be asked twice without harm. */
export interface RemoteKeyring {
  issueKey(issue: KeyIssue): Promise<KeyRecord | undefined>;
  readKey(id: KeyId): Promise<KeyRecord | undefined>;
  changeKey(id: KeyId, change: KeyChange): Promise<KeyRecord | undefined>;
  rotateKey(id: KeyId, secret: StoredSecret, graceMs: number): Promise<KeyRecord | undefined>;
  revokeKey(id: KeyId): Promise<boolean>;
}

/** Secrets rotated away that may hold at the same time. One more takes the oldest its grace. */
const mostEarlier = 3;

export class Keyring {
  readonly #store: KeyStore;
  readonly #now: () => number;

  /** `now`: epoch milliseconds. */
  constructor(store: KeyStore, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /** What the caller may do. Throws `invalid_api_key` with the reason for one who may do nothing. */
  check({ key, secretHash }: Caller): KeyStatus {
    const stored = this.#store.key(key);
    if (!stored) throw new AppError('invalid_api_key', 'There is no such API key.');
    if (isRevoked(stored)) throw new AppError('invalid_api_key', 'This API key was revoked.');
    // Its tag was right, so the secret was once made for this key. Nothing can be learned from how long comparing hashes takes.
    if (!this.#holding(stored).some(({ hash }) => hash === secretHash)) {
      throw new AppError('invalid_api_key', 'This API key was rotated; use the newer one.');
    }
    if (stored.expiresAt !== null && stored.expiresAt <= this.#now()) {
      throw new AppError('invalid_api_key', 'This API key has expired.');
    }
    return { scopes: stored.scopes, limits: this.limits() };
  }

  /** Those of the account; the defaults for one that has no key yet. */
  limits(): Limits {
    return { ...defaultLimits, ...this.#store.limits() };
  }

  /** Stores a new key; a key that is here already stays as it is. Undefined when the account it is to join does not exist. */
  issue({ newAccount, limits, secret, ...facts }: KeyIssue): KeyRecord | undefined {
    if (this.#store.key(facts.id)) return this.read(facts.id);
    if (!newAccount && !this.#store.limits()) return undefined;
    this.#changeLimits(limits);
    return this.#keep({ ...facts, createdAt: this.#now(), secret, earlier: [] });
  }

  /** Undefined for a key that is revoked, or not this account's. An expired one can be read, and be given more time. */
  read(id: KeyId): KeyRecord | undefined {
    const stored = this.#find(id);
    return stored && this.#recordOf(stored);
  }

  change(id: KeyId, { name, scopes, limits, expiresAt }: KeyChange): KeyRecord | undefined {
    const stored = this.#find(id);
    if (!stored) return undefined;
    if (limits) this.#changeLimits(limits);
    return this.#keep({
      ...stored,
      name: name ?? stored.name,
      scopes: scopes ?? stored.scopes,
      expiresAt: expiresAt === undefined ? stored.expiresAt : expiresAt,
    });
  }

  /**
   * The key's secret is `secret` from now on. Every one before it holds for `graceMs` more, and never longer than it was promised:
   * so whoever rotates again, because the first answer was lost, does not lock out those who use the key.
   */
  rotate(id: KeyId, secret: StoredSecret, graceMs: number): KeyRecord | undefined {
    const stored = this.#find(id);
    if (!stored || stored.secret.hash === secret.hash) return stored && this.#recordOf(stored);
    const graceEnds = this.#now() + graceMs;
    const earlier = [{ ...stored.secret, holdsUntil: graceEnds }, ...stored.earlier]
      .map((past) => ({ ...past, holdsUntil: Math.min(past.holdsUntil, graceEnds) }))
      .filter((past) => this.#holds(past))
      .slice(0, mostEarlier);
    return this.#keep({ ...stored, secret, earlier });
  }

  /** False when the account never had such a key; true also for one that was revoked before. Its secrets are forgotten. */
  revoke(id: KeyId): boolean {
    const stored = this.#store.key(id);
    if (!stored) return false;
    if (!isRevoked(stored)) this.#store.keepKey({ id, revokedAt: this.#now() });
    return true;
  }

  /** Newest first: one, and while a rotation's grace lasts those before it. None for a revoked key; an expired one still signs what it began. */
  webhookSecrets(id: KeyId): string[] {
    const stored = this.#find(id);
    return stored ? this.#holding(stored).map(({ webhookSecret }) => webhookSecret) : [];
  }

  #find(id: KeyId): StoredKey | undefined {
    const stored = this.#store.key(id);
    return stored && !isRevoked(stored) ? stored : undefined;
  }

  #keep(key: StoredKey): KeyRecord {
    this.#store.keepKey(key);
    return this.#recordOf(key);
  }

  #changeLimits(limits: Partial<Limits>): void {
    this.#store.keepLimits({ ...this.limits(), ...limits });
  }

  #holding({ secret, earlier }: StoredKey): StoredSecret[] {
    return [secret, ...earlier.filter((past) => this.#holds(past))];
  }

  #holds({ holdsUntil }: EarlierSecret): boolean {
    return this.#now() < holdsUntil;
  }

  #recordOf({ id, name, scopes, createdAt, expiresAt, secret }: StoredKey): KeyRecord {
    const limits = this.limits();
    return { id, account: accountOf(id), name, scopes, limits, createdAt, expiresAt, last4: secret.last4 };
  }
}

function isRevoked(key: StoredKey | RevokedKey): key is RevokedKey {
  return 'revokedAt' in key;
}
