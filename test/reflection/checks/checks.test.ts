import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { examples as exampleSettings } from '../../../docs/generate-checks.ts';
import type { CheckContext } from '../../../src/reflection/checks/check.ts';
import {
  type CheckType,
  checkSchema,
  checks,
  type DeclaredCheck,
  requirementsOf,
} from '../../../src/reflection/checks/checks.ts';
import { runChecks } from '../../../src/reflection/checks/run-checks.ts';
import { ComputeBudget } from '../../../src/reflection/compute-budget.ts';
import { processorMs } from '../../support/processor-time.ts';
import { judge, noContext } from './judge.ts';

const types = Object.keys(checks);
const declaredExamples = Object.entries(exampleSettings).map(([type, settings]) =>
  checkSchema.parse({ type, ...settings }),
);
const context: CheckContext = {
  question: 'What of it?',
  sources: [{ id: 's', text: 'Ada Lovelace, 1815: “all is number”.' }],
  computing: new ComputeBudget(Number.POSITIVE_INFINITY),
};

/** Any settings that the schema accepts, of any check. */
const anyCheck: fc.Arbitrary<DeclaredCheck> = (() => {
  const text = fc.oneof(
    fc.string({ minLength: 1, maxLength: 8 }),
    fc.constantFrom('a b', 'P.S.', '***', '😀', '$^', '中'),
  );
  const bounds = fc.oneof(
    fc.record({ max: fc.nat(5) }),
    fc.record({ min: fc.nat(5) }),
    fc.record({ exactly: fc.nat(5) }),
    fc.record({ min: fc.nat(3), max: fc.integer({ min: 3, max: 6 }) }),
  );
  const flags = fc.record({ whole_word: fc.boolean(), case_sensitive: fc.boolean() });
  const one = (type: CheckType, ...parts: fc.Arbitrary<object>[]) =>
    fc.tuple(...parts).map((all) => Object.assign({ type }, ...all) as unknown);
  const texts = (name: string) => fc.record({ [name]: fc.array(text, { minLength: 1, maxLength: 3 }) });
  const characters = fc.uniqueArray(
    fc.constantFrom(',', '!', '.', ';', '*', '#', '`', '"', '“', '”', '—', '–', 'a', ' '),
    { minLength: 1, maxLength: 4 },
  );
  const counted = [
    'words',
    'sentences',
    'paragraphs',
    'lines',
    'characters',
    'capital_words',
    'bullets',
    'sections',
    'highlights',
    'placeholders',
  ] as const;
  const plain = [
    'lowercase',
    'uppercase',
    'quoted',
    'title',
    'postscript',
    'two_responses',
    'repeats_prompt',
    'json',
    'arithmetic',
    'code_fence',
    'sources',
  ] as const;
  return fc
    .oneof(
      ...counted.map((type) => one(type, bounds)),
      ...plain.map((type) => one(type)),
      one('paragraphs', bounds, fc.record({ separator: text })),
      one('letter_count', bounds, fc.record({ letter: fc.constantFrom('a', '#', '😀') })),
      one('keywords', texts('keywords'), flags, fc.record({ mode: fc.constantFrom('all', 'any') })),
      one('forbidden_words', texts('words'), flags),
      one('keyword_count', bounds, flags, fc.record({ keyword: text })),
      one('starts_with', fc.record({ phrase: text, case_sensitive: fc.boolean() })),
      one('ends_with', fc.record({ phrase: text, case_sensitive: fc.boolean() })),
      one('forbidden_characters', fc.record({ characters })),
      one('paragraph_starts_with', fc.record({ paragraph: fc.integer({ min: 1, max: 3 }), word: text })),
      one('json', fc.constant({ allow_fence: true })),
      one('json_schema', fc.record({ schema: fc.constantFrom({}, { type: 'object', required: ['a'] }, false) })),
      one(
        'regex',
        fc.record({
          pattern: fc.constantFrom('a+', '^.*$', '\\b', '[😀]'),
          full_match: fc.boolean(),
          should_match: fc.boolean(),
        }),
      ),
      one('language', fc.record({ language: fc.constantFrom('en', 'de', 'ja', 'zh', 'ar', 'ru', 'th') })),
      one('choice', fc.record({ choices: fc.constantFrom(['A', 'B'], ['yes', 'no', 'no idea']), whole: fc.boolean() })),
    )
    .map((check) => checkSchema.safeParse(check))
    .filter((parsed) => parsed.success)
    .map((parsed) => parsed.data);
})();

