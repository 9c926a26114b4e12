/**
 * API keys: made, and read again without asking anybody. A key is its mode's prefix and 96 letters of base64url: 24 bytes of the key's id
 * (the account's 16 come first), 32 that are secret, and 16 of tag: HMAC-SHA256 over prefix and bytes. Who does not know the tag
 * secret cannot make a key that costs more than this arithmetic.
 */

import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { BoundedMap } from '../bounded-map.ts';
import { base64UrlOf, bytesOfBase64Url, equalInConstantTime, sha256 } from '../encoding.ts';
import type { Caller, KeyId } from './accounts.ts';
import { accountOf, bytesOfKeyId, keyIdBytes, keyIdOf, type RandomBytes } from './ids.ts';

export const prefixes = { live: 'er_live_', test: 'er_test_' } as const;
export type KeyMode = keyof typeof prefixes;

const secretBytes = 32;
const tagBytes = 16;
const taggedBytes = keyIdBytes + secretBytes;
/** 72 bytes are 96 letters to the bit: every key has one spelling. */
const bodyPattern = /^[A-Za-z0-9_-]{96}$/;
const fewestTagLetters = 16;
/** The last letters of a key, which spell nothing but its tag. Six bits each. */
const tagLetters = Math.floor((tagBytes * 8) / 6);
/** Keys whose tags need not be computed again. */
const mostKnown = 1_000;

/** A key at the one moment at which it is known whole. */
export interface MadeKey {
  readonly text: string;
  /** SHA-256 of `text`, hexadecimal: what may be stored. */
  readonly hash: string;
  readonly last4: string;
}

export interface KeyCodec {
  /** A new secret for the key. */
  make(id: KeyId): MadeKey;
  /** Whose key it is, or undefined for whatever is not a key of this mode with a right tag, to the letter. Does no I/O and waits for nothing. */
  read(text: string): Caller | undefined;
}

export interface KeyCodecOptions {
  /** The first makes tags; each verifies, so that two may hold while one is rotated. At least 16 letters each. */
  readonly tagSecrets: readonly string[];
  readonly mode: KeyMode;
  readonly randomBytes: RandomBytes;
}

/** Throws an Error for tag secrets that protect nothing. */
export function createKeyCodec({ tagSecrets, mode, randomBytes }: KeyCodecOptions): KeyCodec {
  if (tagSecrets.length === 0 || tagSecrets.some((secret) => secret.length < fewestTagLetters)) {
    throw new Error(`API keys need a tag secret, and each has at least ${fewestTagLetters} letters.`);
  }
  const prefix = prefixes[mode];
  const prefixBytes = new TextEncoder().encode(prefix);
  /** By the tag's letters, which a forged key seldom shares with a true one. Holds hashes of secrets, never the secrets. */
  const known = new BoundedMap<string, Caller>(mostKnown);
  const tagKeys = tagSecrets.map((secret) => createSecretKey(secret, 'utf8'));
  return {
    make(id) {
      const [tagKey] = tagKeys;
      if (tagKey === undefined) throw new Error('There is a tag secret.');
      const tagged = Uint8Array.of(...bytesOfKeyId(id), ...randomBytes(secretBytes));
      const tag = tagOf(tagKey, prefixBytes, tagged);
      const text = prefix + base64UrlOf(Uint8Array.of(...tagged, ...tag));
      return { text, hash: sha256(text), last4: text.slice(-4) };
    },

    read(text) {
      if (!text.startsWith(prefix)) return undefined;
      const body = text.slice(prefix.length);
      if (!bodyPattern.test(body)) return undefined;
      const tagText = body.slice(-tagLetters);
      const before = known.get(tagText);
      if (before && before.secretHash === sha256(text)) return before;
      const bytes = bytesOfBase64Url(body);
      const tagged = bytes.subarray(0, taggedBytes);
      const tag = bytes.subarray(taggedBytes);
      if (!tagKeys.some((tagKey) => equalInConstantTime(tagOf(tagKey, prefixBytes, tagged), tag))) return undefined;
      const key = keyIdOf(bytes.subarray(0, keyIdBytes));
      const caller = { account: accountOf(key), key, secretHash: sha256(text) };
      known.set(tagText, caller);
      return caller;
    },
  };
}

/** By `node:crypto`, whose HMAC is there in the same turn and needs no imported key. */
function tagOf(tagKey: KeyObject, prefix: Uint8Array, tagged: Uint8Array): Uint8Array {
  return createHmac('sha256', tagKey).update(prefix).update(tagged).digest().subarray(0, tagBytes);
}
