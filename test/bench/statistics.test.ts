import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addedMedian,
  addedTail,
  bootstrap,
  median,
  type Pair,
  percentile,
  seededRandom,
  shuffled,
} from '../../bench/statistics.ts';

const finite = fc.double({ min: -1e6, max: 1e6, noNaN: true });

test('a percentile lies between two neighbours of the sorted values', () => {
  expect(percentile([4, 1, 3, 2], 0)).toBe(1);
  expect(percentile([4, 1, 3, 2], 1)).toBe(4);
  expect(percentile([4, 1, 3, 2], 0.5)).toBe(2.5);
  expect(percentile([1, 2, 3, 4, 5], 0.99)).toBeCloseTo(4.96);
  expect(percentile([], 0.5)).toBeNaN();
});

test('percentiles grow with their share and never leave the values', () => {
  fc.assert(
    fc.property(fc.array(finite, { minLength: 1 }), fc.double({ min: 0, max: 1, noNaN: true }), (values, share) => {
      const at = percentile(values, share);
      expect(at).toBeGreaterThanOrEqual(Math.min(...values));
      expect(at).toBeLessThanOrEqual(Math.max(...values));
      expect(percentile(values, share / 2)).toBeLessThanOrEqual(at);
    }),
  );
});

test('what is added is told by the rounds, not by the middles of two lists', () => {
  const pairs: Pair[] = [
    [11, 10],
    [2, 1],
    [101, 100],
  ];
  expect(addedMedian(pairs)).toBe(1);
  expect(addedTail(pairs)).toBeCloseTo(1);
});

test('an interval holds the value, and the same seed gives the same one', () => {
  const random = seededRandom(3);
  const sample = Array.from({ length: 200 }, () => 5 + random());
  const once = bootstrap(sample, median, seededRandom(7));
  expect(once).toEqual(bootstrap(sample, median, seededRandom(7)));
  expect(once.low).toBeLessThanOrEqual(once.value);
  expect(once.high).toBeGreaterThanOrEqual(once.value);
  expect(once.high - once.low).toBeLessThan(0.3);
});

test('intervals hold the true middle in about 95 of 100 samples', () => {
  const random = seededRandom(11);
  const holds = Array.from({ length: 300 }, () => {
    const sample = Array.from({ length: 60 }, random);
    const { low, high } = bootstrap(sample, median, random, 200);
    return low <= 0.5 && high >= 0.5;
  }).filter(Boolean).length;
  expect(holds).toBeGreaterThan(265);
});

test('shuffling keeps every item', () => {
  const items = ['a', 'b', 'c', 'd'];
  const orders = new Set(Array.from({ length: 200 }, (_, seed) => shuffled(items, seededRandom(seed)).join('')));
  expect([...orders].every((order) => [...order].sort().join('') === 'abcd')).toBe(true);
  expect(orders.size).toBe(24);
});
