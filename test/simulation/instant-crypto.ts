/** The platform's cryptography without its threads: each answer is there in the same turn, so that a world is the same each time. */
import { createHash, createHmac } from 'node:crypto';

function bytesOf(data: BufferSource): Uint8Array {
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}

/** Keys that were imported here, by the object that stands for each. */
const keys = new WeakMap<object, Uint8Array>();

const instant = {
  digest: async (_: string, data: BufferSource) => bufferOf(createHash('sha256').update(bytesOf(data)).digest()),
  async importKey(_: string, data: BufferSource) {
    const key = {};
    keys.set(key, bytesOf(data));
    return key;
  },
  async sign(_: string, key: object, data: BufferSource) {
    const secret = keys.get(key);
    if (!secret) throw new Error('The key was not imported here.');
    return bufferOf(createHmac('sha256', secret).update(bytesOf(data)).digest());
  },
};

function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}

/** SHA-256 and HMAC-SHA-256 are all that is used here. */
export function installInstantCrypto(): void {
  Object.defineProperty(globalThis.crypto, 'subtle', { value: instant, configurable: true });
}
