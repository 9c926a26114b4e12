/** Which transforms a repair by code takes: those that bring the answer nearer to what was asked, as far as the run may compute. */
import { describe, expect, test } from 'vitest';
import type { CheckContext } from '../../../src/reflection/checks/check.ts';
import { checkSchema } from '../../../src/reflection/checks/checks.ts';
import { runChecks } from '../../../src/reflection/checks/run-checks.ts';
import { ComputeBudget } from '../../../src/reflection/compute-budget.ts';
import { repairByCode } from '../../../src/reflection/rules/auto-fix.ts';
import { mended, repair, unmended } from '../../support/repairing.ts';
import { noContext } from '../checks/judge.ts';

const preamble = 'Sure! Here is the poem:\n';

describe('talk before an answer goes where the answer comes nearer to its length', () => {
  const verse = 'The wide river runs down to the cold sea';
  test.each([
    ['words', { max: 4 }],
    ['words', { min: 2, max: 4 }],
    ['words', { exactly: 4 }],
    ['words', { exactly: 9, max: undefined }],
    ['characters', { max: 20 }],
  ])('%s: %j', (type, bounds) => {
    const { text, edits } = repair(`${preamble}${verse}`, { type, ...bounds });
    expect(text).toBe(verse);
    expect(edits.map(({ kind }) => kind)).toEqual(['strip_preamble']);
  });

  test.each([
    ['it is too short already', { type: 'words', min: 20 }],
    ['it is further from the range then', { type: 'words', min: 20, max: 30 }],
    ['it is further from the number then', { type: 'words', exactly: 20 }],
    ['what is counted is not lengths', { type: 'regex', pattern: '\\d+', full_match: true }],
  ])('and stays where %s', (_, check) => {
    unmended(`${preamble}${verse}`, check);
  });

  test('and stays where as much is left to shorten as before', () => {
    unmended('Sure! Here it is: one, and\ntwo, and\nthree', { type: 'lines', max: 1 });
  });

  test('and stays where readers would count what is left differently', () => {
    unmended('Sure. It is at 3 p.m. Friday.', { type: 'sentences', max: 1 });
  });
});

describe('a repair', () => {
  test('never takes all that an answer says', () => {
    unmended('!!!', { type: 'forbidden_characters', characters: ['!', '.'] });
    unmended('! !', { type: 'forbidden_characters', characters: ['!', '.'] });
  });

  test('counts each character that it takes away or puts in', () => {
    const check = { type: 'forbidden_characters', characters: ['!', ','] };
    expect(repair('Oh, no, stop! Go! Now.', check).edits).toEqual([
      { reason: 'c1', kind: 'remove_characters', removed_characters: 4, added_characters: 2 },
    ]);
  });

  test('changes the case of every letter that has one, the sharp S as well', () => {
    expect(mended('STRAẞE', { type: 'lowercase' })).toBe('straße');
  });

  test('applies no more than sixteen transforms', () => {
    const marks = [...',，、،!！;；*#`’‘“"'].map((mark) => ({ type: 'forbidden_characters', characters: [mark] }));
    const text =
      '# *ONE* TWO, THREE， FOUR、 FIVE، SIX! SEVEN！ EIGHT; NINE； TEN `ELEVEN` "TWELVE" IT’S ‘THIRTEEN “FOURTEEN“';
    const { edits } = repair(text, ...marks, { type: 'ends_with', phrase: 'THE END.' }, { type: 'lowercase' });
    expect(edits.map(({ reason }) => reason)).toEqual(Array.from({ length: 16 }, (_, index) => `c${index + 1}`));
  });
});

describe('what a repair may compute', () => {
  /** What becomes of the text where the run has so many steps left for it, and how many it leaves. */
  function within(steps: number, text: string, ...checks: object[]) {
    const declared = checks.map((check) => checkSchema.parse(check));
    const context: CheckContext = { ...noContext, computing: new ComputeBudget(steps) };
    const repaired = repairByCode(text, runChecks(text, declared, noContext), declared, context);
    return { text: repaired.text, left: context.computing.left };
  }

  test('is not spent on a transform that would take more than is left', () => {
    const text = 'LOUD '.repeat(100);
    expect(within(1_000, text, { type: 'lowercase' })).toEqual({ text, left: 1_000 });
  });

  test('is spent on a transform that does not help as well', () => {
    const asked = { type: 'starts_with', phrase: 'Once' };
    const { text, left } = within(10_000, 'Hello, Bob.', asked);
    expect(text).toBe('Hello, Bob.');
    expect(left).toBeLessThan(10_000 - 100);
    expect(left).toBeGreaterThan(0);
  });

  test.each([
    ['stands whole or not at all', 'Sure!\nHELLO', [{ type: 'lowercase' }], 'sure!\nhello'],
    ['does not let a text pass that no check could be run on', 'Sure!\nHi', [{ type: 'starts_with', phrase: 'Once' }]],
    [
      'does not lose a check that could not be run any more',
      'Sure!\nHi, Bob.',
      [
        { type: 'quoted' },
        { type: 'words', max: 9 },
        { type: 'keywords', keywords: ['Bob'] },
        { type: 'sentences', max: 2 },
      ],
      '"Hi, Bob."',
    ],
  ])('%s, whatever is left', (_, text, checks, whole = text) => {
    const results = Array.from({ length: 120 }, (__, index) => within(index * 10, text, ...checks).text);
    expect(new Set(results)).toEqual(new Set([text, whole]));
    expect(results[0]).toBe(text);
    expect(results.at(-1)).toBe(whole);
  });
});
