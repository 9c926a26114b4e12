import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { locate } from '../../src/reflection/quote.ts';
import { holds } from '../support/properties.ts';

function found(quote: string, text: string): string | null {
  const span = locate(quote, text);
  return span && text.slice(...span);
}

describe('locate', () => {
  test.each([
    ['exactly', 'was born in 1903', 'He was born in 1903.', 'was born in 1903'],
    ['with blanks around the quotation', '  1903 ', 'in 1903.', '1903'],
    ['one letter', '4', 'It is 4.', '4'],
    ['in another case', 'WAS BORN', 'He was born.', 'was born'],
    ['across a line break', 'was born in', 'He was\n   born\tin 1903.', 'was\n   born\tin'],
    ['with typographic quotes', `it's "so"`, 'Well, it’s “so”.', 'it’s “so”'],
    ['with plain quotes for typographic ones', 'it’s “so”', `Well, it's "so".`, `it's "so"`],
    ['with dashes', '1990-1995', 'from 1990–1995 on', '1990–1995'],
    ['with a hard blank', '10 km', 'about 10\u00a0km away', '10\u00a0km'],
    ['with an ellipsis for three dots', 'well…then', 'Well...then, no', 'Well...then'],
    ['with three dots for an ellipsis', 'Well...then', 'Well…then, no', 'Well…then'],
    ['with a tag that fencing took apart', '< output>x', 'Write <output>x', '<output>x'],
    ['in a text with letters that grow in lower case', 'born in', 'İİ BORN IN', 'BORN IN'],
  ])('finds a quotation %s', (_, quote, text, place) => {
    expect(found(quote, text)).toBe(place);
  });

  test('prefers the exact place to an earlier one in another case', () => {
    expect(locate('cat', 'CAT cat')).toEqual([4, 7]);
  });

  test.each([
    ['what is not there', 'Lyon', 'Paris'],
    ['an empty quotation', '', 'Paris'],
    ['a blank quotation', ' \n', 'a b'],
    ['a very short one in another case', 'Ab', 'ab ab'],
    ['a paraphrase', 'was born in Paris', 'was born at Paris'],
    ['anything in an empty text', 'abc', ''],
    ['a quotation of white space and dots only', ' … ', 'abc'],
  ])('does not find %s', (_, quote, text) => {
    expect(locate(quote, text)).toBeNull();
  });

  test('finds every piece of a text, in itself and folded', () => {
    holds(
      fc.property(fc.string({ minLength: 1 }), fc.nat(), fc.nat(), (text, a, b) => {
        const start = Math.min(a % text.length, b % text.length);
        const end = Math.max(a % text.length, b % text.length) + 1;
        const quote = text.slice(start, end);
        fc.pre(quote.trim() !== '');
        const span = locate(quote, text);
        expect(span && text.slice(...span)).toBe(quote.trim());
        const shouted = locate(quote.toUpperCase().replace(/ /g, '\n'), text);
        if (shouted) expect(shouted[0] >= 0 && shouted[1] <= text.length && shouted[0] < shouted[1]).toBe(true);
      }),
    );
  });
});
