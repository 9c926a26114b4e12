/** Who is taken for Discord: the owner of the public key, and nobody else. Key and first signature are those of RFC 8032, section 7.1, test 1. */
import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { isFromDiscord } from '../../../src/channels/discord/signature.ts';

const publicKey = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a';
const ping = {
  timestamp: '1700000000',
  body: '{"type":1}',
  signature:
    '1695961a47c91a1ec033b819b7e87e3dbc583dd0cee6d1fd0216f58ac87b6228ae531ddbf91fb7bc28d7edf7f08604da16f54624f38a6bc0614e4dc13cd47f0f',
};

function taken(change: Partial<typeof ping> & { key?: string; nowMs?: number } = {}): Promise<boolean> {
  const { timestamp, body, signature, key = publicKey, nowMs = 1_700_000_000_000 } = { ...ping, ...change };
  const headers = new Headers({ 'x-signature-timestamp': timestamp, 'x-signature-ed25519': signature });
  return isFromDiscord({ headers, body: new TextEncoder().encode(body) }, key, nowMs);
}

function signedBy(key: KeyObject, text: string): string {
  return sign(null, new TextEncoder().encode(text), key).toString('hex');
}

test('a ping of the key’s owner is', async () => {
  expect(await taken()).toBe(true);
  const pkcs8 = Buffer.from(
    '302e020100300506032b6570042204209d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    'hex',
  );
  const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  expect(signedBy(key, ping.timestamp + ping.body)).toBe(ping.signature);
  const body = '{"text":"세 문장으로 😀"}';
  expect(await taken({ body, signature: signedBy(key, ping.timestamp + body) })).toBe(true);
});

describe('nobody is with', () => {
  const { signature } = ping;
  test.each([
    ['a flipped digit', { signature: signature.replace('1695', '1696') }],
    ['a cut signature', { signature: signature.slice(0, -2) }],
    ['an odd number of digits', { signature: signature.slice(0, -1) }],
    ['no hexadecimal signature', { signature: 'zz'.repeat(64) }],
    ['capital letters', { signature: signature.toUpperCase() }],
    ['an empty signature', { signature: '' }],
    ['another body', { body: '{"type": 1}' }],
    ['another timestamp', { timestamp: '1700000001' }],
    ['no timestamp', { timestamp: '' }],
    ['a request of six minutes ago', { nowMs: 1_700_000_360_000 }],
    ['a request of the future', { nowMs: 1_699_999_640_000 }],
    ['a signature of nulls', { signature: '00'.repeat(64) }],
    ['a key that is none', { key: 'zz'.repeat(32) }],
    ['a short key', { key: publicKey.slice(2) }],
  ])('%s', async (_, change) => {
    expect(await taken(change)).toBe(false);
  });

  test('another key', async () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    expect(await taken({ signature: signedBy(privateKey, ping.timestamp + ping.body) })).toBe(false);
  });

  test('no headers', async () => {
    const body = new TextEncoder().encode(ping.body);
    expect(await isFromDiscord({ headers: new Headers(), body }, publicKey, 1_700_000_000_000)).toBe(false);
  });
});
