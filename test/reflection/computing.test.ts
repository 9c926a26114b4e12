import { describe, expect, test } from 'vitest';
import type { CheckContext } from '../../src/reflection/checks/check.ts';
import { checkSchema, type DeclaredCheck } from '../../src/reflection/checks/checks.ts';
import { runChecks } from '../../src/reflection/checks/run-checks.ts';
import { ComputeBudget, stepsOfRun } from '../../src/reflection/compute-budget.ts';
import { textChanges } from '../../src/reflection/diff.ts';
import { repairByCode } from '../../src/reflection/rules/auto-fix.ts';

const spentUp = 'All the computing that one request may take is used up. This check was not run.';

function contextOf(sources: CheckContext['sources'] = []): CheckContext {
  return { question: 'Why?', sources, computing: new ComputeBudget() };
}

const copies = (check: object, count = 32): DeclaredCheck[] =>
  Array.from({ length: count }, (_, index) => checkSchema.parse({ ...check, id: `c${index}` }));

const long = (text: string) => text.repeat(Math.ceil(100_000 / text.length)).slice(0, 100_000);
const phrases = Array.from({ length: 100 }, (_, index) => `${'a '.repeat(400)}${index}`);
const json = (value: unknown) => JSON.stringify(value);

/** Checks and answers that took seconds or minutes; written by hand for this project. */
const worst: readonly (readonly [what: string, checks: readonly DeclaredCheck[], text: string])[] = [
  ['large patterns', copies({ type: 'regex', pattern: '(.{0,400})z' }), long('a')],
  ['patterns of many ways', copies({ type: 'regex', pattern: '((a?){15}){15}z' }), long('a')],
  ['classes of Unicode', copies({ type: 'regex', pattern: '(?:\\p{L}\\p{N}?){100}z', flags: 'i' }), long('é')],
  ['patterns in schemas', copies({ type: 'json_schema', schema: { pattern: '(.{0,400})z' } }), json(long('a'))],
  [
    'patterns over names',
    copies({ type: 'json_schema', schema: { patternProperties: { '(.{0,400})z': true } } }),
    json(Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`${'a'.repeat(200)}${index}`, 1]))),
  ],
  [
    'unique items',
    copies({ type: 'json_schema', schema: { items: { uniqueItems: true } } }),
    json(Array.from({ length: 40 }, (_, row) => Array.from({ length: 400 }, (__, index) => [row, index]))),
  ],
  [
    'enums',
    copies({
      type: 'json_schema',
      schema: { items: { enum: Array.from({ length: 2_000 }, (_, index) => `v${index}`) } },
    }),
    json(Array.from({ length: 20_000 }, () => 'w')),
  ],
  ['phrases', copies({ type: 'keywords', keywords: phrases }), long('a ')],
  ['sentences', copies({ type: 'sentences', max: 2 }), long('a. ')],
  ['arithmetic', copies({ type: 'arithmetic' }), long('1 + 1 = 3, ')],
  ['JSON', copies({ type: 'json' }), long('[')],
  ['the case of letters', copies({ type: 'uppercase' }), long('a. ')],
  ['sources', copies({ type: 'sources' }), long('In 1999 Ada Lovelace met 42 Foxes. ')],
];

describe('whatever is asked, a run computes no more than its share', () => {
  test.each(worst)('%s', (_, checks, text) => {
    const context = contextOf([{ id: 's', text: long('In 1999 Ada met 43 foxes. ') }]);
    const results = runChecks(text, checks, context);
    repairByCode(text, results, checks, context);
    const again = runChecks(`${text} `, checks, context);
    const skipped = again.filter(({ message }) => message === spentUp);
    expect(context.computing.left).toBeGreaterThanOrEqual(0);
    expect(skipped.length).toBeGreaterThan(0);
    for (const { status } of skipped) expect(status).toBe('skipped');
  });

  test('and spends the same each time', () => {
    const [, checks = [], text = ''] = worst[1] ?? [];
    const results = [contextOf(), contextOf()].map((context) => [
      runChecks(text, checks, context),
      context.computing.left,
    ]);
    expect(results[0]).toEqual(results[1]);
  });

  test('comparing two texts counts, and where nothing is left they are one change', () => {
    const words = (name: string) => Array.from({ length: 900 }, (_, index) => `${name}${index}`).join(' ');
    const computing = new ComputeBudget();
    textChanges(words('a'), words('b'), computing);
    expect(computing.left).toBeLessThan(stepsOfRun - 500_000);
    expect(textChanges('one two three', 'one 2 three', new ComputeBudget(10))).toHaveLength(1);
  });
});

describe('an everyday request', () => {
  test('has its checks run on every text that it comes to', () => {
    const checks = [
      ...copies({ type: 'words', max: 2_000 }, 2),
      ...copies({ type: 'keywords', keywords: ['fox', 'Berlin', 'one-time password'] }, 2),
      ...copies({ type: 'regex', pattern: '\\b[A-Z]{2}-\\d{4}\\b', should_match: false }, 4),
      ...copies({ type: 'regex', pattern: '(?i)(?:guarantee|promise)[a-z]*', should_match: false }, 4),
      ...copies({ type: 'language', language: 'en' }, 1),
      ...copies({ type: 'sentences', max: 500 }, 1),
      ...copies({ type: 'sources' }, 1),
    ];
    const context = contextOf([{ id: 's', text: 'The quick fox of Berlin jumped in 1999. '.repeat(500) }]);
    const text = 'The quick brown fox of Berlin jumped over the lazy dogs in 1999, and nobody saw it. '.repeat(70);
    // A draft, two repairs of it, and each as code mends it.
    for (let version = 0; version < 6; version += 1) {
      const results = runChecks(`${text}${version}`, checks, context);
      expect(results.filter(({ message }) => message === spentUp)).toEqual([]);
    }
  });
});
