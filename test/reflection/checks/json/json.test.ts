import { describe, expect, test } from 'vitest';
import { processorMs } from '../../../support/processor-time.ts';
import { examples, judge, pointedOut, refusals } from '../judge.ts';

const schemaCheck = (schema: unknown, more: object = {}) => ({ type: 'json_schema', schema, ...more });

describe('json', () => {
  examples([
    ['pass', { type: 'json' }, '{"a": [1, 2.5, null, true, "x"]}'],
    ['pass', { type: 'json' }, ' \r\n [] \n'],
    ['pass', { type: 'json' }, '"text"'],
    ['fail', { type: 'json' }, ''],
    ['fail', { type: 'json' }, 'Here it is: {"a": 1}'],
    ['fail', { type: 'json' }, '{"a": 1'],
    ['fail', { type: 'json' }, "{'a': 1}"],
    ['fail', { type: 'json' }, '```json\n{}\n```'],
    ['pass', { type: 'json', allow_fence: true }, '\n```json\n{}\n```\n'],
    ['pass', { type: 'json', allow_fence: true }, '{}'],
    ['fail', { type: 'json', allow_fence: true }, 'Look:\n```json\n{}\n```'],
    ['fail', { type: 'json', allow_fence: true }, '```json\n{}'],
    ['fail', { type: 'json' }, '\uFEFF{"a": 1}'],
    ['fail', { type: 'json' }, '{"a": 1}\u00A0'],
    ['fail', { type: 'json' }, '\u3000{"a": 1}\n'],
    ['fail', { type: 'json' }, '{"a": 1}\u2028'],
    ['fail', { type: 'json' }, '{"a":\u00A01}'],
    ['pass', { type: 'json' }, '{"a": "\u00A0\uFEFF\u3000\u2028"}'],
  ]);

  test('points out where it stops being JSON', () => {
    const text = '  {"a": 1,}';
    const result = judge(text, { type: 'json' });
    expect(pointedOut(text, result)).toBe('}');
    expect(result.message).toContain('unexpected text at "}"');
    expect(judge('{"a"', { type: 'json' }).message).toContain('ends too early');
    expect(judge('', { type: 'json' }).message).toContain('it is empty');
    expect(judge('nope', { type: 'json' }).message).toContain('unexpected "o"');
  });
});

