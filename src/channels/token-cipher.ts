/** Secrets of installations, encrypted: whoever reads the storage of an account without the service's own key has nothing. */
import { base64UrlOf, bytesOfBase64Url } from '../encoding.ts';
import type { Workspace } from './channel.ts';

/** From `CHANNEL_TOKEN_KEY`; other keys are derived from it, one for each purpose. */
export type ChannelKey = Uint8Array<ArrayBuffer> & { readonly brand: 'ChannelKey' };

const keyBytes = 32;

/** Of 32 bytes in base64 (`openssl rand -base64 32`); undefined for anything else. */
export function readChannelKey(text: string): ChannelKey | undefined {
  const bytes = /^[A-Za-z0-9+/_-]{43}=?$/.test(text.trim()) ? bytesOfBase64Url(text.trim()) : undefined;
  return bytes && isChannelKey(bytes) ? bytes : undefined;
}

function isChannelKey(bytes: Uint8Array<ArrayBuffer>): bytes is ChannelKey {
  return bytes.byteLength === keyBytes;
}

/** A key for one purpose alone. https://www.rfc-editor.org/rfc/rfc5869 */
export async function derivedKey(
  key: ChannelKey,
  purpose: string,
  algorithm: { readonly name: 'AES-GCM' | 'HMAC'; readonly length: number; readonly hash?: 'SHA-256' },
  usages: ('encrypt' | 'decrypt' | 'sign' | 'verify')[],
): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey('raw', key, 'HKDF', false, ['deriveKey']);
  const derivation = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: utf8.encode(purpose) };
  return crypto.subtle.deriveKey(derivation, material, algorithm, false, usages);
}

const utf8 = new TextEncoder();

export interface TokenCipher {
  seal(secret: string, workspace: Workspace): Promise<string>;
  /** Undefined where it was sealed with another key or for another workspace, or was altered. Never rejects. */
  open(sealed: string, workspace: Workspace): Promise<string | undefined>;
}

/** The first byte of what is sealed. Another way to encrypt gets another one. */
const version = 1;
/** https://csrc.nist.gov/pubs/sp/800/38/d/final, section 5.2.1.1 */
const ivBytes = 12;

export interface TokenCipherTools {
  readonly key: ChannelKey;
  readonly randomBytes: (count: number) => Uint8Array<ArrayBuffer>;
}

/** AES-GCM, bound to the workspace: a sealed token that was moved to another workspace's account opens nothing there. */
export function tokenCipher({ key, randomBytes }: TokenCipherTools): TokenCipher {
  let derived: Promise<CryptoKey> | undefined;
  const ownKey = () => {
    derived ??= derivedKey(key, 'channel tokens', { name: 'AES-GCM', length: 256 }, ['encrypt', 'decrypt']);
    return derived;
  };
  return {
    async seal(secret, workspace) {
      const iv = randomBytes(ivBytes);
      const encrypted = await crypto.subtle.encrypt(parameters(iv, workspace), await ownKey(), utf8.encode(secret));
      const sealed = new Uint8Array(1 + ivBytes + encrypted.byteLength);
      sealed[0] = version;
      sealed.set(iv, 1);
      sealed.set(new Uint8Array(encrypted), 1 + ivBytes);
      return base64UrlOf(sealed);
    },
    async open(sealed, workspace) {
      try {
        const bytes = bytesOfBase64Url(sealed);
        if (bytes[0] !== version) return undefined;
        const given = parameters(bytes.slice(1, 1 + ivBytes), workspace);
        const secret = await crypto.subtle.decrypt(given, await ownKey(), bytes.slice(1 + ivBytes));
        return new TextDecoder().decode(secret);
      } catch {
        return undefined;
      }
    },
  };
}

function parameters(iv: Uint8Array<ArrayBuffer>, { channel, id }: Workspace) {
  return { name: 'AES-GCM', iv, additionalData: utf8.encode(`${channel}:${id}`) };
}
