import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkSchema } from '../../../src/reflection/checks/checks.ts';
import { runChecks } from '../../../src/reflection/checks/run-checks.ts';
import { repairByCode } from '../../../src/reflection/rules/auto-fix.ts';
import { transformNames } from '../../../src/reflection/transforms/transforms.ts';
import { processorMs } from '../../support/processor-time.ts';
import { mended, repair, statuses, unmended } from '../../support/repairing.ts';
import { noContext } from '../checks/judge.ts';

test('a check that had nothing to say must not fail for it', () => {
  unmended('2 + 2 = 5! Wow', { type: 'forbidden_characters', characters: ['!'] }, { type: 'arithmetic' });
});

describe('letter case and quotes', () => {
  test('every letter is changed to the case that is asked for', () => {
    expect(mended('Hello, Ünï!', { type: 'lowercase' })).toBe('hello, ünï!');
    expect(mended('Straße', { type: 'uppercase' })).toBe('STRASSE');
  });

  test('the answer is wrapped in double quotation marks, which take the place of others', () => {
    expect(mended(' Hello. \n', { type: 'quoted' })).toBe('"Hello."');
    expect(mended('“Hello.”', { type: 'quoted' })).toBe('"Hello."');
    expect(mended('"Hello.', { type: 'quoted' })).toBe('"Hello."');
    expect(mended('Sure! Here is the sentence:\n"Hello."', { type: 'quoted' })).toBe('"Hello."');
    expect(mended('Sure! Here is the sentence:\n“Hello.” \n', { type: 'quoted' })).toBe('"Hello."');
    expect(mended('“ Hello. ', { type: 'quoted' })).toBe('"Hello."');
    unmended('""', { type: 'quoted' }, { type: 'words', max: 0 });
    unmended('“', { type: 'quoted' });
    unmended(' " ', { type: 'quoted' });
  });

  test('quotation marks within the answer stay', () => {
    expect(mended('She said “no” and “yes” to me.', { type: 'quoted' })).toBe('"She said “no” and “yes” to me."');
  });
});

describe('forbidden characters', () => {
  const without = (...characters: string[]) => ({ type: 'forbidden_characters', characters });

  test.each([
    [
      'However, it rains, and 1,000 or 1,234,567 people get wet,\nall of them.',
      'However it rains and 1000 or 1234567 people get wet\nall of them.',
    ],
    ['red,green , and blue,', 'red green and blue'],
  ])('commas go: %j', (text, expected) => {
    expect(mended(text, without(','))).toBe(expected);
  });

  test('a comma between digits stays where it may be a decimal one', () => {
    const { text } = repair('It is 3,5 km, or so.', without(','));
    expect(text).toBe('It is 3,5 km or so.');
    unmended('It is 3,5 km.', without(','));
  });

  test.each([
    [['!'], 'Stop! Really?! No!!!', 'Stop. Really? No.'],
    [['!', '.'], 'Stop!', 'Stop'],
    [[';'], 'I came; i saw; 3 won', 'I came. I saw. 3 won'],
    [['—'], 'The sea — blue—calls', 'The sea, blue, calls'],
    [['–', ','], 'The sea – blue – calls', 'The sea blue calls'],
    [['*'], '**Bold** move:\n* one\n* two', 'Bold move:\n- one\n- two'],
    [['*', '-'], '* one', ' one'],
    [['#'], '# Title\ntext', 'Title\ntext'],
    [['`'], 'use `this`', 'use this'],
    [['"'], 'a "word"', 'a word'],
    [['“', '”'], 'a “word”', 'a "word"'],
    [['“', '”', '"'], 'a “word”', 'a word'],
  ])('%j give way in %j', (characters, text, expected) => {
    expect(mended(text, without(...characters))).toBe(expected);
  });

  test('letters and marks that carry meaning stay', () => {
    unmended('Is it?', without('?'));
    unmended('an apple', without('a'));
    unmended('Pi is 3.14; e is 2.', without(';', '.'));
    unmended('C# #1', without('#'));
  });
});

