/** Which JSON Schemas become a grammar, and which leave the answer free. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toGrammarSchema } from '../../local/grammar-schema.ts';

describe('a schema for a grammar', () => {
  test('keeps objects, arrays, enums and sizes', () => {
    expect(
      toGrammarSchema({
        type: 'object',
        properties: {
          verdict: { enum: ['pass', 'fail'] },
          issues: { type: 'array', maxItems: 3, items: { type: 'string', maxLength: 80, pattern: '^a' } },
          score: { type: 'number', minimum: 0 },
        },
        required: ['verdict'],
        additionalProperties: false,
      }),
    ).toEqual({
      type: 'object',
      properties: {
        verdict: { enum: ['pass', 'fail'] },
        issues: { type: 'array', maxItems: 3, items: { type: 'string', maxLength: 80 } },
        score: { type: 'number' },
      },
    });
  });

  test('puts what is referred to in its place', () => {
    const $defs = { level: { enum: ['minor', 'major'] } };
    expect(toGrammarSchema({ type: 'array', items: { $ref: '#/$defs/level' }, $defs })).toEqual({
      type: 'array',
      items: { enum: ['minor', 'major'] },
    });
  });

  test('takes several types as alternatives', () => {
    expect(toGrammarSchema({ type: ['string', 'null'] })).toEqual({ oneOf: [{ type: 'string' }, { type: 'null' }] });
    expect(toGrammarSchema({ anyOf: [{ type: 'integer' }, { const: 'none' }] })).toEqual({
      oneOf: [{ type: 'integer' }, { enum: ['none'] }],
    });
  });

  test('lets an object without named members have any', () => {
    expect(toGrammarSchema({ type: 'object' })).toMatchObject({ additionalProperties: true });
  });

  test.each([
    ['a reference in a circle', { $ref: '#/$defs/a', $defs: { a: { type: 'array', items: { $ref: '#/$defs/a' } } } }],
    ['a reference to itself', { $ref: '#' }],
    ['a reference elsewhere', { $ref: 'https://example.com/schema.json' }],
    ['no type', {}],
    ['an unknown type', { type: 'text' }],
    ['an enum of objects', { enum: [{}] }],
    ['an empty enum', { enum: [] }],
    ['a member that is no schema', { type: 'object', properties: { a: true } }],
  ])('leaves %s without a grammar', (_what, schema) => {
    expect(toGrammarSchema(schema)).toBeUndefined();
  });

  test('ends on any schema, also one that doubles at each level', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('type', 'items', 'oneOf', '$ref', 'x'), fc.jsonValue()), (schema) => {
        toGrammarSchema(schema);
      }),
    );
    const twice = { oneOf: [{ $ref: '#' }, { $ref: '#' }] };
    expect(toGrammarSchema(twice)).toBeUndefined();
  });
});
