/** Every limit of the accept gate at its edge: what just passes, and what just does not. The figures stand here by themselves, not by the gate's constants. */
import { expect, test } from 'vitest';
import { acceptRevision } from '../../../src/reflection/rules/accept-rules.ts';
import { input, mending } from '../../support/acceptance.ts';
import { issue } from '../../support/reflections.ts';

/** Content words that differ in their first letters, from one place of the alphabet to another. */
const words = (to: number, from = 0, first = 'a') =>
  Array.from({ length: to - from }, (_, index) => {
    const at = from + index;
    const letter = (place: number) => String.fromCharCode(97 + (place % 26));
    return `${first}${letter(Math.floor(at / 26))}${letter(at)}rdo`;
  });
const others = (count: number) => words(count, 0, 'z');
const say = (...parts: readonly (readonly string[])[]) => `${parts.flat().join(' ')}.`;
const range = (count: number, from = 0) => Array.from({ length: count }, (_, index) => index + from);

const confirmed = (before: string, after: string, end = 5) =>
  input(before, after, { issues: [issue({ quote: before.slice(0, end), span: [0, end] })] });

const shorter = (max: number) => ({ type: 'words', measured: 100, expected: { max } });
const all = say(words(100));
const numbers = (count: number) => range(count, 110).map(String);
const names = (count: number) => words(count, 0, 'N').map((name) => `of ${name}`);
const fenced = (lines: readonly string[]) => `Run this.\n\`\`\`\n${lines.join('\n')}\n\`\`\``;
const translation = { type: 'language', measured: 'en', expected: 'de' };
const data = (parts: readonly string[]) => JSON.stringify({ values: parts });