describe('json_schema', () => {
  const person = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'https://example.com/person',
    title: 'Person',
    type: 'object',
    required: ['name'],
    properties: {
      name: { type: 'string', minLength: 2 },
      tags: { type: 'array', items: { $ref: '#/$defs/tag' }, uniqueItems: true },
      id: { type: ['integer', 'null'] },
    },
    additionalProperties: false,
    $defs: { tag: { $anchor: 'tag', type: 'string', pattern: '^[a-z]+$' } },
  };

  examples([
    ['pass', schemaCheck(person), '{"name": "Ada", "tags": ["x", "y"], "id": 3}'],
    ['fail', schemaCheck(person), '{"tags": []}'],
    ['fail', schemaCheck(person), '{"name": "Ada", "age": 3}'],
    ['fail', schemaCheck(person), 'Ada'],
    ['pass', schemaCheck(person, { allow_fence: true }), '```\n{"name": "Ada"}\n```'],
    ['pass', schemaCheck(true), '1'],
    ['fail', schemaCheck(false), '1'],
    ['fail', schemaCheck({ anyOf: [{ type: 'string' }, { type: 'null' }] }), '1'],
    ['pass', schemaCheck({ oneOf: [{ type: 'string' }, { const: 1 }], enum: [1, 2] }), '1'],
    ['pass', schemaCheck({ dependencies: { a: ['b'], b: { required: ['c'] } } }), '{"a": 1, "b": 2, "c": 3}'],
    ['fail', schemaCheck({ dependentRequired: { a: ['b'] } }), '{"a": 1}'],
    [
      'pass',
      schemaCheck({ $schema: 'http://json-schema.org/draft-04/schema#', minimum: 1, exclusiveMinimum: true }),
      '2',
    ],
    ['fail', schemaCheck({ $schema: 'http://json-schema.org/draft-07/schema#', exclusiveMinimum: 2 }), '2'],
    [
      'fail',
      schemaCheck({ $schema: 'https://json-schema.org/draft/2019-09/schema', items: [{ type: 'string' }] }),
      '[1]',
    ],
    ['fail', schemaCheck({ items: [{ type: 'string' }], additionalItems: false }), '["a", 2]'],
    ['fail', schemaCheck({ prefixItems: [{ type: 'string' }] }), '[1]'],
    ['pass', schemaCheck({ format: 'url' }), '"https://example.com/a"'],
    ['fail', schemaCheck({ format: 'date' }), '"tomorrow"'],
    ['fail', schemaCheck({ format: 'ipv4' }), '"087.10.0.1"'],
    ['fail', schemaCheck({ format: 'ipv4' }), '"10.0.0.01"'],
    ['fail', schemaCheck({ format: 'ipv4' }), '"10.0.0.256"'],
    ['fail', schemaCheck({ format: 'ipv4' }), '"10.0.0"'],
    ['fail', schemaCheck({ format: 'ipv4' }), '"10.0.0.1."'],
    ['pass', schemaCheck({ format: 'ipv4' }), '"0.10.200.255"'],
    ['pass', schemaCheck({ properties: { ['__proto__']: { type: 'string' } }, 'x-unknown': 1 }), '{}'],
    ['fail', schemaCheck({ patternProperties: { '^n_': { type: 'number' }, '^n': true } }), '{"n_a": "x", "b": 1}'],
    [
      'pass',
      schemaCheck({ patternProperties: { '^n_': { type: 'number' } }, additionalProperties: false }),
      '{"n_a$": 1}',
    ],
    ['fail', schemaCheck({ patternProperties: { '^n_': true }, additionalProperties: false }), '{"m": 1}'],
    ['fail', schemaCheck({ propertyNames: { pattern: '^[a-z]$' } }), '{"AB": 1}'],
    ['pass', schemaCheck({ $ref: '#tag', $defs: { tag: { $anchor: 'tag', type: 'string' } } }), '"x"'],
    ['fail', schemaCheck({ type: 'array', items: { $ref: '#' } }), '[[[1]]]'],
  ]);

  test('tells what is wrong at its own place', () => {
    const result = judge('{"name": "Ada", "tags": ["x", "Y"]}', schemaCheck(person));
    expect(result.measured).toEqual({ pointer: '#/tags/1', keyword: 'pattern' });
    expect(result.message).toContain('does not match the pattern "^[a-z]+$"');
    expect(judge('1', schemaCheck({ type: 'string' })).message).toContain('The JSON does not follow the schema');
  });

  test('runs patterns that would backtrack for ages in time linear in the text', () => {
    const text = JSON.stringify({ a: `${'a'.repeat(50_000)}!`, ['x'.repeat(200)]: 1 });
    const schema = { properties: { a: { pattern: '^(a+)+$' } }, patternProperties: { '^(x+x+)+y$': false } };
    const before = processorMs();
    expect(judge(text, schemaCheck(schema)).status).toBe('fail');
    expect(processorMs() - before).toBeLessThan(5_000);
  });

  test('abstains when an answer would take too long to hold against the schema', () => {
    const doubling = { items: { allOf: [{ $ref: '#' }, { $ref: '#' }] } };
    expect(judge('['.repeat(40) + ']'.repeat(40), schemaCheck(doubling)).status).toBe('skipped');
    const numbers = JSON.stringify(Array.from({ length: 2_000 }, (_, index) => index));
    expect(judge(numbers, schemaCheck({ uniqueItems: true })).status).toBe('skipped');
    const names = JSON.stringify(Object.fromEntries(Array.from({ length: 600 }, (_, index) => [`n${index}`, 1])));
    expect(judge(names, schemaCheck({ patternProperties: { '^n': true } })).status).toBe('skipped');
  });

  test('does not leave its marks on the schema it was given', () => {
    const schema = { $ref: '#/$defs/a', $defs: { a: { type: 'string' } } };
    judge('"x"', schemaCheck(schema));
    expect(Object.getOwnPropertyNames(schema)).toEqual(['$ref', '$defs']);
  });

  test.each([
    [1, 'schema: expected a JSON Schema: an object, true or false'],
    [
      { type: 'strin' },
      'schema.type: expected one of array, boolean, integer, null, number, object, string, or a list of them',
    ],
    [{ properties: { a: 3 } }, 'schema.properties.a: expected a schema: an object, true or false'],
    [{ properties: [] }, 'schema.properties: expected an object'],
    [{ anyOf: {} }, 'schema.anyOf: expected a list of schemas'],
    [{ required: [1] }, 'schema.required: expected a list of texts'],
    [{ dependentRequired: { a: 'b' } }, 'schema.dependentRequired: expected an object of lists of texts'],
    [{ enum: 1 }, 'schema.enum: expected a list'],
    [{ minimum: '1' }, 'schema.minimum: expected a number'],
    [{ multipleOf: 0 }, 'schema.multipleOf: expected a number above 0'],
    [{ exclusiveMaximum: 'x' }, 'schema.exclusiveMaximum: expected a number'],
    [{ minLength: -1 }, 'schema.minLength: expected a whole number, 0 or more'],
    [{ uniqueItems: 1 }, 'schema.uniqueItems: expected true or false'],
    [{ pattern: 1 }, 'schema.pattern: expected a text'],
    [{ format: 1 }, 'schema.format: expected a text'],
    [{ $ref: 'https://example.com/s' }, 'schema.$ref: expected a reference within this schema, such as "#/$defs/item"'],
    [{ items: { $ref: '#/$defs/none' } }, 'schema.items.$ref: "#/$defs/none" is not in this schema'],
    [{ $dynamicRef: '#a' }, 'schema.$dynamicRef: expected nothing: this keyword is not supported'],
    [{ items: { $id: 'x' } }, 'schema.items.$id: expected nothing: this keyword is not supported'],
    [{ description: 'x'.repeat(40_000) }, 'schema: expected a schema of at most 32768 characters'],
  ])('refuses %j', (schema, refusal) => {
    expect(refusals(schemaCheck(schema))).toEqual([refusal]);
  });

  test('refuses patterns that RE2 cannot run, too many of them, and schemas too deep or too large', () => {
    expect(refusals(schemaCheck({ pattern: '(?=a)' }))[0]).toMatch(
      /^schema.pattern: expected a regular expression in RE2 syntax/,
    );
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`^a${index}`, true]));
    expect(refusals(schemaCheck({ patternProperties: many }))[0]).toContain('at most 32 patterns');
    const deep = Array.from({ length: 70 }).reduce<object>((inner) => ({ not: inner }), {});
    expect(refusals(schemaCheck(deep))[0]).toContain('nested at most 32 deep');
    const wide = { allOf: Array.from({ length: 1_100 }, () => ({})) };
    expect(refusals(schemaCheck(wide))[0]).toContain('at most 1000 parts');
  });
});
