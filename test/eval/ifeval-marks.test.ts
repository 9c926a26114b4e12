/** What is counted in one go is what the reference's patterns find, on every short text of the letters that matter. */
import { expect, test } from 'vitest';
import { countBullets, countHighlights, countPlaceholders, hasTitle } from '../../eval/scorers/ifeval/marks.ts';

function* textsOf(letters: string, longest: number): Generator<string> {
  let shorter = [''];
  for (let length = 1; length <= longest; length += 1) {
    shorter = shorter.flatMap((text) => Array.from(letters, (letter) => text + letter));
    yield* shorter;
  }
}

const count = (pattern: RegExp, text: string): number => (text.match(pattern) ?? []).length;

// The reference's patterns, with the lines of Python, which end at "\n" alone.
test.each<[string, string, number, (text: string) => unknown, (text: string) => unknown]>([
  [
    'bullets',
    '*-\n a',
    7,
    countBullets,
    (text) => count(/(?<=^|\n)\s*\*[^*][^\n]*(?=$|\n)/g, text) + count(/(?<=^|\n)\s*-[^\n]*(?=$|\n)/g, text),
  ],
  ['placeholders', '[]\na', 8, countPlaceholders, (text) => count(/\[[^\n]*?\]/g, text)],
  [
    'titles',
    '<>\n a',
    7,
    hasTitle,
    (text) =>
      (text.match(/<<[^\n]+>>/g) ?? []).some((found) => found.replace(/^<+/, '').replace(/>+$/, '').trim() !== ''),
  ],
  [
    'highlights',
    '*\n a',
    8,
    countHighlights,
    (text) =>
      (text.match(/\*[^\n*]*\*/g) ?? []).filter((found) => found.replace(/^\*+|\*+$/g, '').trim() !== '').length +
      (text.match(/\*\*[^\n*]*\*\*/g) ?? []).filter((found) => found.slice(2, -2).trim() !== '').length,
  ],
])('%s', (_, letters, longest, found, expected) => {
  const wrong: string[] = [];
  for (const text of textsOf(letters, longest)) if (found(text) !== expected(text)) wrong.push(text);
  expect(wrong).toEqual([]);
});
