/**
 * Bytes as text: base64url without padding (RFC 4648, section 5) and hexadecimal digits; JSON as a value; SHA-256; and a comparison for secrets.
 * Every request with a key runs this code, so it uses loops in place of spreads.
 */
import { hash } from 'node:crypto';

export function base64UrlOf(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** `text` must be base64url; the caller has checked it. */
export function bytesOfBase64Url(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index += 1) bytes[index] = binary.charCodeAt(index);
  return bytes;
}

/** Two digits for each byte. */
const digits = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

export function hexadecimalOf(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += digits[byte];
  return text;
}

/** The value of a JSON text; undefined when it is not JSON. */
export function valueOfJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The SHA-256 of the text's UTF-8, as 64 hexadecimal digits. */
export function sha256(text: string): string {
  return hash('sha256', text, 'hex');
}

/** Compares secrets. The time does not depend on where two byte strings of the same length differ, so a secret cannot be guessed byte by byte. */
export function equalInConstantTime(some: Uint8Array, others: Uint8Array): boolean {
  let difference = some.length ^ others.length;
  for (let index = 0; index < some.length; index += 1) difference |= (some[index] ?? 0) ^ (others[index] ?? 0);
  return difference === 0;
}
