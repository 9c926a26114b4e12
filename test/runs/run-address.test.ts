import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addressOf, runIdOf } from '../../src/runs/run-address.ts';

const address = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(''));

test('an address can be read from the id that was made of it', () => {
  fc.assert(
    fc.property(address, (hexadecimal) => {
      const id = runIdOf(hexadecimal);
      expect(id).toMatch(/^refl_[A-Za-z0-9_-]{43}$/);
      expect(addressOf(id)).toBe(hexadecimal);
    }),
  );
});

test('every address has one id: a letter changed is another address or none', () => {
  const id = runIdOf('ab'.repeat(32));
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const addresses = [...alphabet]
    .map((letter) => addressOf(id.slice(0, -1) + letter))
    .filter((found) => found !== undefined);
  expect(new Set(addresses).size).toBe(addresses.length);
  expect(addresses).toHaveLength(16);
});

test('what is no id has no address', () => {
  const id = runIdOf('00'.repeat(32));
  const others = [
    '',
    'refl_',
    id.slice(0, -1),
    `${id}A`,
    id.replace('refl_', 'resp_'),
    id.replace('A', '+'),
    ` ${id}`,
    `${id}\n`,
  ];
  for (const other of others) expect(addressOf(other), other).toBeUndefined();
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(addressOf(text)).toBeUndefined();
    }),
  );
});

test('what is no address has no id', () => {
  expect(() => runIdOf('ab')).toThrow();
});
