/** Counts in what checks say: one of a thing is told as one, in every family. */
import { describe, expect, test } from 'vitest';
import { checkSchema, requirementsOf } from '../../../src/reflection/checks/checks.ts';
import { judge } from './judge.ts';

const schema = (part: object) => ({ type: 'json_schema', schema: part });

describe('a message', () => {
  test.each([
    [{ type: 'paragraph_starts_with', paragraph: 2, word: 'So' }, 'One.', 'There is 1 paragraph; write a'],
    [{ type: 'paragraph_starts_with', paragraph: 2, word: 'So' }, '', 'There are 0 paragraphs; write a'],
    [{ type: 'two_responses' }, 'One.', 'There is 1 response; give exactly 2'],
    [{ type: 'two_responses' }, 'a\n******\nb\n******\nc', 'There are 3 responses; give exactly 2'],
    [{ type: 'lowercase' }, 'Well.', '"Well." is not (1 letter in all).'],
    [{ type: 'lowercase' }, 'WeLl.', '"WeLl." is not (2 letters in all).'],
    [{ type: 'letter_count', letter: 'q', max: 3 }, 'q', 'There is 1 occurrence of "q", as wanted.'],
    [{ type: 'letter_count', letter: 'q', min: 3 }, 'q', 'You wrote 1 occurrence of "q"; write at least 3.'],
    [{ type: 'keyword_count', keyword: 'sea', max: 3 }, 'sea sea', 'There are 2 occurrences of "sea", as wanted.'],
    [{ type: 'keywords', keywords: ['sea', 'sky'] }, 'sea', 'This is missing: "sky". Use it.'],
    [{ type: 'keywords', keywords: ['sea', 'sky'] }, '', 'These are missing: "sea", "sky". Use every one of them.'],
    [{ type: 'keywords', keywords: ['sea'], mode: 'any' }, '', 'Use "sea".'],
    [{ type: 'arithmetic' }, '2 + 2 = 5.', 'Wrong calculation: "2 + 2 = 5"'],
    [{ type: 'arithmetic' }, '2 + 2 = 5. And 3 + 3 = 7.', 'Wrong calculations: "2 + 2 = 5"'],
    [schema({ minProperties: 1 }), '{}', 'Instance has fewer than 1 property.'],
    [schema({ minProperties: 2 }), '{}', 'Instance has fewer than 2 properties.'],
    [schema({ maxProperties: 1 }), '{"a": 1, "b": 2}', 'Instance has more than 1 property.'],
    [schema({ contains: { const: 1 }, minContains: 1 }), '[]', 'Array has fewer than 1 item matching schema.'],
    [schema({ contains: true, maxContains: 1 }), '[1, 2]', 'Array has more than 1 item matching schema.'],
  ])('of %j on %j counts in words that agree', (check, text, said) => {
    expect(judge(text, check).message).toContain(said);
  });
});

test('a requirement counts in words that agree', () => {
  const declared = [
    { type: 'letter_count', letter: 'q', exactly: 1 },
    { type: 'letter_count', letter: 'q', min: 3 },
    { type: 'keyword_count', keyword: 'sea', max: 1 },
    { type: 'keyword_count', keyword: 'sea', min: 2, max: 4 },
    { type: 'words', min: 0, max: 1 },
    { type: 'sections', exactly: 1 },
  ].map((check) => checkSchema.parse(check));
  expect(requirementsOf(declared)).toEqual([
    'Write the character "q" exactly 1 time.',
    'Write the character "q" at least 3 times.',
    'Write "sea" at most 1 time.',
    'Write "sea" 2 to 4 times.',
    'Write 0 to 1 words.',
    'Write exactly 1 section that begins with "Section 1".',
  ]);
});
