/** Secrets of installations: opened by the service's own key in their own workspace, and by nothing else. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Workspace } from '../../src/channels/channel.ts';
import { type ChannelKey, readChannelKey, tokenCipher } from '../../src/channels/token-cipher.ts';
import { base64UrlOf, bytesOfBase64Url } from '../../src/encoding.ts';

const randomBytes = (count: number) => crypto.getRandomValues(new Uint8Array(count));
const workspace: Workspace = { channel: 'slack', id: 'T0001' };

function keyOf(byte: number): ChannelKey {
  const key = readChannelKey(btoa(String.fromCharCode(...new Uint8Array(32).fill(byte))));
  if (!key) throw new Error('That is a key.');
  return key;
}

const cipher = tokenCipher({ key: keyOf(1), randomBytes });

test('what was sealed is opened, also by the same key read again', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary' }), async (secret) => {
      const sealed = await cipher.seal(secret, workspace);
      expect(await cipher.open(sealed, workspace)).toBe(new TextDecoder().decode(new TextEncoder().encode(secret)));
      expect(await tokenCipher({ key: keyOf(1), randomBytes }).open(sealed, workspace)).toBeDefined();
    }),
  );
});

test('sealed twice, a secret is never the same, and is not to be seen', async () => {
  const sealed = await Promise.all([1, 2, 3].map(() => cipher.seal('xoxb-secret', workspace)));
  expect(new Set(sealed).size).toBe(3);
  expect(sealed.map((text) => String.fromCharCode(...bytesOfBase64Url(text))).join()).not.toContain('xoxb');
});

describe('nothing is opened', () => {
  test('by another key, in another workspace or in another channel', async () => {
    const sealed = await cipher.seal('xoxb-secret', workspace);
    expect(await tokenCipher({ key: keyOf(2), randomBytes }).open(sealed, workspace)).toBeUndefined();
    expect(await cipher.open(sealed, { ...workspace, id: 'T0002' })).toBeUndefined();
    expect(await cipher.open(sealed, { ...workspace, channel: 'discord' })).toBeUndefined();
  });

  test('that had any byte altered, or was cut', async () => {
    const bytes = bytesOfBase64Url(await cipher.seal('xoxb-secret', workspace));
    for (const at of bytes.keys()) {
      const altered = bytes.slice();
      altered[at] = (altered[at] ?? 0) ^ 1;
      expect(await cipher.open(base64UrlOf(altered), workspace)).toBeUndefined();
      expect(await cipher.open(base64UrlOf(bytes.slice(0, at)), workspace)).toBeUndefined();
    }
  });

  test.each(['', 'no base64!', 'xoxb-plain', '\u0000'])('of %j', async (text) => {
    expect(await cipher.open(text, workspace)).toBeUndefined();
  });
});

test.each([
  ['', false],
  ['short', false],
  [btoa('x'.repeat(31)), false],
  [btoa('x'.repeat(33)), false],
  [btoa('x'.repeat(32)), true],
  [`${btoa('x'.repeat(32))}\n`, true],
  [base64UrlOf(new Uint8Array(32).fill(255)), true],
])('%j is a key: %s', (text, isKey) => {
  expect(readChannelKey(text) !== undefined).toBe(isKey);
});