describe('length', () => {
  const sentence = 'The river runs down to the sea. ';

  test('an answer that is too long ends at a sentence', () => {
    expect(mended(sentence.repeat(5), { type: 'words', max: 30 })).toBe(sentence.repeat(4).trim());
    expect(mended(sentence.repeat(4), { type: 'sentences', max: 3 })).toBe(sentence.repeat(3).trim());
    expect(mended(sentence.repeat(4), { type: 'sentences', exactly: 3 })).toBe(sentence.repeat(3).trim());
    expect(mended(sentence.repeat(4), { type: 'characters', max: 100 })).toBe(sentence.repeat(3).trim());
    expect(mended('One is.\nTwo is.\nThree is.', { type: 'lines', max: 2 })).toBe('One is.\nTwo is.');
  });

  test('or at a paragraph', () => {
    expect(mended('One is here.\n\nTwo is there.\n\nThree.', { type: 'paragraphs', max: 2 })).toBe(
      'One is here.\n\nTwo is there.',
    );
    expect(
      mended('One is here.\n***\nTwo is there.\n***\nThree.', { type: 'paragraphs', exactly: 2, separator: '***' }),
    ).toBe('One is here.\n***\nTwo is there.');
  });

  test('by itself only where about a tenth goes', () => {
    const byItself = (text: string, check: object) => {
      const declared = [checkSchema.parse(check)];
      return repairByCode(text, runChecks(text, declared, noContext), declared, noContext).text;
    };
    expect(byItself(sentence.repeat(10), { type: 'words', max: 65 })).toBe(sentence.repeat(9).trim());
    expect(byItself(sentence.repeat(10), { type: 'words', max: 60 })).toBe(sentence.repeat(10));
    expect(byItself(sentence.repeat(10), { type: 'sentences', max: 8 })).toBe(sentence.repeat(10));
  });

  test('but never becomes another answer', () => {
    unmended(sentence.repeat(10), { type: 'words', max: 35 });
    unmended('The reasons are these, all of them good and plenty, I say:\n\n- one', { type: 'words', max: 12 });
    unmended('**It is a long one. It goes on.**', { type: 'sentences', max: 1 });
    unmended('{"a": "One. Two. Three."}', { type: 'words', max: 3 });
    unmended(`${sentence.repeat(4)}\n\`\`\`\ncode\n\`\`\`\n`, { type: 'words', max: 21 });
    unmended('One.', { type: 'words', min: 5 });
    unmended(sentence.repeat(5), { type: 'words', exactly: 30 });
  });

  test('a preamble goes before a sentence does', () => {
    const result = repair('Certainly! Here is a short poem about it:\n\nThe sea is blue.', { type: 'words', max: 4 });
    expect(result).toEqual({
      text: 'The sea is blue.',
      edits: [{ reason: 'c1', kind: 'strip_preamble', removed_characters: 43, added_characters: 0 }],
    });
  });
});

describe('preambles and endings', () => {
  test.each([
    'Sure! ',
    'Sure, here is the letter: ',
    'Here’s the letter you asked for:\n\n',
    'Of course.\n',
    'Okay\n',
    'Below is the letter:\n',
  ])('%j is stripped where the answer must begin with a phrase', (preamble) => {
    expect(mended(`${preamble}Dear Ada, hello.`, { type: 'starts_with', phrase: 'Dear Ada' })).toBe('Dear Ada, hello.');
  });

  test('what is no preamble stays', () => {
    unmended('Hello. Dear Ada', { type: 'starts_with', phrase: 'Dear Ada' });
    unmended('Surely Dear Ada', { type: 'starts_with', phrase: 'Dear Ada' });
  });

  test('what follows the last phrase is cut where the phrase ends a sentence', () => {
    const text = 'It was a long way, and all was well. The end. Let me know!';
    expect(mended(text, { type: 'ends_with', phrase: 'The end.' })).toBe(
      'It was a long way, and all was well. The end.',
    );
    expect(mended('I am very grateful. Thank you.', { type: 'ends_with', phrase: 'thank you' })).toBe(
      'I am very grateful. Thank you',
    );
    expect(
      mended('It was a long way, and all of us were well. The End. It was the end.', {
        type: 'ends_with',
        phrase: 'The End.',
        case_sensitive: true,
      }),
    ).toBe('It was a long way, and all of us were well. The End.');
    unmended('The end. And then it went on and on and on.', { type: 'ends_with', phrase: 'The end.' });
    unmended('It was all well in the end that we saw.', { type: 'ends_with', phrase: 'the end' });
  });
});

