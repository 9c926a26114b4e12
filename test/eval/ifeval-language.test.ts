/** The language of a text, as langdetect finds it with the seed 0. */
import { describe, expect, test } from 'vitest';
import { detectLanguage } from '../../eval/scorers/ifeval/langdetect.ts';
import { ifevalSets } from './ifeval-golden.ts';

describe.each(ifevalSets)('in $name', ({ rows }) => {
  test('every response is in the language that the reference finds', () => {
    const wrong = rows.filter(
      (row) => (detectLanguage(row.response) ?? 'EXC:No features in text.') !== row.golden.lang_seed0,
    );
    expect(wrong.map((row) => row.key)).toEqual([]);
  });
});

// Written by hand for this project.
test.each([
  ['en', 'The quick brown fox jumps over the lazy dog while the children are watching.'],
  ['de', 'Der schnelle braune Fuchs springt über den faulen Hund, während die Kinder zuschauen.'],
  ['ko', '아이들이 보는 동안 여우가 게으른 개를 뛰어넘었다.'],
  ['ru', 'Пока дети смотрели, лиса перепрыгнула через ленивую собаку.'],
  ['vi', 'Trong khi bọn trẻ đang xem, con cáo nhảy qua con chó lười.'],
  ['ja', '子供たちが見ている間に、きつねは怠け者の犬を飛び越えました。'],
])('a sentence is known for %s', (language, text) => {
  expect(detectLanguage(text)).toBe(language);
  expect(detectLanguage(text.normalize('NFD').normalize('NFC'))).toBe(language);
});

test.each(['', '1234', '!?', 'https://example.com/a', 'me@example.com'])('nothing tells the language of %j', (text) => {
  expect(detectLanguage(text)).toBeNull();
});

test.each(['a', 'a@', '-', ' ', '中', 'https://a ', 'e\u0301'])(
  'a hundred thousand times %j is read without delay',
  (part) => {
    expect(() => detectLanguage(part.repeat(100_000))).not.toThrow();
  },
);
