/**
 * What is used of `node:crypto`, which workerd has built in and which, unlike WebCrypto, answers in the same turn. Declared here, because the
 * types of Node declare much that a Worker does not have. https://developers.cloudflare.com/workers/runtime-apis/nodejs/crypto/
 */
declare module 'node:crypto' {
  interface Hmac {
    update(data: string | Uint8Array): Hmac;
    digest(): Uint8Array<ArrayBuffer>;
  }
  interface KeyObject {
    readonly type: 'secret';
  }
  export function createSecretKey(key: string, encoding: 'utf8'): KeyObject;
  export function createHmac(algorithm: 'sha256', key: KeyObject): Hmac;
  export function hash(algorithm: 'sha256', data: string, encoding: 'hex'): string;
}