describe('JSON', () => {
  const json = { type: 'json' };
  test.each([
    ['```json\n{"a": 1}\n```', '{"a": 1}'],
    ['Here you go: {"a": {"b": "}"}} Enjoy!', '{"a": {"b": "}"}}'],
    ['{"a": [1, 2,], "b": ",}",}', '{"a": [1, 2], "b": ",}"}'],
    ['List: [1, 2, 3].', '[1, 2, 3]'],
    ['{not json} but ["\\"]", {"a": 1}]', '["\\"]", {"a": 1}]'],
  ])('is taken out of %j', (text, expected) => {
    expect(mended(text, json)).toBe(expected);
  });

  test('is not made up', () => {
    unmended('No JSON {at all', json);
    unmended('', json);
    unmended('{a} {b} {c} {d} {e} {f} {g} {h} {i} [1]', json);
  });

  test.each([
    ['{"a": 1, "b": 2, }', '{"a": 1, "b": 2 }'],
    ["{'a': 'x', 'b': True}", '{"a": "x", "b": true}'],
    ['{a: "x", b: None}', '{"a": "x", "b": null}'],
    ['{"a": 1 // the first\n}', '{"a": 1 \n}'],
    ['{"a": /* one */ 1}', '{"a":  1}'],
    ['{“a”: “x”}', '{"a": "x"}'],
    ['{"a": "x\ny"}', '{"a": "x\\ny"}'],
    ['{"a": {"b": [1, 2]', '{"a": {"b": [1, 2]}}'],
    ['{"a": "x" "b": 2}', '{"a": "x", "b": 2}'],
    ['{"a": "say "hi" now"}', '{"a": "say \\"hi\\" now"}'],
    ['\uFEFF{"a": 1}', '{"a": 1}'],
    ['\u3000{"a": 1}\u00A0\u2028', '{"a": 1}'],
    ['{"a":\u00A01}', '{"a": 1}'],
    ['\uFEFF"text"\n', '"text"'],
    ['```json\n{"a": 1,}\n```', '{"a": 1}'],
    [String.raw`{"pattern": "^\d+\.\w*\b",}`, String.raw`{"pattern": "^\\d+\\.\\w*\\b"}`],
    [String.raw`{"formula": "\(\sqrt{2} + \frac{1}{2}\)"}`, String.raw`{"formula": "\\(\\sqrt{2} + \\frac{1}{2}\\)"}`],
    [String.raw`{"path": "C:\users\x1"}`, String.raw`{"path": "C:\\users\\x1"}`],
    [String.raw`{"name": "snake\_case"}`, '{"name": "snake_case"}'],
    ['Here is the JSON:\n\n```json\n{"a": 1}\n```\n\nLet me know!', '{"a": 1}'],
    ['Here is the JSON object you asked for:\n{"a": 1}', '{"a": 1}'],
  ])('with a slip is mended: %j', (text, expected) => {
    expect(mended(text, json)).toBe(expected);
  });

  test.each([
    '{"player": "Ana", "fee": 1,155, "clubs": [{"name": "Rovers"}]}',
    '{"player": "Ana, "clubs": [{"name": "Rovers"}]}',
    '{"player": "Ana", "clubs": [{"name": "Rovers"}], "age": }',
    '{"a": 1 155}',
    '{"a": 007}',
    '{"a": 12',
    '{"a": "x',
    '{"a": [1, 2, ...]}',
    '{"a": NaN}',
    "{'a': 'it's'}",
    '{"a": 12:30}',
    '{"a": 2024-01-05}',
    'In winter [2024] prices rose by a third; see the table.',
    'As shown in [1] and [2, 3], it works.',
    'An empty object {} or an empty list [ ] is fine.',
    '[1]: https://example.com',
    '{"a": 1}\n{"a": 2}\n{"a": 3}',
    '{"a": 1}, {"a": 2}',
    '{"a": 1}{"b": 2}',
    'First: {"a": 1}. Second: {"a": 2}.',
    'For example {"a": 1}',
    'The value of a is one, as everybody can see in the long table on page 5: {"a": 1}',
    'The pods restarted [1].\n\n{"pods": 3}',
    'Example:\n```json\n{"name": 1}\n```\nAnswer:\n```json\n{"name": "Ann"}\n```',
  ])('that is not certainly the answer stays: %j', (text) => {
    unmended(text, json);
  });

  const named = {
    type: 'json_schema',
    schema: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
  };
  test.each([
    ['Schema: {"type": "object"}\nData: {"name": "Ann"}', '{"name": "Ann"}'],
    ['Example:\n```json\n{"name": 1}\n```\nAnswer:\n```json\n{"name": "Ann"}\n```', '{"name": "Ann"}'],
    ['See [1] for details, and [2]: {"name": "Ann"}', '{"name": "Ann"}'],
    ['{"name": "Ann"} is what I found, that is, {"name": "Ann"}.', '{"name": "Ann"}'],
    ["I found this: {'name': 'Ann',}", '{"name": "Ann"}'],
    ['{name": "Ann"}', '{"name": "Ann"}'],
    ['For example {"name": "Bob"}. The answer: {"name": "Ann"}', '{"name": "Ann"}'],
  ])('of several the one that follows the schema is taken: %j', (text, expected) => {
    expect(mended(text, named)).toBe(expected);
  });

  test.each([
    '{"name": "Ann"} or {"name": "Bob"}',
    '{"name": "Ann"}\n{"id": 2}',
    '{"player": {"name": "Ann"}}',
    '[{"name": "Ann"}, {"name": "Bob"}]',
    'For example {"name": "Ann"}',
    'Found {"name": "Ann", "fee": 1,155} next to {"name": "Bob"}.',
    '{"title": "x", "fee": 1,155, "owner": {"name": "Bob"}}',
  ])('where none or several follow the schema the text stays: %j', (text) => {
    unmended(text, named);
  });

  test('thousands set apart are joined only where the schema wants a whole number', () => {
    const fee = (type: string) => ({ type: 'json_schema', schema: { properties: { fee: { type } } } });
    expect(mended('{"fee": 1,155}', fee('integer'))).toBe('{"fee": 1155}');
    expect(repair('{"fee": 1,155}', fee('integer')).edits.map(({ kind }) => kind)).toEqual(['mend_json']);
    unmended('{"fee": 1,155}', fee('number'));
    unmended('{"fee": 1,155}', fee('string'));
    unmended('{"fee": 1,155}', json);
  });

  test('is taken for a schema only where it follows it', () => {
    const schema = { type: 'json_schema', schema: { required: ['a'] } };
    expect(mended('So: {"a": 1}', schema)).toBe('{"a": 1}');
    unmended('So: {"b": 1}', schema);
  });
});

