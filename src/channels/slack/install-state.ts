/**
 * Ties Slack's answer to the browser that asked for it, without storage: the state is signed, together with a secret that only this browser's cookie holds.
 * The cookie is taken away with the first answer. https://www.rfc-editor.org/rfc/rfc6749#section-10.12
 */
import { base64UrlOf, bytesOfBase64Url } from '../../encoding.ts';
import { type ChannelKey, derivedKey } from '../token-cipher.ts';

/** In seconds. */
export const longestInstallation = 600;

export interface InstallStateTools {
  readonly key: ChannelKey;
  readonly randomBytes: (count: number) => Uint8Array<ArrayBuffer>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export interface InstallStates {
  begin(): Promise<{ readonly state: string; readonly cookie: string }>;
  /** Whether this state was given to the browser with this cookie, ten minutes ago at most. Never rejects. */
  holds(state: string | undefined, cookie: string | undefined): Promise<boolean>;
}

/** When it ends in epoch seconds, and the signature. */
const form = /^(\d{10,11})\.([A-Za-z0-9_-]{43})$/;

export function installStates({ key, randomBytes, now }: InstallStateTools): InstallStates {
  const signer = derivedKeyOnce(key);
  const signed = (endsAt: string, cookie: string) => new TextEncoder().encode(`${endsAt}.${cookie}`);
  return {
    async begin() {
      const cookie = base64UrlOf(randomBytes(32));
      const endsAt = String(Math.floor(now() / 1_000) + longestInstallation);
      const signature = await crypto.subtle.sign('HMAC', await signer(), signed(endsAt, cookie));
      return { cookie, state: `${endsAt}.${base64UrlOf(new Uint8Array(signature))}` };
    },
    async holds(state = '', cookie = '') {
      const [, endsAt, signature] = form.exec(state) ?? [];
      if (endsAt === undefined || signature === undefined || cookie === '') return false;
      if (Number(endsAt) * 1_000 < now()) return false;
      // Compares in constant time. https://w3c.github.io/webcrypto/#hmac-operations-verify
      return crypto.subtle.verify('HMAC', await signer(), bytesOfBase64Url(signature), signed(endsAt, cookie));
    },
  };
}

function derivedKeyOnce(key: ChannelKey): () => Promise<CryptoKey> {
  let derived: Promise<CryptoKey> | undefined;
  return () => {
    derived ??= derivedKey(key, 'slack install', { name: 'HMAC', hash: 'SHA-256', length: 256 }, ['sign', 'verify']);
    return derived;
  };
}
