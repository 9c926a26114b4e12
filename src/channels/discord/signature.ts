/** Whether a request comes from Discord. https://discord.com/developers/docs/interactions/overview#setting-up-an-endpoint */

/** An older request may have been recorded. Discord names no limit; an interaction is of no use after a few seconds. In seconds. */
const longestAway = 300;

/** An Ed25519 public key as the developer portal shows it: 64 hexadecimal digits. */
export type PublicKey = string;

interface SignedRequest {
  readonly headers: Headers;
  /** As it came: a body that was parsed and written again has another signature. */
  readonly body: Uint8Array<ArrayBuffer>;
}

/** False for whatever is not signed by the key's owner, and for what was signed long ago. `nowMs`: epoch milliseconds. */
export async function isFromDiscord(
  { headers, body }: SignedRequest,
  publicKey: PublicKey,
  nowMs: number,
): Promise<boolean> {
  const signature = bytesOfHexadecimal(headers.get('x-signature-ed25519') ?? '', 64);
  const keyBytes = bytesOfHexadecimal(publicKey, 32);
  const timestamp = headers.get('x-signature-timestamp') ?? '';
  if (!signature || !keyBytes || !/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(nowMs / 1_000 - Number(timestamp)) > longestAway) return false;
  const stamp = new TextEncoder().encode(timestamp);
  const signed = new Uint8Array(stamp.length + body.length);
  signed.set(stamp);
  signed.set(body, stamp.length);
  const key = await crypto.subtle.importKey('raw', keyBytes, { name: 'Ed25519' }, false, ['verify']);
  return crypto.subtle.verify({ name: 'Ed25519' }, key, signature, signed);
}

/** Undefined for anything but two digits for each of so many bytes. */
function bytesOfHexadecimal(text: string, length: number): Uint8Array<ArrayBuffer> | undefined {
  if (text.length !== 2 * length || !/^[0-9a-f]*$/.test(text)) return undefined;
  return Uint8Array.from({ length }, (_, index) => Number.parseInt(text.slice(2 * index, 2 * index + 2), 16));
}