describe('other formats', () => {
  test('an open code fence is closed with its own mark', () => {
    expect(mended('1. Run:\n   ````json\n   {}\n', { type: 'code_fence' })).toBe('1. Run:\n   ````json\n   {}\n````');
    expect(mended('Text\n~~~~json\n{}\n\n', { type: 'code_fence' })).toBe('Text\n~~~~json\n{}\n~~~~');
    unmended('```json\n{\n```', { type: 'code_fence' });
  });

  test('an answer that must be a choice and nothing else is brought down to it', () => {
    const choice = { type: 'choice', choices: ['yes', 'no'], whole: true };
    expect(mended('Because it fits. The answer is Yes.', choice)).toBe('yes');
    expect(mended('Sure!\nno', choice)).toBe('no');
    unmended('yes or no', choice);
    unmended('maybe', { ...choice, whole: false });
  });

  test('a preamble is stripped before what must be matched or repeated', () => {
    expect(mended('Sure!\n2024-01-01', { type: 'regex', pattern: '[\\d-]+', full_match: true })).toBe('2024-01-01');
    expect(mended('Sure! Say it. It.', { type: 'repeats_prompt', prompt: 'Say it.' })).toBe('Say it. It.');
  });

  test('content is neither cut out nor put in', () => {
    unmended(
      'The cat.',
      { type: 'forbidden_words', words: ['cat'] },
      { type: 'title' },
      { type: 'postscript' },
      { type: 'keywords', keywords: ['dog'] },
    );
    expect(transformNames('forbidden_words')).toEqual([]);
  });

  test('the documentation names what may mend a check, in its order', () => {
    expect(transformNames('words')).toEqual(['strip_preamble', 'trim_to_sentence']);
  });
});

describe('a transform', () => {
  test('is undone when a check that passed would fail', () => {
    unmended(
      'One Two',
      { type: 'lowercase' },
      { type: 'capital_words', min: 0, max: 9 },
      { type: 'keywords', keywords: ['Two'], case_sensitive: true },
    );
    unmended('"A b. C d. E f."', { type: 'sentences', max: 2 }, { type: 'quoted' });
  });

  test('may follow another, each with its reason', () => {
    expect(repair('Sure! Here it is:\nHello, World', { type: 'quoted', id: 'q' }, { type: 'lowercase' })).toEqual({
      text: '"hello, world"',
      edits: [
        { reason: 'q', kind: 'wrap_in_quotes', removed_characters: 18, added_characters: 2 },
        { reason: 'c2', kind: 'lowercase', removed_characters: 2, added_characters: 2 },
      ],
    });
  });

  test('is not tried where nothing failed', () => {
    unmended('hello', { type: 'lowercase' }, { type: 'arithmetic' });
  });
});