const table: readonly (readonly [
  what: string,
  reason: RegExp,
  passes: Parameters<typeof acceptRevision>[0],
  fails: Parameters<typeof acceptRevision>[0],
])[] = [
  [
    '0.6 times as long',
    /times as long/,
    confirmed('a'.repeat(1_000), 'b'.repeat(600)),
    confirmed('a'.repeat(1_000), 'b'.repeat(599)),
  ],
  [
    '1.3 times as long',
    /times as long/,
    confirmed('a'.repeat(1_000), 'b'.repeat(1_300)),
    confirmed('a'.repeat(1_000), 'b'.repeat(1_301)),
  ],
  [
    '200 characters more for a check',
    /times as long/,
    mending('a'.repeat(1_000), 'b'.repeat(1_500)),
    mending('a'.repeat(1_000), 'b'.repeat(1_501)),
  ],
  [
    'half as much again for a check that asks for more',
    /times as long/,
    mending('a'.repeat(1_000), 'b'.repeat(2_150), { type: 'keywords' }),
    mending('a'.repeat(1_000), 'b'.repeat(2_151), { type: 'keywords' }),
  ],
  [
    'in proportion to the words that are asked for',
    /times as long/,
    mending('a'.repeat(1_000), 'b'.repeat(4_100), { type: 'words', measured: 10, expected: { min: 20 } }),
    mending('a'.repeat(1_000), 'b'.repeat(4_101), { type: 'words', measured: 10, expected: { min: 20 } }),
  ],
  [
    'six times at most',
    /times as long/,
    mending('a'.repeat(1_000), 'b'.repeat(8_000), { type: 'words', measured: 10, expected: { min: 2_000 } }),
    mending('a'.repeat(1_000), 'b'.repeat(8_001), { type: 'words', measured: 10, expected: { min: 2_000 } }),
  ],
  [
    '2 % of the characters changed',
    /says the same/,
    input(`${'a'.repeat(979)} ${'b'.repeat(20)}`, `${'a'.repeat(979)} ${'c'.repeat(20)}`),
    input(`${'a'.repeat(980)} ${'b'.repeat(19)}`, `${'a'.repeat(980)} ${'c'.repeat(19)}`),
  ],
  [
    '80 characters from the issue',
    /near the issues/,
    confirmed(`wrong ${'a'.repeat(78)} ${'o'.repeat(20)}`, `right ${'a'.repeat(78)} ${'n'.repeat(20)}`),
    confirmed(`wrong ${'a'.repeat(79)} ${'o'.repeat(20)}`, `right ${'a'.repeat(79)} ${'n'.repeat(20)}`),
  ],
  [
    '60 % of the changes near the issue',
    /near the issues/,
    confirmed(`wronger ${'a'.repeat(99)} olds`, `rights ${'a'.repeat(99)} news`, 7),
    confirmed(`wrong ${'a'.repeat(99)} olds`, `right ${'a'.repeat(99)} news`),
  ],
  [
    'a text of 60 characters',
    /keeps/,
    confirmed(say(words(7), ['abcd']).padEnd(59, '.'), say(others(10))),
    confirmed(say(words(7), ['abcd']).padEnd(60, '.'), say(others(10))),
  ],
  [
    '24 characters of a copy that stops',
    /middle of a sentence/,
    mending('abcdefghijklmnopqrstuvwxyz.', 'abcdefghijklmnopqrstuvw'),
    mending('abcdefghijklmnopqrstuvwxyz.', 'abcdefghijklmnopqrstuvwx'),
  ],
  ['60 % of the words', /keeps \d+ %/, mending(all, say(words(60))), mending(all, say(words(59)))],
  [
    '60 % of the half that may stay',
    /keeps \d+ %/,
    mending(all, say(words(30)), shorter(50)),
    mending(all, say(words(29)), shorter(50)),
  ],
  [
    'one of five words, by rounding, where half may go',
    /keeps \d+ %/,
    mending(say(words(5)), say(words(1)), shorter(50)),
    mending(say(words(5)), say(others(1)), shorter(50)),
  ],
  [
    'half of what is too many where lines can be joined',
    /keeps \d+ %/,
    mending(all, say(words(45)), { type: 'paragraphs', measured: 10, expected: { max: 5 } }),
    mending(all, say(words(44)), { type: 'paragraphs', measured: 10, expected: { max: 5 } }),
  ],
  [
    'half of what a forbidden word stands in',
    /keeps \d+ %/,
    mending(`${say(words(50))} ${say(['forbidden'], words(99, 50))}`, say(words(45)), {
      type: 'forbidden_words',
      measured: ['forbidden'],
    }),
    mending(`${say(words(50))} ${say(['forbidden'], words(99, 50))}`, say(words(44)), {
      type: 'forbidden_words',
      measured: ['forbidden'],
    }),
  ],
  [
    'a fifth of the words without evidence',
    /next to nothing/,
    { ...input(all, say(words(20), others(80))), needsEvidence: false },
    { ...input(all, say(words(19), others(81))), needsEvidence: false },
  ],
  [
    'six words without evidence',
    /next to nothing/,
    { ...input(say(words(6)), say(others(6))), needsEvidence: false },
    { ...input(say(words(7)), say(others(7))), needsEvidence: false },
  ],
  [
    'every number where nothing has to go',
    /loses \d/,
    mending(say(words(50), numbers(10)), say(words(50), numbers(10).reverse())),
    mending(say(words(50), numbers(10)), say(words(50), numbers(9))),
  ],
  [
    'seven tenths of the numbers that may stay',
    /loses \d/,
    mending(say(words(50), numbers(20)), say(words(50), numbers(7)), shorter(50)),
    mending(say(words(50), numbers(20)), say(words(50), numbers(6)), shorter(50)),
  ],
  [
    'a link where 30 % has to go',
    /loses https/,
    mending(`${all} See https://a.example/b`, all, shorter(70)),
    mending(`${all} See https://a.example/b`, all, shorter(71)),
  ],
  [
    'three quarters of the names',
    /loses n/,
    mending(say(words(50), names(20)), say(words(50), names(15))),
    mending(say(words(50), names(20)), say(words(50), names(14))),
  ],
  [
    'seven tenths of the lines of code',
    /loses l/,
    mending(fenced(range(10).map((at) => `line${at} = ab`)), fenced(range(7).map((at) => `line${at} = ab`))),
    mending(fenced(range(10).map((at) => `line${at} = ab`)), fenced(range(6).map((at) => `line${at} = ab`))),
  ],
  [
    'a translation of 0.4 times the length',
    /translation is/,
    mending('a'.repeat(100), 'b'.repeat(40), translation),
    mending('a'.repeat(100), 'b'.repeat(39), translation),
  ],
  ...(['海', '강', 'か', 'カ'] as const).map((letter, index) => {
    const least = index < 2 ? 15 : 25;
    return [
      `a translation of ${least} letters ${letter} for 100 Latin ones`,
      /translation is/,
      mending('a'.repeat(100), letter.repeat(least), translation),
      mending('a'.repeat(100), letter.repeat(least - 1), translation),
    ] as const;
  }),
  [
    'a translation of 2.5 times the length',
    /translation is/,
    mending('a'.repeat(100), 'b'.repeat(250), translation),
    mending('a'.repeat(100), 'b'.repeat(251), translation),
  ],
  [
    'a translation with 35 % as many different words',
    /again and again/,
    mending(all, say(others(35), others(35)), translation),
    mending(all, say(others(34), others(34)), translation),
  ],
  [
    'six of ten numbers in a translation',
    /translation loses numbers/,
    mending(say(words(50), numbers(10)), say(others(50), numbers(6)), translation),
    mending(say(words(50), numbers(10)), say(others(50), numbers(5)), translation),
  ],
  [
    'a third of the names in a translation',
    /translation loses names/,
    mending(say(words(200), names(50)), say(others(200), names(17)), translation),
    mending(say(words(200), names(50)), say(others(200), names(16)), translation),
  ],
  [
    'six of ten words of data from the text',
    /stood nowhere/,
    mending(all, data([...words(6), ...others(4)]), { type: 'json_schema' }),
    mending(all, data([...words(5), ...others(5)]), { type: 'json_schema' }),
  ],
  [
    'half of the words as JSON',
    /leaves out/,
    mending(all, data(words(50)), { type: 'json' }),
    mending(all, data(words(49)), { type: 'json' }),
  ],
  [
    'a quarter of the words as JSON with the numbers',
    /leaves out/,
    mending(say(words(90), numbers(10)), data([...words(17), ...numbers(8)]), { type: 'json' }),
    mending(say(words(90), numbers(10)), data([...words(16), ...numbers(8)]), { type: 'json' }),
  ],
  [
    'eight of ten numbers as JSON',
    /leaves out/,
    mending(say(words(90), numbers(10)), data([...words(30), ...numbers(8)]), { type: 'json' }),
    mending(say(words(90), numbers(10)), data([...words(30), ...numbers(7)]), { type: 'json' }),
  ],
  [
    'three numbers as JSON',
    /leaves out/,
    mending(say(words(90), numbers(3)), data([...words(30), ...numbers(3)]), { type: 'json' }),
    mending(say(words(90), numbers(2)), data([...words(30), ...numbers(2)]), { type: 'json' }),
  ],
];

test.each(table)('%s is the limit', (_, reason, passes, fails) => {
  expect(acceptRevision(passes).reasons.filter((each) => reason.test(each))).toEqual([]);
  expect(acceptRevision(fails).reasons.filter((each) => reason.test(each))).not.toEqual([]);
});
