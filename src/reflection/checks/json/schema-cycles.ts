/**
 * References that lead back to where they stand. A schema may refer to itself for a part of the value (a tree's children); one that refers to itself
 * for the same value could be followed without end.
 */
import type { Schema } from '@cfworker/json-schema';

/** Keywords whose schemas are held against the same value as the schema that they stand in. `then` and `else` are read beside an `if` only. */
const sameValue = {
  one: ['not', 'if'],
  conditional: ['then', 'else'],
  list: ['allOf', 'anyOf', 'oneOf'],
  byName: ['dependentSchemas', 'dependencies'],
} as const;

export interface References {
  /** Every schema, the outer ones first. */
  readonly nodes: readonly Schema[];
  /** What a schema's `$ref` leads to. */
  readonly target: (node: Schema) => Schema | boolean | undefined;
  /** Whether nothing beside a `$ref` is read, as in drafts 4 to 7. */
  readonly refAlone: boolean;
}

/** The first schema whose `$ref` is part of a circle on one value; undefined where every way ends. */
export function endlessReference({ nodes, target, refAlone }: References): Schema | undefined {
  const ended = new Set<Schema>();
  // The way from where the search began. As deep as there are schemas, which are bounded.
  const way = new Set<Schema>();
  const search = (node: Schema): Schema | undefined => {
    if (ended.has(node)) return undefined;
    if (way.has(node)) {
      const steps = [...way];
      return steps.slice(steps.indexOf(node)).find((step) => step.$ref !== undefined);
    }
    way.add(node);
    for (const next of nextOf(node, target(node), refAlone)) {
      const found = search(next);
      if (found) return found;
    }
    way.delete(node);
    ended.add(node);
    return undefined;
  };
  for (const node of nodes) {
    const found = search(node);
    if (found) return found;
  }
  return undefined;
}

/** The schemas that a value is held against because it is held against this one. */
function nextOf(node: Schema, target: Schema | boolean | undefined, refAlone: boolean): Schema[] {
  if (node.$ref !== undefined && refAlone) return [target].filter(isSchema);
  const single = node['if'] === undefined ? sameValue.one : [...sameValue.one, ...sameValue.conditional];
  const beside: unknown[] = [
    ...single.map((keyword) => node[keyword]),
    ...sameValue.list.flatMap((keyword) => node[keyword] ?? []),
    ...sameValue.byName.flatMap((keyword) => Object.values(node[keyword] ?? {})),
  ];
  return [target, ...beside].filter(isSchema);
}

/** `true` and `false` lead nowhere, and neither do the names that a dependency may list. */
function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
