/** IFEval's verdicts, strict and loose, agree with the reference on every recorded response. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { instructions } from '../../eval/scorers/ifeval/instructions.ts';
import { InstructionFailure, scoreIfeval } from '../../eval/scorers/ifeval/score.ts';
import { ifevalSets } from './ifeval-golden.ts';

describe.each(ifevalSets)('in $name', ({ rows }) => {
  test('every verdict is the reference’s, where that agrees with itself', () => {
    const wrong: unknown[] = [];
    for (const row of rows) {
      const found = scoreIfeval(row.response, row.instruction_id_list, row.kwargs);
      for (const [index, id] of row.instruction_id_list.entries()) {
        if (row.nondeterministic.includes(index)) continue;
        const [strict, loose] = [found.strict[index], found.loose[index]];
        if (strict !== row.seed0_strict[index] || loose !== row.seed0_loose[index]) {
          wrong.push({ key: row.key, id, kwargs: row.kwargs[index], strict, loose });
        }
      }
    }
    expect(wrong).toEqual([]);
  });
});

test('the recorded responses reach all 25 instructions', () => {
  const ids = new Set(ifevalSets.flatMap(({ rows }) => rows.flatMap((row) => row.instruction_id_list)));
  expect([...ids].sort()).toEqual(Object.keys(instructions).sort());
  expect(ids.size).toBe(25);
});

const row = z.object({
  instruction_id_list: z.array(z.string()),
  kwargs: z.array(z.record(z.string(), z.unknown())),
});
const dataFile = join(import.meta.dirname, '..', '..', 'eval', 'data', 'ifeval.jsonl.gz');
const dataRows = gunzipSync(readFileSync(dataFile)).toString('utf8').trim().split('\n');

test(`the kwargs of all ${dataRows.length} prompts are read, and a blank response follows none of them`, () => {
  for (const line of dataRows) {
    const { instruction_id_list: ids, kwargs } = row.parse(JSON.parse(line));
    expect(() => scoreIfeval('Some text, not blank.', ids, kwargs)).not.toThrow();
    expect(scoreIfeval(' \n\u001c\u3000', ids, kwargs)).toEqual({
      strict: ids.map(() => false),
      loose: ids.map(() => false),
    });
  }
});

/** Strict and loose. */
function verdict(response: string, id: string, kwargs: Record<string, unknown> = {}): readonly (boolean | undefined)[] {
  const { strict, loose } = scoreIfeval(response, [id], [kwargs]);
  return [strict[0], loose[0]];
}

describe('a row that cannot be scored', () => {
  test.each([
    ['There is no instruction "keywords:unknown".', 'keywords:unknown', {}],
    ['There is no instruction "toString".', 'toString', {}],
    ['The kwargs do not fit "keywords:existence"', 'keywords:existence', {}],
    ['The kwargs do not fit "keywords:existence"', 'keywords:existence', { keywords: 'one' }],
    ['The kwargs do not fit "punctuation:no_comma"', 'punctuation:no_comma', { commas: 1 }],
    ['The kwargs do not fit "keywords:letter_frequency"', 'keywords:letter_frequency', letter('ab')],
    [
      'The kwargs do not fit "length_constraints:number_words"',
      'length_constraints:number_words',
      { num_words: 1, relation: 'more than' },
    ],
  ])('says so: %s', (message, id, kwargs) => {
    expect(() => verdict('text', id, kwargs)).toThrow(InstructionFailure);
    expect(() => verdict('text', id, kwargs)).toThrow(message);
  });

  test('says so where kwargs are missing', () => {
    expect(() => scoreIfeval('text', ['punctuation:no_comma'], [])).toThrow('Instructions: 1, kwargs: 0.');
  });
});

test('kwargs that are null count as left out, as in the data set’s other form', () => {
  expect(verdict('text', 'punctuation:no_comma', { num_words: null, relation: null })).toEqual([true, true]);
});

function letter(one: string): Record<string, unknown> {
  return { letter: one, let_frequency: 2, let_relation: 'at least' };
}

test('a letter that is none of ours is counted as it stands', () => {
  expect(verdict('#one #two', 'keywords:letter_frequency', letter('#'))).toEqual([true, true]);
  expect(verdict('one two!', 'keywords:letter_frequency', letter('!'))).toEqual([false, false]);
});

