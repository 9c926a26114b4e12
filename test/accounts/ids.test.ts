import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  accountIdOf,
  accountOf,
  bytesOfKeyId,
  isAccountId,
  isKeyId,
  keyIdOf,
  newAccountId,
  newKeyId,
} from '../../src/accounts/ids.ts';
import { holds } from '../support/properties.ts';
import { countedBytes } from './counted-bytes.ts';

function bytes(length: number) {
  return fc.uint8Array({ minLength: length, maxLength: length });
}

describe('ids', () => {
  test('of keys hold every byte they were made of, and are read as the account’s', () => {
    holds(
      fc.property(bytes(16), bytes(8), (accounts, own) => {
        const account = accountIdOf(accounts);
        const key = keyIdOf(Uint8Array.of(...accounts, ...own));
        expect(key).toHaveLength(36);
        expect(account).toHaveLength(27);
        expect([...bytesOfKeyId(key)]).toEqual([...accounts, ...own]);
        expect(accountOf(key)).toBe(account);
        expect(newKeyId(account, () => Uint8Array.from(own))).toBe(key);
      }),
    );
  });

  test('of another length are refused', () => {
    for (const length of [0, 15, 17, 24]) expect(() => accountIdOf(new Uint8Array(length))).toThrow('16 bytes');
    for (const length of [0, 16, 23, 25]) expect(() => keyIdOf(new Uint8Array(length))).toThrow('24 bytes');
  });

  test('are told from other text: each has one spelling', () => {
    const randomBytes = countedBytes();
    const account = newAccountId(randomBytes);
    const key = newKeyId(account, randomBytes);
    expect(isAccountId(account)).toBe(true);
    expect(isKeyId(key)).toBe(true);
    for (const id of [account, key]) {
      for (const wrong of [
        id.slice(1),
        id.slice(0, -1),
        `${id}A`,
        `${id}\n`,
        ` ${id}`,
        id.replace('_', '-'),
        `${id.slice(0, -1)}=`,
      ]) {
        expect(isAccountId(wrong), wrong).toBe(false);
        expect(isKeyId(wrong), wrong).toBe(false);
      }
    }
    expect(isAccountId(key)).toBe(false);
    expect(isKeyId(account)).toBe(false);
    // The last letter of an account's id holds two bits: of 64 letters four are left.
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    expect([...alphabet].filter((letter) => isAccountId(account.slice(0, -1) + letter))).toHaveLength(4);
  });
});
