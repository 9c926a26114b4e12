import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createStopFilter } from '../../src/models/stop-sequences.ts';

function filter(pieces: readonly string[], sequences: readonly string[]): string {
  const stop = createStopFilter(sequences);
  let text = '';
  for (const piece of pieces) {
    const fed = stop.feed(piece);
    text += fed.text;
    if (fed.stopped) return `${text}|`;
  }
  return text + stop.end();
}

test.each([
  ['one END two', ['END'], 'one |'],
  ['one EN', ['END'], 'one EN'],
  ['abcX', ['abcX', 'bc'], 'a|'],
  ['aab', ['ab'], 'a|'],
  ['nothing', [], 'nothing'],
])('%j with %j gives %j, however it is cut', (text, sequences, expected) => {
  for (let first = 0; first <= text.length; first += 1)
    for (let second = first; second <= text.length; second += 1)
      expect(filter([text.slice(0, first), text.slice(first, second), text.slice(second)], sequences)).toBe(expected);
});

test('any text gives the same whole and character by character', async () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 20 });
  const sequences = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 4 }), {
    maxLength: 3,
  });
  await fc.assert(
    fc.property(word, sequences, (text, stops) => {
      expect(filter([...text], stops)).toBe(filter([text], stops));
    }),
  );
});
