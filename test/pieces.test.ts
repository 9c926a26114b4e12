import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pieces } from '../src/pieces.ts';

test('pieces are short enough, make up the text, and can each be stored', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 2, max: 9 }), (text, letters) => {
      const cut = pieces(text, letters);
      expect(cut.join('')).toBe(text);
      for (const piece of cut) {
        expect(piece.length).toBeGreaterThan(0);
        expect(piece.length).toBeLessThanOrEqual(letters);
        expect(piece.isWellFormed()).toBe(true);
      }
    }),
  );
});

test('a pair at the edge goes to the next piece', () => {
  expect(pieces('ab🙂', 3)).toEqual(['ab', '🙂']);
});
