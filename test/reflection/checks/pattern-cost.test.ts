import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, test } from 'vitest';
import { patternCost } from '../../../src/reflection/checks/pattern-cost.ts';

// The pieces of RE2's syntax (https://github.com/google/re2/wiki/Syntax), those that end others early among them.
const pieces = [
  ...['a', 'b', 'é', '🎉', '\\d', '\\w', '\\pL', '\\p{Greek}', '.', '^', '$', '\\b', '\\z', '-', ':', '\\'],
  ...['(', '(?:', '(?i:', '(?P<n>', '(?i)', '(?s-i:', ')', ')', '|', '*', '+', '?', '*?'],
  ...['{2}', '{3,}', '{2,5}', '{0,4}', '{7}', '{0}', '{02}', '{1,0}', '{', '}'],
  ...['[a-z]', '[^a]', '[]a]', '[^]a]', '[[:alpha:]]', '[', ']', '[\\]]', '[[a]', '[a-]', '[:', '[[:', '[\\d\\p{L}]'],
  ...['\\Q', '\\E', '\\Q(\\E', '\\Q)]\\E', '\\Q[\\E', '\\(', '\\)', '\\[', '\\]', '\\x41', '\\x{41}', '\\101'],
];

describe('the cost of a pattern by its source', () => {
  test('is never below what RE2 makes of it', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 10 }), fc.constantFrom('', 'i'), (parts, flags) => {
        const source = parts.join('');
        const { instructions } = patternCost(source, flags);
        fc.pre(instructions < 5_000);
        const size = sizeOf(source, flags);
        if (size !== undefined) expect(instructions).toBeGreaterThanOrEqual(size);
      }),
      { numRuns: 3_000 },
    );
  });

  test.each([
    '\\b[A-Z]{2}-\\d{4}\\b',
    '^\\d{4}-\\d{2}-\\d{2}$',
    '(?i)the quick (brown|red) fox',
    '[0-9a-f]{8}-[0-9a-f]{4}',
  ])('is near what RE2 makes of the everyday pattern %s', (source) => {
    expect(patternCost(source, '').instructions).toBeLessThan(2 * (sizeOf(source, '') ?? 0));
  });

  test('multiplies repetitions that stand within others', () => {
    expect(patternCost('((a{10}){10}){10}', '').instructions).toBeGreaterThan(1_000);
    expect(patternCost(`(?:${'abcdefghij'.repeat(90)}){1000}`, '').instructions).toBeGreaterThan(900_000);
  });

  test('counts large classes, and every code point whose case is folded', () => {
    const plain = patternCost('[a-z]', '').steps;
    expect(patternCost('\\pL', '').steps).toBeGreaterThan(10 * plain);
    expect(patternCost('[\\x01-\\x{1e942}]', 'i').steps).toBeGreaterThan(1_000 * plain);
    expect(patternCost('(?i)[\u0001-\u{1e942}]', '').steps).toBeGreaterThan(1_000 * plain);
  });

  test('counts a class again for every group around it where the parser would write it out again', () => {
    const nested = (source: string) => patternCost(source.repeat(40), '').steps;
    expect(nested('(\\pL{9}){9}')).toBeGreaterThan(10 * nested('(\\pL)'));
  });
});

function sizeOf(source: string, flags: string): number | undefined {
  try {
    return RE2JS.compile(source, flags === 'i' ? RE2JS.CASE_INSENSITIVE : 0).programSize();
  } catch {
    return undefined;
  }
}
