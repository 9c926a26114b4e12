/** Python's random numbers, and its words and spaces. */
import { expect, test } from 'vitest';
import * as z from 'zod';
import { PythonRandom } from '../../eval/python/random.ts';
import { isLower, isUpper, splitWords, strip, wordBorder } from '../../eval/python/text.ts';
import { goldenRows } from './golden.ts';

const numbers = z.array(z.number());
const rows = goldenRows(
  'pyrandom.jsonl',
  z.object({
    seed: z.number(),
    random5: numbers,
    gauss4: numbers,
    getrandbits: numbers,
    choice10_of_97: numbers,
    sample4of4x5: z.array(numbers),
    sample10of14042: numbers,
    sample10of198: numbers,
    shuffle20: numbers,
  }),
);
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);
const times = <Value>(count: number, draw: () => Value) => Array.from({ length: count }, draw);

test.for(rows)('draws what Python draws with seed $seed', (row) => {
  // One after the other from the same generator, as they were recorded.
  const random = new PythonRandom(row.seed);
  expect(times(5, () => random.random())).toEqual(row.random5);
  // Two libraries of mathematics may differ in the last bit of a logarithm.
  for (const expected of row.gauss4) expect(random.gauss()).toBeCloseTo(expected, 13);
  expect([1, 5, 13, 31, 32].map((bits) => random.getrandbits(bits))).toEqual(row.getrandbits);
  expect(times(10, () => random.choice(upTo(97)))).toEqual(row.choice10_of_97);
  expect(times(5, () => random.sample(upTo(4), 4))).toEqual(row.sample4of4x5);
  expect(new PythonRandom(row.seed).sample(upTo(14_042), 10)).toEqual(row.sample10of14042);
  expect(new PythonRandom(row.seed).sample(upTo(198), 10)).toEqual(row.sample10of198);
  expect(new PythonRandom(row.seed).shuffled(upTo(20))).toEqual(row.shuffle20);
});

test('orders the choices of GPQA as the reference does', () => {
  const permutations = goldenRows('gpqa-permutations-seed0.jsonl', z.object({ permutation: numbers }));
  const random = new PythonRandom(0);
  expect(permutations.map(() => random.sample(upTo(4), 4))).toEqual(permutations.map(({ permutation }) => permutation));
});

test('has Python’s spaces, words and cases', () => {
  expect(strip('\u001c\u0085 a\ufeff \u3000')).toBe('a\ufeff');
  expect(splitWords(' one\u001ftwo\u2003three ')).toEqual(['one', 'two', 'three']);
  expect('nai\u0308ve'.match(new RegExp(wordBorder, 'gu'))).toHaveLength(4);
  expect([isUpper('ABC 1'), isUpper('ABc'), isUpper('1'), isUpper('ǅ')]).toEqual([true, false, false, false]);
  expect([isLower('abc 1'), isLower('aBc'), isLower('1')]).toEqual([true, false, false]);
});
