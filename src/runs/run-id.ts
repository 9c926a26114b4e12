/** A run's public id: the address of the object that hosts it (32 bytes), and 8 random bytes. Both as base64url. */
import { base64UrlOf, bytesOfBase64Url, hexadecimalOf } from '../encoding.ts';
import type { RunId } from './runs.ts';

const prefix = 'refl_';
const addressBytes = 32;
const ownBytes = 8;
/** 54 letters hold four bits more than 40 bytes. They are zero in the last letter, so that the same bytes have one id. */
const idPattern = /^refl_[A-Za-z0-9_-]{53}[AQgw]$/;
const addressPattern = /^[0-9a-f]{64}$/;

/** Never derived from what is asked. `address` is 64 hexadecimal digits. */
export function newRunId(address: string, randomBytes: (count: number) => Uint8Array): RunId {
  const bytes = new Uint8Array(addressBytes + ownBytes);
  for (let index = 0; index < addressBytes; index += 1) {
    bytes[index] = Number.parseInt(address.slice(2 * index, 2 * index + 2), 16);
  }
  bytes.set(randomBytes(ownBytes), addressBytes);
  const id = prefix + base64UrlOf(bytes);
  if (!addressPattern.test(address) || !isRunId(id)) throw new Error('An address has 64 hexadecimal digits.');
  return id;
}

/** 64 hexadecimal digits, or undefined for what is no run's id. That an id is well-formed does not mean that there is such a run. */
export function addressOf(id: string): string | undefined {
  return isRunId(id) ? hexadecimalOf(bytesOfBase64Url(id.slice(prefix.length)).subarray(0, addressBytes)) : undefined;
}

export function isRunId(id: string): id is RunId {
  return idPattern.test(id);
}
