/** Ids of accounts and keys: 16 random bytes, and the same 16 with 8 more. So a key's account can be read from its id. */

import { base64UrlOf, bytesOfBase64Url } from '../encoding.ts';
import type { AccountId, KeyId } from './accounts.ts';

/** So many bytes that nobody can guess. */
export type RandomBytes = (count: number) => Uint8Array<ArrayBuffer>;

export const accountBytes = 16;
export const keyIdBytes = 24;

/** 22 letters hold four bits more than 16 bytes: the last one may only be a letter that leaves them empty. */
const accountPattern = /^acct_[A-Za-z0-9_-]{21}[AQgw]$/;
const keyPattern = /^key_[A-Za-z0-9_-]{32}$/;

export function isAccountId(text: string): text is AccountId {
  return accountPattern.test(text);
}

export function isKeyId(text: string): text is KeyId {
  return keyPattern.test(text);
}

/** `bytes`: 16. */
export function accountIdOf(bytes: Uint8Array): AccountId {
  const id = `acct_${base64UrlOf(bytes)}`;
  if (!isAccountId(id)) throw new Error(`An account's id has ${accountBytes} bytes.`);
  return id;
}

/** `bytes`: 24. */
export function keyIdOf(bytes: Uint8Array): KeyId {
  const id = `key_${base64UrlOf(bytes)}`;
  if (!isKeyId(id)) throw new Error(`A key's id has ${keyIdBytes} bytes.`);
  return id;
}

/** The 24 bytes of a key's id. */
export function bytesOfKeyId(id: KeyId): Uint8Array<ArrayBuffer> {
  return bytesOfBase64Url(id.slice('key_'.length));
}

/** Whose key it is. */
export function accountOf(id: KeyId): AccountId {
  return accountIdOf(bytesOfKeyId(id).subarray(0, accountBytes));
}

export function newAccountId(randomBytes: RandomBytes): AccountId {
  return accountIdOf(randomBytes(accountBytes));
}

export function newKeyId(account: AccountId, randomBytes: RandomBytes): KeyId {
  const accountsOwn = bytesOfBase64Url(account.slice('acct_'.length));
  return keyIdOf(Uint8Array.of(...accountsOwn, ...randomBytes(keyIdBytes - accountBytes)));
}
