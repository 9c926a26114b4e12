/**
 * JSON Schema through @cfworker/json-schema, made safe for schemas that callers send: known keywords only, each of the right shape; no references out
 * of the schema; bounded in size, depth and work. Patterns run on RE2, because the library would run them on the engine's backtracking RegExp.
 */
import { dereference, format, type Schema, type SchemaDraft, validate } from '@cfworker/json-schema';
import type { RE2JS } from 're2js';
import { literalSource } from './literal.ts';
import { compilePattern } from './pattern.ts';

const limits = { characters: 32_768, depth: 32, nodes: 1_000, patterns: 32, steps: 500_000, names: 500, uniqueItems: 1_000 } as const;

/** Thrown when an answer would take too long to hold against the schema. */
export class TooCostly extends Error {
  constructor(what: string) {
    super(`The answer is too large to be held against the schema: ${what}.`);
    this.name = 'TooCostly';
  }
}

export interface SchemaProblem {
  /** Where in the answer, as a JSON pointer fragment: `#/items/0`. */
  readonly pointer: string;
  readonly keyword: string;
  readonly message: string;
}

export type CompiledSchema =
  | { readonly ok: true; readonly validate: (value: unknown) => SchemaProblem[] }
  | { readonly ok: false; readonly path: readonly (string | number)[]; readonly problem: string };

type Kind = 'any' | 'list' | 'text' | 'texts' | 'textsByName' | 'number' | 'count' | 'bound' | 'truth' | 'type' | 'pattern' | 'format' | 'reference';
type SubschemaKind = 'schema' | 'schemas' | 'schemaOrSchemas' | 'schemaByName' | 'schemaByPattern' | 'schemaOrTextsByName';

const keywords: Readonly<Record<string, Kind | SubschemaKind>> = {
  $ref: 'reference', $anchor: 'text', $defs: 'schemaByName', definitions: 'schemaByName',
  type: 'type', const: 'any', enum: 'list', required: 'texts',
  not: 'schema', anyOf: 'schemas', allOf: 'schemas', oneOf: 'schemas', if: 'schema', then: 'schema', else: 'schema',
  format: 'format', pattern: 'pattern', minLength: 'count', maxLength: 'count',
  properties: 'schemaByName', patternProperties: 'schemaByPattern', additionalProperties: 'schema', unevaluatedProperties: 'schema',
  propertyNames: 'schema', minProperties: 'count', maxProperties: 'count',
  dependentRequired: 'textsByName', dependentSchemas: 'schemaByName', dependencies: 'schemaOrTextsByName',
  prefixItems: 'schemas', items: 'schemaOrSchemas', additionalItems: 'schema', unevaluatedItems: 'schema',
  contains: 'schema', minContains: 'count', maxContains: 'count', minItems: 'count', maxItems: 'count', uniqueItems: 'truth',
  minimum: 'number', maximum: 'number', exclusiveMinimum: 'bound', exclusiveMaximum: 'bound', multipleOf: 'number',
}; // biome-format is told nothing: one line a family reads best

const types = new Set(['array', 'boolean', 'integer', 'null', 'number', 'object', 'string']);
// Meant for readers: they change no verdict, so they are left out of what runs.
const annotations = new Set(['$schema', '$comment', 'title', 'description', 'default', 'examples', 'example', 'deprecated', 'readOnly', 'writeOnly', 'contentMediaType', 'contentEncoding']);
