/** The statistics of paired arms, against numbers that are known. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mcNemar, netGain, quantile, upperBound, wilson } from '../../eval/statistics.ts';

test('Wilson’s interval is as published', () => {
  // https://www.itl.nist.gov/div898/handbook/prc/section2/prc241.htm
  const { low, high } = wilson(4, 20);
  expect([low, high].map((share) => share.toFixed(4))).toEqual(['0.0807', '0.4160']);
  expect(wilson(0, 10)).toMatchObject({ low: 0 });
  expect(wilson(10, 10).high).toBeCloseTo(1, 12);
  expect(wilson(0, 0)).toEqual({ low: 0, high: 1 });
});

test('McNemar’s exact test counts the tails of a fair coin', () => {
  expect(mcNemar(0, 0)).toBe(1);
  expect(mcNemar(5, 0)).toBeCloseTo(2 / 32, 12);
  expect(mcNemar(1, 9)).toBeCloseTo((2 * 11) / 1024, 12);
  expect(mcNemar(6, 6)).toBe(1);
  expect(mcNemar(683, 0)).toBeLessThan(1e-100);
});

test('an upper bound of nothing seen is the rule of three', () => {
  expect(upperBound(0, 300)).toBeCloseTo(3 / 300, 3);
  expect(upperBound(0, 0)).toBe(1);
  expect(upperBound(2, 2)).toBe(1);
  expect(upperBound(1, 20)).toBeCloseTo(0.2161, 3);
});

test('a gain lies within its interval, and its mirror image is its negative', () => {
  const counts = fc.record({ fixed: fc.nat(50), broken: fc.nat(50), rest: fc.nat(200) });
  fc.assert(
    fc.property(counts, ({ fixed, broken, rest }) => {
      const count = fixed + broken + rest + 1;
      const gain = netGain(fixed, broken, count);
      const loss = netGain(broken, fixed, count);
      expect(gain.low).toBeLessThanOrEqual(gain.value);
      expect(gain.value).toBeLessThanOrEqual(gain.high);
      expect(loss.value).toBeCloseTo(-gain.value, 12);
      expect(loss.low).toBeCloseTo(-gain.high, 12);
    }),
  );
});

test('a quantile lies between the values around it', () => {
  expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
  expect(quantile([], 0.5)).toBe(0);
});
