import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { checksPage, instructionTypes } from '../../../docs/generate-checks.ts';
import { checkSchema } from '../../../src/reflection/checks/checks.ts';
import { refusals } from './judge.ts';

describe('a declaration', () => {
  test.each([
    [{ type: 'words' }, ['max: give `min`, `max` or `exactly`']],
    [{ type: 'words', min: 3, max: 1 }, ['min: `min` must not be above `max`']],
    [{ type: 'words', max: 1, exactly: 1 }, ['exactly: give either `exactly`, or `min` and `max`']],
    [{ type: 'words', max: -1 }, ['max: expected 0 or more']],
    [{ type: 'words', max: 1.5 }, ['max: expected a whole number']],
    [{ type: 'words', max: '3' }, ['max: expected a whole number']],
    [{ type: 'words', max: 2_000_000 }, ['max: expected at most 1000000']],
    [{ type: 'letter_count', letter: 'ab', max: 1 }, ['letter: expected one character']],
    [{ type: 'keywords', keywords: [] }, ['keywords: expected at least one text']],
    [{ type: 'keywords', keywords: ['  '] }, ['keywords.0: expected a text that is not blank']],
    [{ type: 'keywords', keywords: 'a' }, ['keywords: expected a list of texts']],
    [{ type: 'keywords', keywords: ['a'], mode: 'some' }, ['mode: expected one of: all, any']],
    [{ type: 'forbidden_characters', characters: [''] }, ['characters.0: expected one character']],
    [
      { type: 'paragraph_starts_with', paragraph: 0, word: 'a' },
      ['paragraph: expected 1 or more: paragraphs are counted from 1'],
    ],
    [{ type: 'choice', choices: ['a'] }, ['choices: expected at least two choices']],
    [{ type: 'choice', choices: ['Yes', 'yes'] }, ['choices: expected choices that differ in more than case']],
    [{ type: 'quoted', id: 'a b' }, ['id: expected 1 to 64 letters, digits, "_", "-", "." or ":"']],
    [{ type: 'sources', kinds: ['all'] }, ['kinds.0: expected some of: numbers, names, urls, quotations']],
    [
      { type: 'code_fence', language: 'a b' },
      ['language: expected the name that stands after the fence, such as "json"'],
    ],
  ])('%j is refused', (check, problems) => {
    expect(refusals(check)).toEqual(problems);
  });

  test('with an unknown field is refused by that name', () => {
    const { error } = checkSchema.safeParse({ type: 'words', max: 1, unit: 'x' });
    expect(error?.issues).toMatchObject([{ code: 'unrecognized_keys', keys: ['unit'], path: [] }]);
  });

  test.each([[{ type: 'wordz' }], [{}], ['words'], [null]])('of no known type is told the types: %j', (check) => {
    expect(refusals(check)[0]).toContain('an object whose type is one of words, sentences, paragraphs');
  });
});

describe('the documentation', () => {
  test('is what docs/generate-checks.ts would write', () => {
    const written = readFileSync(new URL('../../../docs/checks.md', import.meta.url), 'utf8');
    expect(written === checksPage(), 'run `node docs/generate-checks.ts`').toBe(true);
  });

  test('gives usable checks for all 25 instruction types of IFEval', () => {
    expect(Object.keys(instructionTypes)).toHaveLength(25);
    expect(Object.values(instructionTypes).flat().flatMap(refusals)).toEqual([]);
  });
});
