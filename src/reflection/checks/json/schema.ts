/**
 * JSON Schema through @cfworker/json-schema, made safe for schemas that callers send: known keywords only, each of the right shape; no references out
 * of the schema; bounded in size, depth and work. Patterns run on RE2, because the library would run them on the engine's backtracking RegExp.
 */
import { dereference, format, type Schema, type SchemaDraft, validate } from '@cfworker/json-schema';
import { ComputeBudget } from '../../compute-budget.ts';
import { escaped } from '../literal.ts';
import { type Pattern, patternOfRun } from '../pattern.ts';
import { endlessReference } from './schema-cycles.ts';
import { isList, isObject, isText, isTexts, type Kind, kindOf, values } from './schema-keywords.ts';
import { reworded } from './schema-wording.ts';

const limits = {
  characters: 32_768,
  depth: 32,
  nodes: 1_000,
  patterns: 32,
  steps: 500_000,
  names: 500,
  uniqueItems: 1_000,
} as const;

/** Measured: steps of computing for one unit of a look at a node, and for one character of a schema that is read. */
const stepsPerLook = 4;
const stepsPerCharacter = 2;

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
  | { readonly ok: true; readonly validate: (value: unknown) => SchemaProblem | undefined }
  | { readonly ok: false; readonly path: readonly (string | number)[]; readonly problem: string };

// The library's own takes a leading zero, which some readers take for octal; the JSON Schema Test Suite refuses it.
const quad = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;
format['ipv4'] = (text) => quad.test(text);

type Path = readonly (string | number)[];

class RefusedSchema extends Error {
  readonly path: Path;

  constructor(path: Path, problem: string) {
    super(problem);
    this.name = 'RefusedSchema';
    this.path = path;
  }
}

/** What grows while a schema is copied. */
interface Copying {
  /** Every property name of the answer: patterns over names are turned into lists of these. */
  readonly names: readonly string[];
  readonly nodes: { readonly node: Schema; readonly path: Path }[];
  readonly patterns: Pattern[];
  /** Pays for the patterns and for every look at a node. */
  readonly budget: ComputeBudget;
  /** How many comparisons `uniqueItems` may take in this answer. */
  readonly comparisons: number;
  steps: number;
}

const compiled = new WeakMap<ComputeBudget, Map<unknown, CompiledSchema>>();

/** As `compileSchema`, once for each budget, which pays for it. Throws `ComputeSpent`. */
export function schemaOfRun(schema: unknown, budget: ComputeBudget): CompiledSchema {
  const schemas = compiled.get(budget) ?? new Map<unknown, CompiledSchema>();
  compiled.set(budget, schemas);
  const known = schemas.get(schema) ?? compileSchema(schema, budget);
  schemas.set(schema, known);
  return known;
}

/** Reads a schema and gives its validator, or says what is wrong and where. `budget` pays for this and for validating. */
export function compileSchema(
  schema: unknown,
  budget: ComputeBudget = new ComputeBudget(Number.POSITIVE_INFINITY),
): CompiledSchema {
  try {
    if (JSON.stringify(schema).length > limits.characters)
      throw new RefusedSchema([], `expected a schema of at most ${limits.characters} characters`);
    refuseEndless(schema, prepare(schema, { names: [], comparisons: 0, budget }));
  } catch (error) {
    if (error instanceof RefusedSchema) return { ok: false, path: error.path, problem: error.message };
    throw error;
  }
  return { ok: true, validate: (value) => firstProblem(schema, value, budget) };
}

function refuseEndless(schema: unknown, { lookup, copying }: ReturnType<typeof prepare>): void {
  const endless = endlessReference({
    nodes: copying.nodes.map(({ node }) => node),
    target: ({ __absolute_ref__ }) => (__absolute_ref__ === undefined ? undefined : lookup[__absolute_ref__]),
    refAlone: ['4', '7'].includes(draftOf(schema)),
  });
  const path = copying.nodes.find(({ node }) => node === endless)?.path;
  if (!endless || !path) return;
  const problem = `"${endless.$ref}" leads back to where it stands, so no answer could be held against it to the end`;
  throw new RefusedSchema([...path, '$ref'], `expected a reference that goes into a part of the answer: ${problem}`);
}

