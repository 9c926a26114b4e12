import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyEdits, parseEdits, withoutMetaTalk, withoutPreamble } from '../../src/reflection/edits.ts';
import { processorMs } from '../support/processor-time.ts';
import { holds } from '../support/properties.ts';
import { editText } from '../support/reflections.ts';

describe('parseEdits', () => {
  test.each([
    ['as asked', editText(['old', 'new'])],
    ['in a code fence', `\`\`\`\n${editText(['old', 'new'])}\n\`\`\``],
    ['after talk', `Here is my change:\n\n${editText(['old', 'new'])}\n\nDone.`],
    ['without the blank', '<<<<<<<SEARCH\nold\n=======\nnew\n>>>>>>>REPLACE'],
    ['with shorter markers', '<<< SEARCH\nold\n===\nnew\n>>> REPLACE'],
    ['with markers of different lengths', '<<<<<< SEARCH\nold\n=======\nnew\n>>>>> REPLACE'],
    ['with trailing blanks', '<<<<<<< SEARCH  \nold\n======= \nnew\n>>>>>>> REPLACE '],
    ['with carriage returns', editText(['old', 'new']).replaceAll('\n', '\r\n')],
  ])('reads a block %s', (_, said) => {
    expect(parseEdits(said)).toEqual([{ search: 'old', replace: 'new' }]);
  });

  test('reads several blocks of several lines, and an empty replacement', () => {
    expect(parseEdits(editText(['a\n  b', 'c\n\nd'], ['gone', '']))).toEqual([
      { search: 'a\n  b', replace: 'c\n\nd' },
      { search: 'gone', replace: '' },
    ]);
    expect(parseEdits('<<<<<<< SEARCH\ngone\n=======\n>>>>>>> REPLACE')).toEqual([{ search: 'gone', replace: '' }]);
  });

  test('keeps a comparison and a headline that look like the middle marker', () => {
    expect(parseEdits(editText(['if (a ===\n  b)', 'if (a ==\n  b)']))).toEqual([
      { search: 'if (a ===\n  b)', replace: 'if (a ==\n  b)' },
    ]);
    expect(parseEdits(editText(['Title\n=====\nold', 'Title\n=====\nnew']))).toEqual([
      { search: 'Title\n=====\nold', replace: 'Title\n=====\nnew' },
    ]);
  });

  test.each([
    ['no block', 'The whole text, corrected.'],
    ['a block without an end', '<<<<<<< SEARCH\nold\n=======\nnew'],
    ['a block without a middle', '<<<<<<< SEARCH\nold\n>>>>>>> REPLACE'],
    ['a block that searches for nothing', '<<<<<<< SEARCH\n \n=======\nnew\n>>>>>>> REPLACE'],
    ['a block whose middle is not certain', editText(['a\n=======\nb', 'c'])],
    ['an end alone', '>>>>>>> REPLACE'],
  ])('reads nothing from %s', (_, said) => {
    expect(parseEdits(said)).toEqual([]);
  });

  test('starts afresh at a new block where one was left open', () => {
    expect(parseEdits(`<<<<<<< SEARCH\nlost\n${editText(['old', 'new'])}`)).toEqual([
      { search: 'old', replace: 'new' },
    ]);
  });

  test('reads sixteen blocks, no more', () => {
    expect(parseEdits(editText(...Array.from({ length: 20 }, (_, i): [string, string] => [`${i}`, 'x'])))).toHaveLength(
      16,
    );
  });

  test('gives back every edit that was written', () => {
    const line = fc.stringMatching(/^[a-z ]{0,12}$/);
    const text = fc.array(line, { minLength: 1, maxLength: 4 }).map((lines) => lines.join('\n'));
    holds(
      fc.property(fc.array(fc.tuple(text, text), { maxLength: 6 }), (pairs) => {
        const wanted = pairs.filter(([search]) => search.trim() !== '');
        expect(parseEdits(editText(...pairs))).toEqual(wanted.map(([search, replace]) => ({ search, replace })));
      }),
    );
  });

  test.each([
    ['openings', '<<<<<<< SEARCH\n'.repeat(60_000)],
    ['openings and middles', '<<<<<<< SEARCH\n=======\n'.repeat(40_000)],
    ['middles', `<<<<<<< SEARCH\n${'=======\n'.repeat(100_000)}`],
    ['empty lines', `<<<<<<< SEARCH\n${'\n'.repeat(900_000)}=======\n${'\n'.repeat(1_000)}`],
  ])('reads a megabyte of %s without slowing down', (_, said) => {
    const started = processorMs();
    parseEdits(said);
    expect(processorMs() - started).toBeLessThan(2_000);
  });
});

