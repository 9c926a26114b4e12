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
const made = ours.make(id);

describe('a key', () => {
  test('is read back as who made it, with the hash of all its letters', () => {
    const caller = ours.read(made.text);
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

  test('is another each time it is made, under the same id', () => {
    const again = ours.make(id);
    expect(again.text).not.toBe(made.text);
    expect(again.hash).not.toBe(made.hash);
    expect(ours.read(again.text)?.key).toBe(id);
  });

  test('that was read before is read as the same again, while every other spelling of its id stands for itself', () => {
    const remembering = codec([newer]);
    const [first, second] = [remembering.make(id), remembering.make(id)];
    for (const { text, hash } of [first, first, second, first]) {
      expect(remembering.read(text)).toMatchObject({ key: id, secretHash: hash });
    }
    for (let place = 0; place < first.text.length; place += 1) {
      const other = first.text[place] === 'A' ? 'B' : 'A';
      expect(remembering.read(first.text.slice(0, place) + other + first.text.slice(place + 1))).toBeUndefined();
    }
    expect(remembering.read(first.text)).toMatchObject({ secretHash: first.hash });
  });

  test('of the other mode is none', () => {
    const testing = codec([newer], 'test');
    const forTests = testing.make(id);
    expect(forTests.text).toMatch(/^er_test_/);
    expect(testing.read(forTests.text)).toMatchObject({ key: id });
    expect(ours.read(forTests.text)).toBeUndefined();
    expect(testing.read(made.text)).toBeUndefined();
    expect(testing.read(made.text.replace('er_live_', 'er_test_'))).toBeUndefined();
    expect(ours.read(forTests.text.replace('er_test_', 'er_live_'))).toBeUndefined();
  });
});

describe('tag secrets', () => {
  test('verify as long as they are listed, and the first makes new tags', () => {
    const before = codec([older]).make(id);
    const rotating = codec([newer, older]);
    const since = rotating.make(id);
    expect(rotating.read(before.text)).toMatchObject({ key: id });
    expect(codec([newer]).read(since.text)).toMatchObject({ key: id });
    expect(codec([older]).read(since.text)).toBeUndefined();
    expect(codec([newer]).read(before.text)).toBeUndefined();
  });

  test('must be there and be long enough', () => {
    for (const secrets of [[], [''], ['short'], [newer, 'short']]) expect(() => codec(secrets)).toThrow('tag secret');
  });
});

describe('what is not a key', () => {
  test('a key with any one letter changed', () => {
    for (const [at, letter] of [...made.text].entries()) {
      for (const other of [...alphabet, ' ', '=', '+', '/', '.', 'é', '\0', '']) {
        if (other === letter) continue;
        const changed = made.text.slice(0, at) + other + made.text.slice(at + 1);
        expect(ours.read(changed), changed).toBeUndefined();
      }
    }
  });

  test('a key cut anywhere, at either end', () => {
    for (let at = 0; at < made.text.length; at++) {
      expect(ours.read(made.text.slice(0, at))).toBeUndefined();
      expect(ours.read(made.text.slice(at + 1))).toBeUndefined();
    }
  });

  test('a key with anything put into it or around it', () => {
    const position = fc.nat({ max: made.text.length });
    const extra = fc.oneof(
      fc.string({ minLength: 1, maxLength: 4, unit: 'binary' }),
      fc.constantFrom(' ', '\n', '\t', '=', '==', 'A'),
    );
    const property = fc.property(position, extra, (at, text) => {
      expect(ours.read(made.text.slice(0, at) + text + made.text.slice(at))).toBeUndefined();
    });
    expect(fc.assert(property, { numRuns: 500 })).toBeUndefined();
  });

  test('a key with two letters swapped', () => {
    const position = fc.nat({ max: made.text.length - 1 });
    const property = fc.property(position, position, (some, other) => {
      const letters = [...made.text];
      [letters[some], letters[other]] = [letters[other] ?? '', letters[some] ?? ''];
      const swapped = letters.join('');
      const caller = ours.read(swapped);
      if (swapped === made.text) expect(caller?.key).toBe(id);
      else expect(caller).toBeUndefined();
    });
    expect(fc.assert(property, { numRuns: 1_000 })).toBeUndefined();
  });

  test('parts of two good keys put together', () => {
    const another = ours.make(anyKeyId());
    for (let at = 'er_live_'.length + 1; at < made.text.length; at++) {
      const mixed = made.text.slice(0, at) + another.text.slice(at);
      if (mixed !== made.text && mixed !== another.text) expect(ours.read(mixed), mixed).toBeUndefined();
    }
  });

  test('any other text', () => {
    const letters = fc.string({ minLength: 96, maxLength: 96, unit: fc.constantFrom(...alphabet) });
    const texts = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      letters,
      letters.map((body) => `er_live_${body}`),
    );
    const property = fc.property(texts, (text) => {
      expect(ours.read(text)).toBeUndefined();
    });
    expect(fc.assert(property, { numRuns: 1_000 })).toBeUndefined();
    expect(ours.read(`er_live_${'A'.repeat(1_000_000)}`)).toBeUndefined();
  });

  test('what somebody made with a secret of their own, for an account that exists', () => {
    const forger = codec([stranger]);
    for (let tries = 0; tries < 200; tries++) {
      const forged = forger.make(id);
      expect(ours.read(forged.text)).toBeUndefined();
      expect(codec([newer, older]).read(forged.text)).toBeUndefined();
    }
  });
});
