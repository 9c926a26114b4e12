import { createHash, createHmac } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createKeyCodec, type KeyMode } from '../../src/accounts/api-key.ts';
import { newAccountId, newKeyId } from '../../src/accounts/ids.ts';
import { countedBytes } from './counted-bytes.ts';

const randomBytes = countedBytes();
const [newer, older, stranger] = ['the newer tag secret', 'the older tag secret', 'a stranger’s tag secret'];
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

function codec(tagSecrets: readonly string[], mode: KeyMode = 'live') {
  return createKeyCodec({ tagSecrets, mode, randomBytes });
}

function anyKeyId() {
  return newKeyId(newAccountId(randomBytes), randomBytes);
}

const ours = codec([newer]);
const id = anyKeyId();
const made = await ours.make(id);

describe('a key', () => {
  test('is read back as who made it, with the hash of all its letters', async () => {
    const caller = await ours.read(made.text);
    expect(caller).toEqual({
      account: expect.stringMatching(/^acct_[\w-]{22}$/),
      key: id,
      secretHash: createHash('sha256').update(made.text).digest('hex'),
    });
    expect(made.hash).toBe(caller?.secretHash);
    expect(made.last4).toBe(made.text.slice(-4));
  });

  test('is a prefix and 96 letters: id, secret, and the first half of an HMAC over what stands before it', () => {
    expect(made.text).toMatch(/^er_live_[\w-]{96}$/);
    const bytes = Buffer.from(made.text.slice('er_live_'.length), 'base64url');
    expect(bytes.subarray(0, 24).toString('base64url')).toBe(id.slice('key_'.length));
    const hmac = createHmac('sha256', newer).update('er_live_').update(bytes.subarray(0, 56)).digest();
    expect(bytes.subarray(56)).toEqual(hmac.subarray(0, 16));
  });

  test('is another each time it is made, under the same id', async () => {
    const again = await ours.make(id);
    expect(again.text).not.toBe(made.text);
    expect(again.hash).not.toBe(made.hash);
    expect((await ours.read(again.text))?.key).toBe(id);
  });

  test('of the other mode is none', async () => {
    const testing = codec([newer], 'test');
    const forTests = await testing.make(id);
    expect(forTests.text).toMatch(/^er_test_/);
    expect(await testing.read(forTests.text)).toMatchObject({ key: id });
    expect(await ours.read(forTests.text)).toBeUndefined();
    expect(await testing.read(made.text)).toBeUndefined();
    expect(await testing.read(made.text.replace('er_live_', 'er_test_'))).toBeUndefined();
    expect(await ours.read(forTests.text.replace('er_test_', 'er_live_'))).toBeUndefined();
  });
});

describe('tag secrets', () => {
  test('verify as long as they are listed, and the first makes new tags', async () => {
    const before = await codec([older]).make(id);
    const rotating = codec([newer, older]);
    const since = await rotating.make(id);
    expect(await rotating.read(before.text)).toMatchObject({ key: id });
    expect(await codec([newer]).read(since.text)).toMatchObject({ key: id });
    expect(await codec([older]).read(since.text)).toBeUndefined();
    expect(await codec([newer]).read(before.text)).toBeUndefined();
  });

  test('must be there and be long enough', () => {
    for (const secrets of [[], [''], ['short'], [newer, 'short']]) expect(() => codec(secrets)).toThrow('tag secret');
  });
});

describe('what is not a key', () => {
  test('a key with any one letter changed', async () => {
    for (const [at, letter] of [...made.text].entries()) {
      for (const other of [...alphabet, ' ', '=', '+', '/', '.', 'é', '\0', '']) {
        if (other === letter) continue;
        const changed = made.text.slice(0, at) + other + made.text.slice(at + 1);
        expect(await ours.read(changed), changed).toBeUndefined();
      }
    }
  });

  test('a key cut anywhere, at either end', async () => {
    for (let at = 0; at < made.text.length; at++) {
      expect(await ours.read(made.text.slice(0, at))).toBeUndefined();
      expect(await ours.read(made.text.slice(at + 1))).toBeUndefined();
    }
  });

  test('a key with anything put into it or around it', async () => {
    const position = fc.nat({ max: made.text.length });
    const extra = fc.oneof(
      fc.string({ minLength: 1, maxLength: 4, unit: 'binary' }),
      fc.constantFrom(' ', '\n', '\t', '=', '==', 'A'),
    );
    const property = fc.asyncProperty(position, extra, async (at, text) => {
      expect(await ours.read(made.text.slice(0, at) + text + made.text.slice(at))).toBeUndefined();
    });
    expect(await fc.assert(property, { numRuns: 500 })).toBeUndefined();
  });

  test('a key with two letters swapped', async () => {
    const position = fc.nat({ max: made.text.length - 1 });
    const property = fc.asyncProperty(position, position, async (some, other) => {
      const letters = [...made.text];
      [letters[some], letters[other]] = [letters[other] ?? '', letters[some] ?? ''];
      const swapped = letters.join('');
      const caller = await ours.read(swapped);
      if (swapped === made.text) expect(caller?.key).toBe(id);
      else expect(caller).toBeUndefined();
    });
    expect(await fc.assert(property, { numRuns: 1_000 })).toBeUndefined();
  });

  test('parts of two good keys put together', async () => {
    const another = await ours.make(anyKeyId());
    for (let at = 'er_live_'.length + 1; at < made.text.length; at++) {
      const mixed = made.text.slice(0, at) + another.text.slice(at);
      if (mixed !== made.text && mixed !== another.text) expect(await ours.read(mixed), mixed).toBeUndefined();
    }
  });

  test('any other text', async () => {
    const letters = fc.string({ minLength: 96, maxLength: 96, unit: fc.constantFrom(...alphabet) });
    const texts = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      letters,
      letters.map((body) => `er_live_${body}`),
    );
    const property = fc.asyncProperty(texts, async (text) => {
      expect(await ours.read(text)).toBeUndefined();
    });
    expect(await fc.assert(property, { numRuns: 1_000 })).toBeUndefined();
    expect(await ours.read(`er_live_${'A'.repeat(1_000_000)}`)).toBeUndefined();
  });

  test('what somebody made with a secret of their own, for an account that exists', async () => {
    const forger = codec([stranger]);
    for (let tries = 0; tries < 200; tries++) {
      const forged = await forger.make(id);
      expect(await ours.read(forged.text)).toBeUndefined();
      expect(await codec([newer, older]).read(forged.text)).toBeUndefined();
    }
  });
});
