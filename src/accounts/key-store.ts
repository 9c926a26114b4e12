/** The port to where an account keeps its keys and limits: tables of its object's database in service, memory in tests. */
import type { KeyId, Limits, Scope } from './accounts.ts';

/** One secret of a key, as far as it is stored: enough to know it again, and what webhooks are signed with while it holds. */
export interface StoredSecret {
  /** SHA-256 of the whole key, hexadecimal. */
  readonly hash: string;
  readonly last4: string;
  /** `whsec_` and base64. It signs, so it is stored as it is. */
  readonly webhookSecret: string;
}

/** A secret that was rotated away and still holds for a while. */
export interface EarlierSecret extends StoredSecret {
  /** Epoch milliseconds. */
  readonly holdsUntil: number;
}

export interface StoredKey {
  readonly id: KeyId;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly secret: StoredSecret;
  /** Newest first. */
  readonly earlier: readonly EarlierSecret[];
}

/** What is left of a revoked key, so that it can be told from one that never was. */
export interface RevokedKey {
  readonly id: KeyId;
  /** Epoch milliseconds. */
  readonly revokedAt: number;
}

export interface KeyStore {
  key(id: KeyId): StoredKey | RevokedKey | undefined;
  /** Stores the key in place of what was stored of its id. */
  keepKey(key: StoredKey | RevokedKey): void;
  /** Undefined until the account has its first key. */
  limits(): Limits | undefined;
  keepLimits(limits: Limits): void;
}