// Written by hand for this project.
test.each<[string, string, Record<string, unknown>, boolean, boolean]>([
  ['Sure:\nno comma', 'punctuation:no_comma', {}, true, true],
  ['Sure, here it is:\nno comma', 'punctuation:no_comma', {}, false, true],
  ['Sure, it is:\nno comma\nSo, done', 'punctuation:no_comma', {}, false, true],
  ['**{"a": 1}**', 'detectable_format:json_format', {}, false, true],
  ['```json\n{"a": [NaN, -Infinity, "NaN\\""]}\n```', 'detectable_format:json_format', {}, true, true],
  ['[1NaN]', 'detectable_format:json_format', {}, false, false],
  ['[-NaN]', 'detectable_format:json_format', {}, false, false],
  ['\ufeff[1]', 'detectable_format:json_format', {}, false, false],
  ['<<<>>>', 'detectable_format:title', {}, false, false],
  ['a <<b>> c >> d', 'detectable_format:title', {}, true, true],
  ['<<a\nb>>', 'detectable_format:title', {}, false, false],
  ['[a] [b\n] [] ]', 'detectable_content:number_placeholders', { num_placeholders: 2 }, true, true],
  ['* a\n - b\n**bold**\n---', 'detectable_format:number_bullet_lists', { num_bullets: 3 }, true, true],
  ['*\na\n* b', 'detectable_format:number_bullet_lists', { num_bullets: 2 }, true, true],
  ['*\n\n* b', 'detectable_format:number_bullet_lists', { num_bullets: 2 }, true, true],
  ['a\n\n   \n\u00a0* b', 'detectable_format:number_bullet_lists', { num_bullets: 1 }, true, true],
  ['**a** *b*', 'detectable_format:number_highlighted_sections', { num_highlights: 2 }, true, true],
  ['** ** **', 'detectable_format:number_highlighted_sections', { num_highlights: 1 }, false, false],
  ['a***b***', 'length_constraints:number_paragraphs', { num_paragraphs: 2 }, true, true],
  ['a***\u2003***b', 'length_constraints:number_paragraphs', { num_paragraphs: 2 }, false, false],
  ['a******A', 'combination:two_responses', {}, true, true],
  ['a****** a ', 'combination:two_responses', {}, false, false],
  ['IT IS VERY L\u0130VELY', 'keywords:existence', { keywords: ['lively'] }, true, true],
  ['a.b', 'keywords:existence', { keywords: ['a?b'] }, false, false],
  [
    'Well-known (a/b) [c] {d} ^e$ f|g',
    'keywords:existence',
    { keywords: ['well-known', '(a/b) [c] {d} ^e$ f|g'] },
    true,
    true,
  ],
  ['caf\u00e9s', 'keywords:forbidden_words', { forbidden_words: ['caf'] }, true, true],
  ['The END of "it"" ', 'startend:end_checker', { end_phrase: ' OF "it' }, true, true],
  ['Hello p. s. bye', 'detectable_content:postscript', { postscript_marker: 'P.S.' }, true, true],
  [
    'Section 1 a SECTION 2 b SECTION3',
    'detectable_format:multiple_sections',
    { section_spliter: ' SECTION', num_sections: 2 },
    true,
    true,
  ],
  [
    '\n\n\'"Well," he said\n\nb',
    'length_constraints:nth_paragraph_first_word',
    { num_paragraphs: 2, nth_paragraph: 2, first_word: 'WELL' },
    true,
    true,
  ],
  ['1234', 'language:response_language', { language: 'de' }, true, true],
])('%j, held against %s %j', (response, id, kwargs, strict, loose) => {
  expect(verdict(response, id, kwargs)).toEqual([strict, loose]);
});

test.each([
  '[',
  '<<',
  '>',
  '*',
  '**a\n',
  '\n',
  ' \n',
  '- ',
  '***',
  '******',
  '"',
  '\\"',
  'a',
  'i',
  '\u00a0',
  '. ',
  'A ',
  "'",
  '1',
  'p.',
])('a hundred thousand letters of %j are judged by every instruction without delay', (part) => {
  const text = `"${part.repeat(100_000 / part.length)}x`;
  for (const id of Object.keys(instructions)) expect(() => verdict(text, id, anyKwargs(id))).not.toThrow();
});

/** Those that the data set has first for this instruction. */
function anyKwargs(id: string): Record<string, unknown> {
  for (const line of dataRows) {
    const { instruction_id_list: ids, kwargs } = row.parse(JSON.parse(line));
    const found = kwargs[ids.indexOf(id)];
    if (found !== undefined) return found;
  }
  return {};
}
