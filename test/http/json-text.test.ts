import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from '../../src/errors.ts';
import { deepestNesting, parseJson } from '../../src/http/json-text.ts';

function refusal(text: string): string {
  try {
    parseJson(text);
  } catch (error) {
    if (error instanceof AppError && error.code === 'invalid_request') return error.message;
    throw error;
  }
  throw new Error(`${text} was read`);
}

describe('parseJson', () => {
  test('reads whatever JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const text = JSON.stringify(value);
        expect(parseJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  test('reads exactly what JSON.parse reads, and refuses the rest with a place inside the text', () => {
    const jsonish = fc.string({
      unit: fc.constantFrom(
        '{',
        '}',
        '[',
        ']',
        '"',
        ':',
        ',',
        '1',
        '-',
        'e',
        '.',
        '\\',
        'u',
        ' ',
        '\n',
        'true',
        'null',
        '\u0007',
      ),
    });
    fc.assert(
      fc.property(jsonish, (text) => {
        let expected: unknown;
        try {
          expected = JSON.parse(text);
        } catch {
          const place = /line (\d+), column (\d+)/.exec(refusal(text));
          if (text.trim() === '') {
            expect(place).toBeNull();
            return;
          }
          const line = text.split('\n')[Number(place?.[1]) - 1];
          expect(Number(place?.[2])).toBeGreaterThan(0);
          expect(Number(place?.[2])).toBeLessThanOrEqual((line?.length ?? -1) + 1);
          return;
        }
        expect(parseJson(text)).toEqual(expected);
      }),
      { numRuns: 2_000 },
    );
  });

  test('refuses a document cut at any point', () => {
    const whole = '{"input": "a \\"b\\" \\u00e9", "seed": -1.5e3, "stop": ["x", null, true], "metadata": {}}';
    for (let cut = 1; cut < whole.length; cut++)
      expect(refusal(whole.slice(0, cut))).toMatch(/^body: not valid JSON at line 1, column \d+$/);
    expect(parseJson(whole)).toEqual(JSON.parse(whole));
  });

  test.each([
    ['{"a":}', 'line 1, column 6'],
    ['{"a":1,}', 'line 1, column 8'],
    ['[1,\n 2,\n x]', 'line 3, column 2'],
    ["{'a': 1}", 'line 1, column 2'],
    ['{"a" 1}', 'line 1, column 6'],
    ['{"a": 1 "b": 2}', 'line 1, column 9'],
    ['{"a": [1}', 'line 1, column 9'],
    ['{} {}', 'line 1, column 4'],
    ['{"a": "b', 'line 1, column 7'],
    ['{"a": 01}', 'line 1, column 8'],
    ['nul', 'line 1, column 1'],
    ['"a\u0001"', 'line 1, column 1'],
    [']', 'line 1, column 1'],
  ])('says where %j goes wrong', (text, place) => {
    expect(refusal(text)).toBe(`body: not valid JSON at ${place}`);
  });

  test('reads brackets to the limit and no further, without a stack of its own', () => {
    expect(() => parseJson('['.repeat(deepestNesting) + ']'.repeat(deepestNesting))).not.toThrow();
    expect(refusal('['.repeat(500_000))).toBe(
      `body: nested deeper than ${deepestNesting} levels at line 1, column ${deepestNesting + 1}`,
    );
    expect(refusal(`${'{"a":'.repeat(100)}1${'}'.repeat(100)}`)).toContain('nested deeper');
    expect(parseJson(JSON.stringify('['.repeat(1_000)))).toBe('['.repeat(1_000));
    expect(parseJson(JSON.stringify('\\"['.repeat(1_000)))).toBe('\\"['.repeat(1_000));
  });

  test('takes the last of two equal keys, and __proto__ as a key like any other', () => {
    expect(parseJson('{"a": 1, "a": 2}')).toEqual({ a: 2 });
    const value = parseJson('{"__proto__": {"polluted": true}}');
    expect(Object.hasOwn(Object(value), '__proto__')).toBe(true);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });
});
