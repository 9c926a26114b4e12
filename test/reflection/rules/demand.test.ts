/** What a failed check lets a revision change. */
import { expect, test } from 'vitest';
import { acceptRevision } from '../../../src/reflection/rules/accept-rules.ts';
import { demandOf } from '../../../src/reflection/rules/demand.ts';
import { input } from '../../support/acceptance.ts';
import { check } from '../../support/reflections.ts';

const text = 'The key is 4711. The door is green.\nIt is shut.';

test('a pattern that must not match frees the sentence in which it does, and its numbers', () => {
  const failed = check('c1', 'fail', {
    type: 'regex',
    expected: { pattern: '\\d{4}', should_match: false },
    span: [11, 15],
  });
  expect(demandOf([failed], text)).toMatchObject({
    spans: [[0, 16]],
    unwanted: ['4711'],
    freesNumbers: true,
    rewrites: null,
  });
  expect(demandOf([{ ...failed, span: null }], text)).toMatchObject({ spans: [], unwanted: [], freesNumbers: true });
});

test('a pattern for the whole text dictates its words, unless a part of it may be of any length', () => {
  const regex = (expected: Record<string, string | boolean>) =>
    demandOf([check('c1', 'fail', { type: 'regex', expected })], text).rewrites;
  expect(regex({ pattern: '^[A-Z]{2}-\\d{4}$', should_match: true })).toBe('pattern');
  expect(regex({ pattern: '[A-Z]{2}-\\d{4}', full_match: true, should_match: true })).toBe('pattern');
  expect(regex({ pattern: '[A-Z]{2}-\\d{4}', should_match: true })).toBeNull();
  expect(regex({ pattern: '^[A-Z]{2}', should_match: true })).toBeNull();
  expect(regex({ pattern: '^Dear .*$', should_match: true })).toBeNull();
  expect(regex({ pattern: '^\\w\\s{2,}$', should_match: true })).toBeNull();
  expect(regex({})).toBeNull();
});

test('a check for more lets the text grow, from nothing to six times at most', () => {
  const words = (measured: number, min: number) =>
    demandOf([check('c1', 'fail', { type: 'words', measured, expected: { min } })], text).grows;
  expect(words(10, 20)).toBe(3);
  expect(words(19, 20)).toBeCloseTo(1.58, 2);
  expect(words(0, 400)).toBe(6);
  expect(words(20, 20)).toBe(1);
});

test('unwanted words are found in their sentences whatever their case; where lower case changes the places, nowhere', () => {
  const forbidden = (measured: readonly string[], within: string) =>
    demandOf([check('c1', 'fail', { type: 'forbidden_words', measured })], within).spans;
  expect(forbidden(['DOOR', 'green', ''], text)).toEqual([[16, 35]]);
  expect(forbidden(['shut', 'key'], text).toSorted(([one], [other]) => one - other)).toEqual([
    [0, 16],
    [36, 47],
  ]);
  expect(forbidden(['istanbul'], 'İstanbul is here.')).toEqual([]);
});

test('a text that a pattern dictates comes from the draft, the request or the sources, and from nowhere else', () => {
  const expected = { pattern: '^[A-Z]{2}-\\d{4}$', should_match: true };
  const checksBefore = [check('c1', 'fail', { type: 'regex', expected })];
  const checksAfter = [check('c1', 'pass', { type: 'regex', expected })];
  const verdict = (after: string) =>
    acceptRevision(input('Your order is AB-1234, sent on Monday.', after, { checksBefore, checksAfter }));
  expect(verdict('AB-1234')).toMatchObject({ accepted: true });
  expect(verdict('XY-9876')).toMatchObject({ accepted: false });
});
