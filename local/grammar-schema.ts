/**
 * Brings a JSON Schema into the subset that node-llama-cpp turns into a grammar. What a grammar cannot express but may leave open
 * (patterns, ranges of numbers) is dropped; what would make it wrong (references in a circle, unknown shapes) gives undefined, and
 * the answer is then generated without a grammar. https://node-llama-cpp.withcat.ai/guide/grammar#json-schema
 */
import type { GbnfJsonSchema } from 'node-llama-cpp';
import * as z from 'zod/mini';

/** Deeper than any schema that a model fills in sensibly; also what ends references in a circle. */
const deepest = 24;
/** A grammar grows with its schema; an endless one would keep the server busy instead of the model. */
const mostNodes = 2000;

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const record = z.record(z.string(), z.unknown());
const size = z.int().check(z.gte(0), z.lte(1000));
const basicTypes = ['string', 'number', 'integer', 'boolean', 'null'] as const;
type BasicType = (typeof basicTypes)[number];

interface Walk {
  readonly root: Readonly<Record<string, unknown>>;
  nodes: number;
}

/** The schema in the grammar's subset, or undefined when it cannot be expressed there. */
export function toGrammarSchema(root: Readonly<Record<string, unknown>>): GbnfJsonSchema | undefined {
  return convert(root, { root, nodes: 0 }, 0);
}

function convert(value: unknown, walk: Walk, depth: number): GbnfJsonSchema | undefined {
  walk.nodes += 1;
  const schema = record.safeParse(value);
  if (!schema.success || depth > deepest || walk.nodes > mostNodes) return undefined;
  const { data } = schema;
  if (data['$ref'] !== undefined) return convert(resolveReference(data['$ref'], walk.root), walk, depth + 1);
  const alternatives = data['oneOf'] ?? data['anyOf'];
  if (alternatives !== undefined) return convertAlternatives(alternatives, walk, depth);
  if (data['const'] !== undefined) return convertEnum([data['const']]);
  if (data['enum'] !== undefined) return convertEnum(data['enum']);
  if (data['type'] === 'object') return convertObject(data, walk, depth);
  if (data['type'] === 'array') return convertArray(data, walk, depth);
  if (data['type'] === 'string') return convertString(data);
  return convertBasic(data['type'], data, walk, depth);
}

function convertAlternatives(value: unknown, walk: Walk, depth: number): GbnfJsonSchema | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const oneOf = convertAll(value, walk, depth);
  return oneOf && { oneOf };
}

function convertEnum(value: unknown): GbnfJsonSchema | undefined {
  const choices = z.array(scalar).check(z.minLength(1)).safeParse(value);
  return choices.success ? { enum: choices.data } : undefined;
}

function convertObject(data: Record<string, unknown>, walk: Walk, depth: number): GbnfJsonSchema | undefined {
  const named = record.safeParse(data['properties'] ?? {});
  if (!named.success) return undefined;
  const keys = Object.keys(named.data);
  const schemas = convertAll(Object.values(named.data), walk, depth);
  if (!schemas) return undefined;
  const entries = keys.flatMap((key, index) => {
    const schema = schemas[index];
    return schema ? [[key, schema] as const] : [];
  });
  const properties = Object.fromEntries(entries);
  // Without named properties, the object is a free one: the grammar would otherwise allow only `{}`.
  const additional = data['additionalProperties'];
  if (entries.length === 0 && additional !== false) return { type: 'object', properties, additionalProperties: true };
  return { type: 'object', properties };
}

function convertArray(data: Record<string, unknown>, walk: Walk, depth: number): GbnfJsonSchema | undefined {
  const minItems = size.safeParse(data['minItems']).data;
  const maxItems = size.safeParse(data['maxItems']).data;
  const bounds = { ...(minItems === undefined ? {} : { minItems }), ...(maxItems === undefined ? {} : { maxItems }) };
  if (data['items'] === undefined) return { type: 'array', ...bounds };
  const items = convert(data['items'], walk, depth + 1);
  return items && { type: 'array', items, ...bounds };
}

function convertString(data: Record<string, unknown>): GbnfJsonSchema {
  const minLength = size.safeParse(data['minLength']).data;
  const maxLength = size.safeParse(data['maxLength']).data;
  return {
    type: 'string',
    ...(minLength === undefined ? {} : { minLength }),
    ...(maxLength === undefined ? {} : { maxLength }),
  };
}

function convertBasic(
  type: unknown,
  data: Record<string, unknown>,
  walk: Walk,
  depth: number,
): GbnfJsonSchema | undefined {
  if (isBasic(type)) return { type };
  if (!Array.isArray(type) || type.length === 0) return undefined;
  // `type: ["object", "null"]`: each type is an alternative of its own.
  return convertAlternatives(
    type.map((each) => ({ ...data, type: each })),
    walk,
    depth,
  );
}

function isBasic(type: unknown): type is BasicType {
  return basicTypes.some((basic) => basic === type);
}

function convertAll(values: readonly unknown[], walk: Walk, depth: number): readonly GbnfJsonSchema[] | undefined {
  const converted: GbnfJsonSchema[] = [];
  for (const value of values) {
    const schema = convert(value, walk, depth + 1);
    if (!schema) return undefined;
    converted.push(schema);
  }
  return converted;
}

/** `#/$defs/name` and the like; anything else is undefined. */
function resolveReference(reference: unknown, root: Readonly<Record<string, unknown>>): unknown {
  if (typeof reference !== 'string' || !reference.startsWith('#/')) return undefined;
  let value: unknown = root;
  for (const segment of reference.slice(2).split('/')) {
    const holder = record.safeParse(value);
    if (!holder.success) return undefined;
    value = holder.data[segment.replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  return value;
}
