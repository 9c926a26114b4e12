import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkSchema } from '../../../../src/reflection/checks/checks.ts';
import { inferChecks } from '../../../../src/reflection/checks/inferred/infer.ts';
import { stated, unstated } from './stated.ts';

const read = (request: string) => inferChecks(request).map(({ check }) => check);

describe('what a request states', () => {
  test.each(stated)('is read from: %s', (request, checks) => {
    expect(read(request)).toEqual(checks);
  });

  test.each(stated)('can be declared: %s', (request) => {
    for (const check of read(request)) expect(checkSchema.safeParse(check).success).toBe(true);
  });

  test('is found with its place and how sure it is', () => {
    const request = 'What is tea?\n\nUse at most 50 words.';
    const [found, ...others] = inferChecks(request);
    expect(others).toEqual([]);
    expect(request.slice(...(found?.span ?? [0, 0]))).toBe('at most 50 words');
    expect(found?.confidence).toBeGreaterThanOrEqual(0.9);
  });
});

describe('nothing is read', () => {
  test.each(unstated)('from: %s', (request) => {
    expect(read(request)).toEqual([]);
  });

  test.each([
    ['contradictory limits', 'Write at most 10 words. Write at least 20 words.'],
    ['two counts of one thing', 'Write exactly 2 sentences. Write exactly 3 sentences.'],
    ['opposite cases', 'Write in all lowercase letters. Write in all capital letters.'],
    ['program text', 'def f(x):\n  """Answer in at most 10 words."""\n'],
    ['a request that is mostly material', `${'word '.repeat(5_000)}\nWrite at most 10 words.`],
  ])('from %s', (_, request) => {
    expect(read(request)).toEqual([]);
  });
});

test('any request can be read, and whatever is found can be declared', () => {
  const pieces = fc.constantFrom(
    ...stated.flatMap(([request]) => request.split(/(?<=\s)/)),
    '"',
    "'",
    '\n',
    '. ',
    '***',
    '******',
    '<<',
    '>>',
    '```',
    '0 ',
    '99999 ',
    'not ',
    'words ',
    '쉼표 ',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 60 }), (words) => {
      const request = words.join('');
      for (const { check, span, confidence } of inferChecks(request)) {
        expect(checkSchema.safeParse(check).error).toBeUndefined();
        expect(0 <= span[0] && span[0] < span[1] && span[1] <= request.length).toBe(true);
        expect(confidence > 0 && confidence <= 1).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});