const pieces = fc.constantFrom(
  'Sure! ',
  'Here is it:\n',
  'One two three. ',
  'Four, five! ',
  '"Six" ',
  '“Seven” — ',
  '\n\n',
  '- eight\n',
  '**nine** ',
  '```json\n',
  '{"a": [1,]}',
  '\n```\n',
  'The end. ',
  '1,000 ',
  '3,5 ',
  'yes ',
  '; then ',
  '***',
  '😀 ',
  'İß ',
  '# ',
);
const formal = [
  { type: 'lowercase' },
  { type: 'uppercase' },
  { type: 'quoted' },
  { type: 'forbidden_characters', characters: [',', ';'] },
  { type: 'forbidden_characters', characters: ['!', '—', '"'] },
  { type: 'forbidden_characters', characters: ['*', '#', '`', '“', '”'] },
  { type: 'code_fence' },
];
const mendable = [
  ...formal,
  { type: 'words', max: 8 },
  { type: 'sentences', exactly: 2 },
  { type: 'lines', max: 2 },
  { type: 'characters', max: 40 },
  { type: 'paragraphs', max: 1 },
  { type: 'starts_with', phrase: 'One' },
  { type: 'ends_with', phrase: 'The end.' },
  { type: 'json' },
  { type: 'choice', choices: ['yes', 'no'], whole: true },
  { type: 'keywords', keywords: ['two'] },
];
/** A text of such pieces and up to four such checks. */
function repairs<Check extends object>(texts: fc.Arbitrary<string>, checks: readonly Check[]) {
  return fc.tuple(
    fc.array(texts, { maxLength: 14 }).map((parts) => parts.join('')),
    fc
      .array(fc.constantFrom(...checks), { minLength: 1, maxLength: 4 })
      .map((all) => all.map((check) => checkSchema.parse(check))),
  );
}
const anyRepair = repairs(pieces, mendable);
// Talk before the answer goes where the answer is put in quotation marks.
const formRepair = repairs(
  pieces.filter((piece) => !/^(?:Sure|Here)/.test(piece)),
  [
    ...formal,
    { type: 'starts_with', phrase: 'ONE: two, three.' },
    { type: 'starts_with', phrase: 'All is said.' },
    { type: 'ends_with', phrase: 'So it is.' },
    { type: 'repeats_prompt', prompt: 'one two three' },
  ],
);

describe('any repair', () => {
  test('changes nothing the second time', () => {
    fc.assert(
      fc.property(anyRepair, ([text, declared]) => {
        const once = repairByCode(text, runChecks(text, declared, noContext), declared, noContext, 'fallback');
        const results = runChecks(once.text, declared, noContext);
        const twice = repairByCode(once.text, results, declared, noContext, 'fallback');
        expect(twice).toEqual({ text: once.text, edits: [] });
      }),
      { numRuns: 2_000 },
    );
  });

  test('loses no check, and reports edits exactly when it changed the text', () => {
    fc.assert(
      fc.property(anyRepair, ([text, declared]) => {
        const before = statuses(text, declared);
        const { text: after, edits } = repairByCode(text, runChecks(text, declared, noContext), declared, noContext);
        const now = statuses(after, declared);
        expect(before.filter((status, index) => status === 'pass' && now[index] !== 'pass')).toEqual([]);
        expect(edits.length > 0).toBe(after !== text);
      }),
      { numRuns: 2_000 },
    );
  });

  test('of its form alone keeps every letter and digit in its order', () => {
    const content = (text: string) =>
      text
        .normalize('NFKD')
        .toLowerCase()
        .toUpperCase()
        .match(/[\p{L}\p{N}]/gu) ?? [];
    fc.assert(
      fc.property(formRepair, ([text, declared]) => {
        const { text: after } = repairByCode(text, runChecks(text, declared, noContext), declared, noContext);
        const wanted = content(text);
        let found = 0;
        for (const each of content(after)) if (each === wanted[found]) found += 1;
        expect(wanted.slice(found)).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  test('takes time linear in the text', () => {
    const declared = [
      { type: 'words', max: 100_000 },
      { type: 'forbidden_characters', characters: [','] },
      { type: 'json' },
      { type: 'ends_with', phrase: 'The end.' },
    ].map((check) => checkSchema.parse(check));
    const text = `${'One, two {"a" three. '.repeat(20_000)}The end. Bye`;
    const before = processorMs();
    expect(repairByCode(text, runChecks(text, declared, noContext), declared, noContext).edits.length).toBeGreaterThan(
      0,
    );
    expect(processorMs() - before).toBeLessThan(15_000);
  }, 30_000);
});
