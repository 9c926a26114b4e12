/** How IFEval's reference cuts text: sentences as Punkt, words as NLTK. */
import { describe, expect, test } from 'vitest';
import { isUpper } from '../../eval/python/text.ts';
import { sentences } from '../../eval/scorers/ifeval/punkt.ts';
import { wordTokens } from '../../eval/scorers/ifeval/word-tokenize.ts';
import { ifevalSets, shareOf } from './ifeval-golden.ts';

describe.each(ifevalSets)('in $name', ({ rows }) => {
  // The lists of words are our own, not Punkt's: a few counts differ, and no verdict does.
  test('99 of 100 responses have as many sentences and words as in the reference', () => {
    expect(shareOf(rows, (row) => sentences(row.response).length === row.golden.punkt_sentences)).toBeGreaterThan(0.99);
    expect(shareOf(rows, (row) => wordTokens(row.response).length === row.golden.nltk_tokens)).toBeGreaterThan(0.99);
  });

  test('all responses have as many words in capitals', () => {
    expect(shareOf(rows, (row) => wordTokens(row.response).filter(isUpper).length === row.golden.cap_words)).toBe(1);
  });
});

// Written by hand for this project.
const cut: readonly (readonly string[])[] = [
  ['Hello there.', 'How are you?', 'Fine!'],
  ['Mr. Smith met Dr. Jones vs. the team.', 'They won.'],
  ['He said "No."', 'Then he left (at last.)', 'Good.'],
  ['Wait...', 'What?!', 'Really!!!', 'Yes.'],
  ['The U.S. economy grew.', 'It did.'],
  ['1.', 'First item.', '2.', 'Second item.'],
  ['Pi is 3.14 or so.', 'Send mail to a.b@example.com now.'],
  ['no capital letter.', 'but a new sentence all the same.'],
];

test.each(cut)('a text is cut into its sentences: %s', (...parts) => {
  expect(sentences(parts.join(' '))).toEqual(parts);
});

test('blank text has no sentence', () => {
  expect(['', ' ', '\n\n'].map(sentences)).toEqual([[], [], []]);
});

test('words are cut as in the Penn Treebank', () => {
  expect(wordTokens('They\'ll "cannot" pay $3.50, isn\'t it?')).toEqual([
    'They',
    "'ll",
    '``',
    'can',
    'not',
    "''",
    'pay',
    '$',
    '3.50',
    ',',
    'is',
    "n't",
    'it',
    '?',
  ]);
});

test.each(['.', '!', ' ', '\n', 'a. ', '. ', '"', ')', '-', "'", 'a', '.)', '…', '`', '{'])(
  'a hundred thousand times %j is cut without delay',
  (part) => {
    const text = `Start.${part.repeat(100_000)}end`;
    expect(sentences(text).length).toBeGreaterThan(0);
    expect(wordTokens(text).length).toBeGreaterThan(0);
  },
);
