/** What checks say stays short, with the largest settings that a request may hold and answers that are as large. */
import { describe, expect, test } from 'vitest';
import { briefly, longest, someQuoted, withoutMiddle } from '../../../src/reflection/checks/bounded-text.ts';
import {
  type CheckType,
  checkSchema,
  checks,
  prepareChecks,
  requirementsOf,
} from '../../../src/reflection/checks/checks.ts';
import { runChecks } from '../../../src/reflection/checks/run-checks.ts';
import { ComputeBudget } from '../../../src/reflection/compute-budget.ts';

const phrase = 'lemon '.repeat(166).trim();
const phrases = Array.from({ length: 100 }, (_, index) => `${index} ${phrase}`.slice(0, 1_000));
const characters = Array.from({ length: 100 }, (_, index) => String.fromCodePoint(0x1f300 + index));
// 29 kB in a list of a schema, which may have 32.
const names = Array.from({ length: 1_400 }, (_, index) => `name number ${index}`);
const values = names.map((name) => `${name} `);
const pattern = 'a'.repeat(1_000);

/** By type, settings as large as they may be. */
const largest = {
  words: [{ max: 0 }, { min: 1_000_000 }],
  sentences: [{ max: 0 }],
  paragraphs: [{ exactly: 1_000_000, separator: phrase }],
  lines: [{ max: 0 }],
  characters: [{ max: 0 }],
  letter_count: [{ letter: '🍋', min: 1_000_000 }],
  keywords: [{ keywords: phrases }, { keywords: phrases, mode: 'any' }],
  forbidden_words: [{ words: phrases }],
  keyword_count: [{ keyword: phrase, min: 1_000_000 }],
  lowercase: [{}],
  uppercase: [{}],
  capital_words: [{ min: 1_000_000 }],
  starts_with: [{ phrase }],
  ends_with: [{ phrase }],
  quoted: [{}],
  forbidden_characters: [{ characters }],
  bullets: [{ min: 1_000_000 }],
  sections: [{ min: 1_000_000, marker: phrase }],
  title: [{}],
  highlights: [{ min: 1_000_000 }],
  placeholders: [{ min: 1_000_000 }],
  postscript: [{ marker: phrase }],
  paragraph_starts_with: [
    { paragraph: 1, word: phrase },
    { paragraph: 1_000_000, word: phrase },
  ],
  two_responses: [{ separator: phrase }],
  repeats_prompt: [{ prompt: phrase.repeat(30) }],
  json: [{}],
  json_schema: [
    { schema: { enum: values } },
    { schema: { additionalProperties: { const: phrase.repeat(20) } } },
    { schema: { properties: { [phrase.repeat(20)]: { type: 'number' } }, required: names.slice(0, 500) } },
    { schema: { additionalProperties: { pattern } } },
    { schema: { description: phrase.repeat(30), type: 'number' } },
  ],
  regex: [{ pattern }, { pattern: `${'e?'.repeat(400)}lemon`, should_match: false }],
  language: [{ language: 'ko' }],
  arithmetic: [{}],
  code_fence: [{ language: phrase.replaceAll(' ', '').slice(0, 20) }, {}],
  sources: [{}],
  choice: [{ choices: phrases }, { choices: phrases, whole: true }],
} as const satisfies Record<CheckType, readonly object[]>;

const prose = 'It says that lemons are yellow, and Ada Lovelace paid 4,711 euros for 7 + 8 = 16 of them. ';
const answers = [
  '',
  phrases.join(' '),
  characters.join(''),
  prose.repeat(100),
  'word'.repeat(5_000),
  JSON.stringify({ [phrase.repeat(20)]: phrase.repeat(20) }),
  `\`\`\`json\n${'{"a": '.repeat(500)}`,
  Array.from({ length: 300 }, (_, index) => `${index} + ${index} = ${index * 2 + 1} is paid by Ada King.`).join('\n'),
];

describe('what a check says', () => {
  test.each(Object.entries<readonly object[]>(largest))('by %s is short', async (type, all) => {
    await prepareChecks([{ type }, { type: 'regex' }]);
    const sources = [{ id: 'a', text: 'The tower is 12 metres high.' }];
    for (const settings of all) {
      const check = checkSchema.parse({ type, ...settings });
      expect(requirementsOf([check])[0]?.length).toBeLessThanOrEqual(longest.requirement);
      for (const answer of answers) {
        const context = { question: phrase.repeat(30), sources, computing: new ComputeBudget() };
        for (const { message } of runChecks(answer, [check], context))
          expect(message.length).toBeLessThanOrEqual(longest.message);
      }
    }
  });

  test('has every type of check here', () => {
    expect(Object.keys(largest).toSorted()).toEqual(Object.keys(checks).toSorted());
  });

  test('lists whole items and says how many more there are', async () => {
    await prepareChecks([{ type: 'json_schema' }]);
    const check = checkSchema.parse({ type: 'json_schema', schema: { enum: values } });
    const context = { question: '', sources: [], computing: new ComputeBudget() };
    const message = runChecks('"none"', [check], context)[0]?.message ?? '';
    const shown = message.match(/"name number \d+ "/g)?.length ?? 0;
    expect(shown).toBeGreaterThan(5);
    expect(message).toMatch(new RegExp(`, and ${values.length - shown} more\\.$`));
    expect(briefly(['a', 'b'])).toBe('a, b');
    expect(someQuoted(['a', 'b'.repeat(400)])).toMatch(/^"a", "b+ … b+"$/);
  });

  test('keeps its beginning and its end, and no half of a character', () => {
    expect(withoutMiddle('short', 5)).toBe('short');
    expect(withoutMiddle('abcdefghijklmnop', 12)).toBe('abcde … mnop');
    const cut = withoutMiddle('🍋'.repeat(100), 50);
    expect(cut).toMatch(/^(?:🍋)+ … (?:🍋)+$/u);
    expect(cut.length).toBeLessThanOrEqual(50);
  });
});
