import { expect, test } from 'vitest';
import { countSentences } from '../../../../src/reflection/checks/sentences/sentences.ts';
import { readLines } from '../cases.ts';

/** A text that is hard to count, and the count that most readers give; written by hand for this project. */
interface Marked {
  readonly text: string;
  readonly sentences: number;
}

const marked = readLines<Marked>('sentence-marks.jsonl');

test.each(marked)('$text has $sentences sentences, or it is left open', ({ text, sentences }) => {
  const count = countSentences(text);
  expect(count?.least).toBeLessThanOrEqual(sentences);
  expect(count?.most).toBeGreaterThanOrEqual(sentences);
});

test('most of them are decided', () => {
  const decided = marked.filter(({ text }) => {
    const count = countSentences(text);
    return count?.least === count?.most;
  });
  expect(decided.length).toBeGreaterThanOrEqual(0.75 * marked.length);
});
