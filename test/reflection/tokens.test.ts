import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scripts, llamaTokens as tokens, tokensPage } from '../../docs/generate-tokens.ts';
import { singleTokenWords } from '../../src/reflection/token-vocabulary.ts';
import { likelyTokens, mostLikelyPerCharacter, mostTokens } from '../../src/reflection/tokens.ts';
import { samples } from '../support/token-samples.ts';

describe('the most tokens that a text can be', () => {
  test('is nothing for nothing', () => {
    expect(mostTokens('')).toBe(0);
  });

  test.each(Object.entries(scripts))('is never under the tokenizer in %s', (_, text) => {
    expect(mostTokens(text)).toBeGreaterThanOrEqual(tokens(text));
    for (const word of text.split(' ')) expect(mostTokens(word)).toBeGreaterThanOrEqual(tokens(word));
  });

  test.each(Object.entries(samples))('is never under the tokenizer for %s', (_, text) => {
    expect(mostTokens(text)).toBeGreaterThanOrEqual(tokens(text));
  });

  test('is never under the tokenizer for any code point of the basic plane, alone or among its neighbours', () => {
    const under: string[] = [];
    for (let from = 0x80; from < 0x10000; from += 0x80) {
      const codePoints = Array.from({ length: 0x80 }, (_, index) => String.fromCodePoint(from + index));
      // A lone surrogate is no character.
      if (from >= 0xd800 && from < 0xe000) continue;
      for (const each of [...codePoints, codePoints.join(''), codePoints.toReversed().join('')])
        if (mostTokens(each) < tokens(each)) under.push(each);
    }
    expect(under).toEqual([]);
  });

  test('is never under the tokenizer for a usual word, behind whatever mark', () => {
    const under: string[] = [];
    for (const word of singleTokenWords)
      for (const mark of ' !"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n\'')
        for (const each of [mark + word, mark + word.charAt(0).toUpperCase() + word.slice(1)])
          if (mostTokens(each) < tokens(each)) under.push(each);
    expect(under).toEqual([]);
  });

  test('is at most 1.6 times the truth on English prose', () => {
    const prose = [scripts['Latin, English'] ?? '', samples.essay, samples.tale, samples.letter].join('\n\n');
    expect(mostTokens(prose)).toBeLessThanOrEqual(1.6 * tokens(prose));
  });
});

describe('the likely tokens of a text', () => {
  test.each(Object.entries(scripts).filter(([name]) => !name.includes('rare')))(
    'are within half and twice the truth in %s',
    (_, text) => {
      expect(likelyTokens(text)).toBeGreaterThan(0.5 * tokens(text));
      expect(likelyTokens(text)).toBeLessThan(2 * tokens(text));
    },
  );

  test('are within a quarter of the truth on English prose', () => {
    const prose = [samples.essay, samples.tale, samples.letter].join('\n\n');
    expect(likelyTokens(prose)).toBeGreaterThan(0.75 * tokens(prose));
    expect(likelyTokens(prose)).toBeLessThan(1.25 * tokens(prose));
  });
});

test('the page on token estimates is what docs/generate-tokens.ts would write', () => {
  const written = readFileSync(new URL('../../docs/tokens.md', import.meta.url), 'utf8');
  expect(written === tokensPage(), 'run `npm run docs`').toBe(true);
});

test('no text has more likely tokens than its length allows', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
      expect(likelyTokens(text)).toBeLessThanOrEqual(Math.ceil(mostLikelyPerCharacter * text.length));
    }),
    { numRuns: 2_000 },
  );
});