describe('applyEdits', () => {
  test('replaces what stands there once and leaves all else', () => {
    expect(applyEdits('He was born in 1903 in Lyon.', [{ search: '1903', replace: '1905' }], 'i1')).toEqual({
      text: 'He was born in 1905 in Lyon.',
      applied: [{ reason: 'i1', kind: 'replace' }],
      missed: 0,
    });
  });

  test.each([
    ['is not there', 'a b c', 'd'],
    ['stands there twice', 'four four', 'four'],
    ['overlaps itself', 'aaa', 'aa'],
    ['stands there twice in another case', 'THE CAT and The Cat', 'the cat'],
  ])('leaves out an edit whose place %s', (_, text, search) => {
    expect(applyEdits(text, [{ search, replace: 'x' }], 'i1')).toEqual({ text, applied: [], missed: 1 });
  });

  test('is not confused by another case where the exact words stand once', () => {
    expect(applyEdits('Bear and bear', [{ search: 'bear', replace: 'bare' }], 'i1').text).toBe('Bear and bare');
  });

  test('keeps the indentation of code', () => {
    const code = 'def f():\n    x = 1\n    return x';
    expect(applyEdits(code, [{ search: '    x = 1', replace: '    x = 2' }], 'i1').text).toBe(
      'def f():\n    x = 2\n    return x',
    );
    expect(applyEdits(code, [{ search: '\tx = 1 ', replace: '\tx = 2 ' }], 'i1').text).toBe(
      'def f():\n    x = 2\n    return x',
    );
  });

  test('lays white space of its own aside where the words stand in other white space', () => {
    expect(applyEdits('a  b c', [{ search: ' a b\n', replace: 'x ' }], 'i1').text).toBe('x c');
    expect(applyEdits('a  b c', [{ search: '  a b', replace: '  x' }], 'i1').text).toBe('x c');
  });

  test('takes a replacement literally', () => {
    expect(applyEdits('costs 5', [{ search: '5', replace: '$&$1' }], 'i1').text).toBe('costs $&$1');
  });

  test('applies edits one after another, each to what the one before left', () => {
    const edits = [
      { search: 'one', replace: 'two' },
      { search: 'two', replace: 'three' },
      { search: 'one', replace: 'four' },
    ];
    expect(applyEdits('one', edits, 'i1')).toMatchObject({ text: 'three', missed: 1 });
  });
});

describe('withoutMetaTalk', () => {
  const draft = 'The sky is green.';
  test.each([
    ['a preamble', 'Here is the corrected text:\n\nThe sky is blue.'],
    ['an eager preamble', 'Sure! Here you go:\n\nThe sky is blue.'],
    ['a preamble of one word', 'Certainly!\nThe sky is blue.'],
    ['a preamble with a curly apostrophe', 'Here’s the corrected text:\nThe sky is blue.'],
    ['a preamble without an announcement', 'Sure, I have mended it:\nThe sky is blue.'],
    ['the name of the text', 'The corrected version:\nThe sky is blue.'],
    ['an apology', 'You are right, I made a mistake.\nThe sky is blue.'],
    ['an apology and a preamble', 'I apologize for the error.\n\nHere is the revised version:\nThe sky is blue.'],
    ['an afterword', 'The sky is blue.\n\nLet me know if you need more.'],
    ['a report', 'The sky is blue.\nI have corrected the colour.'],
    ['a note', 'The sky is blue.\n\nNote: I changed the colour.'],
  ])('takes off %s', (_, said) => {
    expect(withoutMetaTalk(said, draft)).toBe('The sky is blue.');
  });

  test('keeps lines that stood in the text before', () => {
    const before = 'Here are the steps:\n\n1. Mix.\n\nLet me know how it goes.';
    const after = 'Here are the steps:\n\n1. Stir.\n\nLet me know how it goes.';
    expect(withoutMetaTalk(after, before)).toBe(after);
  });

  test.each(['Here is the text:', 'I apologize for the error.', 'Sure:\n', '  '])('never empties %j', (said) => {
    expect(withoutMetaTalk(said, draft)).toBe(said.trim());
  });

  test('leaves a text alone that only begins like talk', () => {
    const said = 'Here is where the sky is blue.\nOf course it is.';
    expect(withoutMetaTalk(said, draft)).toBe(said);
  });

  test('keeps the indentation of the first line', () => {
    expect(withoutMetaTalk('Here is the code:\n    x = 1\n', draft)).toBe('    x = 1');
    expect(withoutMetaTalk('\n    x = 1\n', draft)).toBe('    x = 1');
  });

  test.each([
    ['line breaks', `a${'\n'.repeat(500_000)}b`],
    ['farewells', `${'\nlet me know'.repeat(80_000)}x\ny`],
    ['blanks', `x\nlet me know${' '.repeat(500_000)}y\nz`],
    ['preambles', `sure${':'.repeat(400_000)}`],
  ])('reads half a megabyte of %s without slowing down', (_, said) => {
    const started = processorMs();
    withoutMetaTalk(said, draft);
    expect(processorMs() - started).toBeLessThan(2_000);
  });
});

describe('withoutPreamble', () => {
  test.each([
    'Here are the foods you must not eat: nuts, milk and eggs.',
    'Here are the two drugs that should never be combined: aspirin and warfarin.',
    'Below are the steps to avoid:\n1. Force it.\n2. Heat it.',
    'Here is why it is unsafe: the valve leaks.',
    'The following are banned: A, B and C.',
    'Sure, the ones that failed were:\n- A\n- B',
    'Certainly not the safest choice, but these work:\n- A\n- B',
    'Here are the results of 2023:\n- A\n- B',
  ])('keeps what the list after it needs: %s', (text) => {
    expect(withoutPreamble(text)).toBe(text);
  });

  test.each([
    'Sure! ',
    'Sure, I have mended it:\n',
    'The revised version:\n\n',
    'Okay\n',
    'Of course, here are the facts you wanted: ',
  ])('takes off %j', (preamble) => {
    expect(withoutPreamble(`${preamble}The sky is blue.`)).toBe('The sky is blue.');
  });

  test.each(['Surely these are the reasons:\nnone.', 'The updated schedule:\nMonday', 'Sure!', 'Here it is:'])(
    'leaves %j alone',
    (text) => {
      expect(withoutPreamble(text)).toBe(text);
    },
  );
});
