/** The port to keys for whoever holds the admin token: make them, look at them, change, rotate and revoke them. */
import type { AccountId, KeyId, Limits, Scope } from './accounts.ts';

/** A key as it may be shown: never the secret. */
export interface KeyRecord {
  readonly id: KeyId;
  readonly account: AccountId;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** The account's: all its keys share them. */
  readonly limits: Limits;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** Epoch milliseconds; null for a key that does not expire. */
  readonly expiresAt: number | null;
  /** The last four letters, to tell keys apart. */
  readonly last4: string;
}

/** A key at the one moment at which its secrets are shown. */
export interface NewKey extends KeyRecord {
  readonly secret: string;
  /** `whsec_` and base64. https://www.standardwebhooks.com */
  readonly webhookSecret: string;
}

export interface KeyWish {
  readonly name: string;
  /** Null makes a new account. */
  readonly account: AccountId | null;
  readonly scopes: readonly Scope[];
  /** Those that are given change the account's; the others stay, or are the defaults in a new account. */
  readonly limits: Partial<Limits>;
  readonly expiresAt: number | null;
}

export interface KeyChange {
  readonly name?: string;
  readonly scopes?: readonly Scope[];
  readonly limits?: Partial<Limits>;
  readonly expiresAt?: number | null;
}

export interface KeyPage {
  readonly keys: readonly KeyRecord[];
  readonly hasMore: boolean;
}

export interface KeyAdministration {
  /** Throws `not_found` for an account that does not exist. */
  create(wish: KeyWish): Promise<NewKey>;
  /** Newest first; revoked keys are not listed. `after`: the last key of the page before. */
  list(after: string | null, limit: number): Promise<KeyPage>;
  read(id: string): Promise<KeyRecord | undefined>;
  change(id: string, change: KeyChange): Promise<KeyRecord | undefined>;
  /** A new secret and webhook secret under the same id; the old ones hold for `graceMs` more. */
  rotate(id: string, graceMs: number): Promise<NewKey | undefined>;
  /** At once for whatever spends, within five seconds for what only reads. False when there is no such key. */
  revoke(id: string): Promise<boolean>;
}
