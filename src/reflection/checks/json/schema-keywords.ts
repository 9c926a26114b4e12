/** The keywords of JSON Schema that we know, and what may stand under each. Those that lead out of the schema are refused. */

/** What stands under each keyword, by kind: subschemas first, then values. */
const keywordsByKind = {
  schema:
    'not if then else additionalProperties unevaluatedProperties propertyNames additionalItems unevaluatedItems contains',
  schemas: 'anyOf allOf oneOf prefixItems',
  schemaOrSchemas: 'items',
  schemaByName: '$defs definitions properties dependentSchemas',
  schemaByPattern: 'patternProperties',
  schemaOrTextsByName: 'dependencies',
  any: 'const',
  list: 'enum',
  text: '$anchor format',
  texts: 'required',
  textsByName: 'dependentRequired',
  number: 'minimum maximum',
  positive: 'multipleOf',
  bound: 'exclusiveMinimum exclusiveMaximum',
  count: 'minLength maxLength minProperties maxProperties minContains maxContains minItems maxItems',
  truth: 'uniqueItems',
  type: 'type',
  pattern: 'pattern',
  reference: '$ref',
  unusable: '$recursiveRef $recursiveAnchor $dynamicRef $dynamicAnchor $id id',
} as const;

export type Kind = keyof typeof keywordsByKind;

export const kindOf: ReadonlyMap<string, Kind> = new Map(
  (Object.keys(keywordsByKind) as Kind[]).flatMap((kind) =>
    keywordsByKind[kind].split(' ').map((keyword) => [keyword, kind] as const),
  ),
);

const types = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'];
export const isText = (value: unknown): value is string => typeof value === 'string';
export const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
export const isTexts = (value: unknown): boolean => isList(value) && value.every(isText);
export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !isList(value);

/** What a value must be, and how a refusal says so. */
export const values: Partial<Record<Kind, readonly [accepts: (value: unknown) => boolean, expected: string]>> = {
  list: [isList, 'a list'],
  text: [isText, 'a text'],
  texts: [isTexts, 'a list of texts'],
  textsByName: [(value) => isObject(value) && Object.values(value).every(isTexts), 'an object of lists of texts'],
  number: [(value) => typeof value === 'number', 'a number'],
  positive: [(value) => typeof value === 'number' && value > 0, 'a number above 0'],
  bound: [(value) => typeof value === 'number' || typeof value === 'boolean', 'a number'],
  count: [(value) => Number.isInteger(value) && Number(value) >= 0, 'a whole number, 0 or more'],
  truth: [(value) => typeof value === 'boolean', 'true or false'],
  type: [
    (value) => (isList(value) ? value : [value]).every((each) => isText(each) && types.includes(each)),
    `one of ${types.join(', ')}, or a list of them`,
  ],
  pattern: [isText, 'a text'],
  reference: [
    (value) => isText(value) && value.startsWith('#'),
    'a reference within this schema, such as "#/$defs/item"',
  ],
  unusable: [() => false, 'nothing: this keyword is not supported'],
};