function prepare(schema: unknown, given: Pick<Copying, 'names' | 'comparisons' | 'budget'>) {
  const copying: Copying = { ...given, nodes: [], patterns: [], steps: 0 };
  // The root's own address says nothing within the schema.
  const { $id: _, id: __, ...root } = isObject(schema) ? schema : {};
  const copy = copySchema(isObject(schema) ? root : schema, [], copying);
  const lookup = dereference(copy);
  for (const { node, path } of copying.nodes) {
    const target = node.__absolute_ref__;
    if (target !== undefined && lookup[target] === undefined)
      throw new RefusedSchema([...path, '$ref'], `"${node.$ref}" is not in this schema`);
  }
  return { copy, lookup, copying };
}

function copySchema(schema: unknown, path: Path, copying: Copying): Schema | boolean {
  if (typeof schema === 'boolean') return schema;
  if (!isObject(schema)) throw new RefusedSchema(path, 'expected a schema: an object, true or false');
  if (path.length > limits.depth * 2)
    throw new RefusedSchema(path, `expected a schema nested at most ${limits.depth} deep`);
  const node: Schema = {};
  copying.nodes.push({ node, path });
  if (copying.nodes.length > limits.nodes)
    throw new RefusedSchema(path, `expected a schema of at most ${limits.nodes} parts`);
  for (const [keyword, value] of Object.entries(schema)) {
    const kind = kindOf.get(keyword);
    // JSON Schema ignores what it does not know, annotations among it.
    if (kind !== undefined) copyKeyword(node, keyword, kind, value, [...path, keyword], copying);
  }
  countSteps(node, copying);
  return node;
}

function copyKeyword(node: Schema, keyword: string, kind: Kind, value: unknown, path: Path, copying: Copying): void {
  const copyEach = (map: unknown, copyOne: (each: unknown, at: Path) => unknown): [string, unknown][] => {
    if (!isObject(map)) throw new RefusedSchema(path, 'expected an object');
    return Object.entries(map).map(([name, each]) => [name, copyOne(each, [...path, name])]);
  };
  const copyOne = (each: unknown, at: Path) => copySchema(each, at, copying);
  if (kind === 'schema' || (kind === 'schemaOrSchemas' && !isList(value))) node[keyword] = copyOne(value, path);
  else if (kind === 'schemas' || kind === 'schemaOrSchemas') {
    if (!isList(value)) throw new RefusedSchema(path, 'expected a list of schemas');
    node[keyword] = [...(node[keyword] ?? []), ...value.map((each, index) => copyOne(each, [...path, index]))];
  } else if (kind === 'schemaByName') node[keyword] = Object.fromEntries(copyEach(value, copyOne));
  else if (kind === 'schemaOrTextsByName')
    node[keyword] = Object.fromEntries(copyEach(value, (each, at) => (isTexts(each) ? each : copyOne(each, at))));
  else if (kind === 'schemaByPattern') {
    const entries = copyEach(value, copyOne).map(
      ([source, each]) => [namesPattern(source, [...path, source], copying), each] as const,
    );
    node[keyword] = Object.fromEntries(entries);
  } else copyValue(node, keyword, kind, value, path, copying);
}

function copyValue(node: Schema, keyword: string, kind: Kind, value: unknown, path: Path, copying: Copying): void {
  const [accepts, expected] = values[kind] ?? [];
  if (accepts && !accepts(value)) throw new RefusedSchema(path, `expected ${expected}`);
  if (kind === 'pattern')
    node.allOf = [...(node.allOf ?? []), { format: `re2 ${addPattern(String(value), path, copying)}` }];
  // The library's pattern for this format of its own backtracks exponentially; "uri" is the standard one.
  else node[keyword] = keyword === 'format' && value === 'url' ? 'uri' : value;
}

function addPattern(source: string, path: Path, { patterns, budget }: Copying): number {
  const read = patternOfRun(source, '', budget);
  if (!read.ok) throw new RefusedSchema(path, read.problem);
  if (patterns.length >= limits.patterns)
    throw new RefusedSchema(path, `expected at most ${limits.patterns} patterns in a schema`);
  return patterns.push(read.pattern) - 1;
}

