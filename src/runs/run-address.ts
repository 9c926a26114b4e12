/** A run's public id and the address of the object it lives in: 32 bytes, written as hexadecimal there and as base64url here. */
import type { RunId } from './runs.ts';

const prefix = 'refl_';
const idPattern = /^refl_[A-Za-z0-9_-]{43}$/;

/** `address` is 64 hexadecimal digits. */
export function runIdOf(address: string): RunId {
  const bytes = (address.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
  const id =
    prefix +
    btoa(String.fromCharCode(...bytes))
      .replaceAll('+', '-')
      .replaceAll('/', '_')
      .replaceAll('=', '');
  if (!isRunId(id)) throw new Error('An address has 64 hexadecimal digits.');
  return id;
}

/** 64 hexadecimal digits, or undefined for what is no run's id. That an address is written well does not mean that anybody lives there. */
export function addressOf(id: string): string | undefined {
  if (!isRunId(id)) return undefined;
  const base64 = id.slice(prefix.length).replaceAll('-', '+').replaceAll('_', '/');
  const address = Array.from(atob(base64), (byte) => byte.charCodeAt(0).toString(16).padStart(2, '0')).join('');
  // 43 letters hold two bits more than 32 bytes: only one spelling of an address is its id.
  return runIdOf(address) === id ? address : undefined;
}

function isRunId(id: string): id is RunId {
  return idPattern.test(id);
}
