/** A run's public id and the address of the object it lives in: 32 bytes, written as hexadecimal there and as base64url here. */
import { base64UrlOf, bytesOfBase64Url, hexadecimalOf } from '../encoding.ts';
import type { RunId } from './runs.ts';

const prefix = 'refl_';
/** 43 letters hold two bits more than 32 bytes. They are zero in the last letter, so that an address has one id. */
const idPattern = /^refl_[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;
const addressPattern = /^[0-9a-f]{64}$/;

/** `address` is 64 hexadecimal digits. */
export function runIdOf(address: string): RunId {
  const bytes = new Uint8Array(32);
  for (let index = 0; index < bytes.length; index += 1) {
    bytes[index] = Number.parseInt(address.slice(2 * index, 2 * index + 2), 16);
  }
  const id = prefix + base64UrlOf(bytes);
  if (!addressPattern.test(address) || !isRunId(id)) throw new Error('An address has 64 hexadecimal digits.');
  return id;
}

/** 64 hexadecimal digits, or undefined for what is no run's id. That an address is written well does not mean that there is a run there. */
export function addressOf(id: string): string | undefined {
  if (!isRunId(id)) return undefined;
  return hexadecimalOf(bytesOfBase64Url(id.slice(prefix.length)));
}

function isRunId(id: string): id is RunId {
  return idPattern.test(id);
}
