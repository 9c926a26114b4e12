import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addressOf, newRunId } from '../../src/runs/run-id.ts';

const address = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(''));
const own = fc.uint8Array({ minLength: 8, maxLength: 8 });
const zeros = (count: number): Uint8Array => new Uint8Array(count);

test('the address of its object can be read from a run’s id, which differs for each run', () => {
  fc.assert(
    fc.property(address, own, own, (hexadecimal, one, other) => {
      const id = newRunId(hexadecimal, () => one);
      expect(id).toMatch(/^refl_[A-Za-z0-9_-]{54}$/);
      expect(addressOf(id)).toBe(hexadecimal);
      expect(newRunId(hexadecimal, () => other) === id).toBe(one.join() === other.join());
    }),
  );
});

test('the same bytes have one id: a last letter that says more is none', () => {
  const id = newRunId('ab'.repeat(32), zeros);
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const valid = [...alphabet].filter((letter) => addressOf(id.slice(0, -1) + letter) !== undefined);
  expect(valid).toEqual(['A', 'Q', 'g', 'w']);
});

test('what is no id has no address', () => {
  const id = newRunId('00'.repeat(32), zeros);
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
  expect(() => newRunId('ab', zeros)).toThrow();
});