/** Texts with much of what the checks look for. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom(
        'Sure! Here is the answer:\n',
        'One two. ',
        'A "quote" here, really? ',
        'NASA ',
        '12 × 3 = 36 ',
        '5+3=9, ',
        '\n\n',
        '\r\n',
        '- item\n',
        '* b\n',
        '**bold** ',
        '```json\n',
        '{"a": [1,]}\n',
        '```\n',
        '[name] ',
        '<<Title>>\n',
        'P.S. ok\n',
        '***',
        '******',
        'Section 1\n',
        '😀',
        '中文。',
        'שלום ',
        '\ud800',
        'yes',
        'B',
        '!',
        ';a',
        ' — ',
        '“x”',
        '(',
        '=',
        '1,000',
        'e.g. ',
        '# H\n',
        '"',
        'Answer: ',
      ),
    )
    .map((pieces) => pieces.join('')),
);

describe('every check', () => {
  test('has an example, and every example is understood', () => {
    expect(Object.keys(exampleSettings).sort()).toEqual([...types].sort());
    expect(declaredExamples.map(({ type }) => type)).toEqual(types);
  });

  test('can be declared', () => {
    const options = checkSchema._zod.def.options.flatMap((option) => [...option._zod.def.shape.type._zod.values]);
    expect(options).toEqual(types);
  });

  test('says what it asks in a sentence', () => {
    expect(requirementsOf(declaredExamples)).toEqual(
      declaredExamples.map(() => expect.stringMatching(/^[A-Z].{10,}/s)),
    );
    const more = [
      { type: 'keywords', keywords: ['a'], mode: 'any' },
      { type: 'keywords', keywords: ['a', 'b'], mode: 'any' },
      { type: 'choice', choices: ['a', 'b'], whole: true },
      { type: 'repeats_prompt', prompt: 'Say it.' },
      { type: 'paragraphs', min: 1, max: 2, separator: '***' },
      { type: 'regex', pattern: 'a', should_match: false },
      { type: 'code_fence' },
      { type: 'words', exactly: 1 },
      { type: 'words', min: 3 },
    ].map((check) => checkSchema.parse(check));
    expect(requirementsOf(more)).toEqual([
      'Use "a".',
      'Use at least one of "a", "b".',
      'Answer with exactly one of "a", "b" and nothing else.',
      'First repeat "Say it." word for word, then answer.',
      'Write 1 to 2 paragraphs. Divide them with "***" on a line of its own.',
      'The answer must not match the regular expression /a/.',
      'Put code in fenced blocks, whole and closed.',
      'Write exactly 1 word.',
      'Write at least 3 words.',
    ]);
  });

  test('never throws, is sure of itself only with a message, and points into the text', () => {
    fc.assert(
      fc.property(anyText, anyCheck, (text, check) => {
        const [result] = runChecks(text, [check], context);
        expect(result?.message).toMatch(/\S/);
        expect(result?.message).not.toContain('could not be run');
        if (!result?.span) return;
        const [start, end] = result.span;
        expect([0 <= start, start < end, end <= text.length, result.status]).toEqual([true, true, true, 'fail']);
      }),
      { numRuns: 1_500 },
    );
  });

  test('gives results that are JSON', () => {
    fc.assert(
      fc.property(anyText, anyCheck, (text, check) => {
        const results = runChecks(text, [check], context);
        expect(JSON.parse(JSON.stringify(results))).toEqual(results);
      }),
    );
  });

  test('answers the empty text', () => {
    const results = runChecks('', declaredExamples, context);
    expect(results.map(({ status }) => status)).not.toContain(undefined);
    expect(results).toHaveLength(types.length);
  });

  test.each(['a', ' ', '\n', '1+', '((1+', '“', '*', '```\n', '. A', 'http://', '{"a":', '\\"'])(
    'takes time linear in a text of one megabyte of %j',
    (unit) => {
      const text = unit.repeat(Math.ceil(1_000_000 / unit.length));
      for (const check of declaredExamples) {
        const before = processorMs();
        runChecks(text, [check], context);
        // Quadratic time would be minutes; a slow machine needs some hundred milliseconds.
        expect({ type: check.type, slow: processorMs() - before > 8_000 }).toEqual({ type: check.type, slow: false });
      }
    },
    120_000,
  );
});

describe('runChecks', () => {
  test('names checks by their place unless they have ids, and no two alike', () => {
    const declared = [
      { type: 'title', id: 'c2' },
      { type: 'title' },
      { type: 'title' },
      { type: 'title', id: 'c2' },
    ].map((check) => checkSchema.parse(check));
    const results = runChecks('x', declared, noContext);
    expect(results.map(({ id }) => id)).toEqual(['c2', 'c2-2', 'c3', 'c2-3']);
    expect(results[0]).toEqual({
      id: 'c2',
      type: 'title',
      origin: 'declared',
      status: 'fail',
      message: 'Give the answer a title in double angle brackets, such as <<Title>>.',
      measured: null,
      expected: '<<title>>',
      span: null,
    });
  });

  test('skips a check whose verifier cannot cope', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect(judge(deep, { type: 'json_schema', schema: { items: { $ref: '#' } } })).toMatchObject({ status: 'skipped' });
  });
});