/** A pattern over property names as a plain list of those of the answer's names that it matches: nothing is left to backtrack. */
function namesPattern(source: string, path: Path, copying: Copying): string {
  const index = addPattern(source, path, copying);
  const matching = copying.names.filter((name) => copying.patterns[index]?.find(name, copying.budget));
  const listed = matching.length === 0 ? '[]' : `^(?:${matching.map(escaped).join('|')})$`;
  // Two patterns may match the same names, and must stay two keys.
  return listed + '(?:)'.repeat(index);
}

/** Counts every time the library looks at this node. It reads this keyword once a visit, and we support no value of it. */
function countSteps(node: Schema, copying: Copying): void {
  const listed = JSON.stringify(node.enum ?? node.const ?? node.required)?.length ?? 0;
  const weight =
    1 + Object.keys(node).length + listed / 16 + (node.uniqueItems === true ? copying.comparisons / 16 : 0);
  Object.defineProperty(node, '$recursiveAnchor', {
    enumerable: false,
    get() {
      copying.steps += weight;
      if (copying.steps > limits.steps) throw new TooCostly('it takes too many steps');
      copying.budget.spend(weight * stepsPerLook);
      return undefined;
    },
  });
}

// Errors of these say only that something below them is wrong; it stands right after them.
const wrappers = new Set(
  '$ref allOf if then else properties patternProperties propertyNames dependentSchemas dependencies items prefixItems additionalItems'.split(
    ' ',
  ),
);

/** Holds a value against the schema; the first thing that is wrong is told at its own place. Throws `TooCostly` and `ComputeSpent`. */
function firstProblem(schema: unknown, value: unknown, budget: ComputeBudget): SchemaProblem | undefined {
  const { names, longestArray, size } = survey(value);
  budget.spend(JSON.stringify(schema).length * stepsPerCharacter + size);
  const { copy, lookup, copying } = prepare(schema, { names, comparisons: longestArray * size, budget });
  const has = (keyword: string) => copying.nodes.some(({ node }) => node[keyword] !== undefined);
  if (names.length > limits.names && has('patternProperties')) throw new TooCostly('it has too many property names');
  if (longestArray > limits.uniqueItems && has('uniqueItems'))
    throw new TooCostly('its arrays are too long to compare all items');
  // The library has no other way in for a test of strings. Validation is synchronous, so nobody else sees these entries.
  for (const [index, pattern] of copying.patterns.entries())
    format[`re2 ${index}`] = (text) => pattern.find(text, budget) !== undefined;
  const { errors } = validate(value, copy, draftOf(schema), lookup, true);
  const problem = errors.find(({ keyword }) => !wrappers.has(keyword)) ?? errors[0];
  if (!problem) return undefined;
  const { instanceLocation: pointer, keyword, error } = problem;
  const pattern = copying.patterns[Number(/format "re2 (\d+)"/.exec(error)?.[1] ?? -1)];
  if (!pattern) return { pointer, keyword, message: reworded(keyword, error) };
  return { pointer, keyword: 'pattern', message: `String does not match the pattern "${pattern.source}".` };
}

/** Every property name in a JSON value, the length of its longest array, and how many values it holds. */
function survey(value: unknown): {
  readonly names: readonly string[];
  readonly longestArray: number;
  readonly size: number;
} {
  const names = new Set<string>();
  const rest = [value];
  let longestArray = 0;
  let size = 0;
  while (rest.length > 0) {
    const next = rest.pop();
    size += 1;
    if (isList(next)) {
      longestArray = Math.max(longestArray, next.length);
      for (const each of next) rest.push(each);
    } else if (isObject(next)) {
      for (const [name, each] of Object.entries(next)) {
        names.add(name);
        rest.push(each);
      }
    }
  }
  return { names: [...names], longestArray, size };
}

/** The draft that the schema names, or the one whose `items` it uses. */
function draftOf(schema: unknown): SchemaDraft {
  const text = isObject(schema) && isText(schema['$schema']) ? schema['$schema'] : '';
  if (text.includes('draft-04')) return '4';
  if (text.includes('draft-07') || text.includes('draft-06')) return '7';
  return text.includes('2019-09') || /"items":\[/.test(JSON.stringify(schema)) ? '2019-09' : '2020-12';
}
