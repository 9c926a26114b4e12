/** Schemas that refer to themselves: those that go into the answer on their way are used, those that stay where they are can never end. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { processorMs } from '../../../support/processor-time.ts';
import { holds } from '../../../support/properties.ts';
import { examples, judge, refusals } from '../judge.ts';

const schemaCheck = (schema: unknown) => ({ type: 'json_schema', schema });
const draft7 = 'http://json-schema.org/draft-07/schema#';

describe('a schema that refers to itself for a part of the answer', () => {
  const tree = {
    type: 'object',
    required: ['name'],
    properties: { name: { type: 'string' }, children: { type: 'array', items: { $ref: '#' } } },
  };
  const list = {
    $ref: '#/$defs/list',
    $defs: {
      list: {
        anyOf: [
          { type: 'null' },
          { type: 'object', properties: { next: { $ref: '#/$defs/list' } }, required: ['next'] },
        ],
      },
    },
  };
  examples([
    ['pass', schemaCheck(tree), '{"name": "a", "children": [{"name": "b", "children": []}]}'],
    ['fail', schemaCheck(tree), '{"name": "a", "children": [{"name": "b", "children": [{}]}]}'],
    ['pass', schemaCheck(list), '{"next": {"next": null}}'],
    ['fail', schemaCheck(list), '{"next": {"next": 1}}'],
    ['pass', schemaCheck({ type: ['array', 'number'], prefixItems: [{ $ref: '#' }] }), '[[[1]]]'],
    ['pass', schemaCheck({ type: 'object', additionalProperties: { $ref: '#' } }), '{"a": {"b": {}}}'],
    ['pass', schemaCheck({ type: 'object', patternProperties: { '^a': { $ref: '#' } } }), '{"a": {"ab": {}}}'],
    ['pass', schemaCheck({ contains: { $ref: '#' }, minContains: 0 }), '[[]]'],
    ['pass', schemaCheck({ allOf: [{ $ref: '#/$defs/a' }, { $ref: '#/$defs/a' }], $defs: { a: true } }), '1'],
    ['pass', schemaCheck(JSON.parse('{"then": {"$ref": "#"}}')), '1'],
    // What stands beside a reference is not read in the older drafts.
    [
      'pass',
      schemaCheck({ $schema: draft7, $ref: '#/definitions/a', allOf: [{ $ref: '#' }], definitions: { a: true } }),
      '1',
    ],
  ]);
});

describe('a schema that refers to itself for the same part', () => {
  const endless = (field: string, reference: string) =>
    `schema.${field}: expected a reference that goes into a part of the answer: "${reference}" leads back to where it stands, so no answer could be held against it to the end`;
  test.each([
    [{ $ref: '#' }, endless('$ref', '#')],
    [{ allOf: [{ $ref: '#' }] }, endless('allOf.0.$ref', '#')],
    [{ anyOf: [{ type: 'string' }, { $ref: '#' }] }, endless('anyOf.1.$ref', '#')],
    [{ oneOf: [{ $ref: '#' }] }, endless('oneOf.0.$ref', '#')],
    [{ not: { $ref: '#' } }, endless('not.$ref', '#')],
    [JSON.parse('{"if": true, "then": {"$ref": "#"}}'), endless('then.$ref', '#')],
    [{ if: { $ref: '#' } }, endless('if.$ref', '#')],
    [{ if: true, else: { $ref: '#' } }, endless('else.$ref', '#')],
    [{ dependentSchemas: { a: { $ref: '#' } } }, endless('dependentSchemas.a.$ref', '#')],
    [{ dependencies: { a: ['b'], b: { $ref: '#' } } }, endless('dependencies.b.$ref', '#')],
    [{ $anchor: 'me', allOf: [{ $ref: '#me' }] }, endless('allOf.0.$ref', '#me')],
    [
      { $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } } },
      endless('$defs.a.$ref', '#/$defs/b'),
    ],
    [
      {
        $defs: { a: { allOf: [{ $ref: '#/$defs/b' }] }, b: { allOf: [{ $ref: '#/$defs/a' }] } },
        items: { $ref: '#/$defs/a' },
      },
      endless('$defs.a.allOf.0.$ref', '#/$defs/b'),
    ],
    [
      { items: { properties: { a: { $ref: '#/items/properties/a' } } } },
      endless('items.properties.a.$ref', '#/items/properties/a'),
    ],
    [
      { $schema: draft7, definitions: { a: { $ref: '#/definitions/a' } } },
      endless('definitions.a.$ref', '#/definitions/a'),
    ],
  ])('is refused: %j', (schema, refusal) => {
    expect(refusals(schemaCheck(schema))).toEqual([refusal]);
  });

  test('is refused in time however many references lead on', () => {
    const $defs = Object.fromEntries(
      Array.from({ length: 400 }, (_, index) => [`d${index}`, { $ref: `#/$defs/d${(index + 1) % 400}` }]),
    );
    const started = processorMs();
    expect(refusals(schemaCheck({ $defs }))).toHaveLength(1);
    expect(processorMs() - started).toBeLessThan(2_000);
  });
});

test('every schema of references is either refused or ends', () => {
  const name = fc.constantFrom('a', 'b', 'c');
  const node: fc.Arbitrary<object> = fc.oneof(
    name.map((to) => ({ $ref: `#/$defs/${to}` })),
    name.map((to) => ({ allOf: [{ $ref: `#/$defs/${to}` }] })),
    name.map((to) => ({ items: { $ref: `#/$defs/${to}` } })),
    name.map((to) => ({ properties: { x: { $ref: `#/$defs/${to}` } } })),
    fc.constant({ type: ['array', 'object', 'number'] }),
  );
  const schemas = fc.record({ a: node, b: node, c: node }).map(($defs) => ({ $ref: '#/$defs/a', $defs }));
  const answer = JSON.stringify([[[{ x: [1] }]]]);
  holds(
    fc.property(schemas, (schema) => {
      const refused = refusals(schemaCheck(schema)).length > 0;
      if (!refused) expect(judge(answer, schemaCheck(schema)).status).not.toBe('skipped');
    }),
    { numRuns: 300 },
  );
});
