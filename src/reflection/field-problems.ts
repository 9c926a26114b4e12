/** What of a body was wrong, in words: each bad field by its name, and what was expected there. */
import type * as z from 'zod/mini';
import type { FieldProblem } from '../errors.ts';
import { checkCode } from './declared-checks.ts';
import { meantName } from './did-you-mean.ts';

/** The names that are known at a place, for whoever wrote another. */
export type KnownNames = (path: readonly PropertyKey[]) => readonly string[];

/** How much of a bad body is reported, so that the reply stays short for any body. */
const told = { fields: 20, fieldCharacters: 80, messageCharacters: 600 } as const;

/** zod's issues as one problem a field, unknown fields by their own names; of very many the first ones, and how many more there are. */
export function fieldProblems(
  issues: readonly z.core.$ZodIssue[],
  names: KnownNames = () => [],
  value: unknown = undefined,
): FieldProblem[] {
  // zod also checks the length of a value that has the wrong type.
  const mistyped = new Set(issues.filter(({ code }) => code === 'invalid_type').map(({ path }) => fieldPath(path)));
  let more = 0;
  const problems: FieldProblem[] = issues.flatMap((issue) => {
    if ((issue.code === 'too_small' || issue.code === 'too_big') && mistyped.has(fieldPath(issue.path))) return [];
    if (issue.code === 'unrecognized_keys') {
      more += Math.max(0, issue.keys.length - told.fields);
      return issue.keys.slice(0, told.fields).map((key) => ({
        field: fieldPath([...issue.path, key]),
        message: unknownName('unknown field', key, names(issue.path)),
      }));
    }
    const message = cut(issue.message, told.messageCharacters);
    const isType = issue.code === 'invalid_union' && issue.path.at(-1) === 'type';
    const written = isType ? valueAt(value, issue.path) : undefined;
    if (typeof written === 'string')
      return [
        { field: fieldPath(issue.path), message: unknownName(message, written, Object.keys(checkCode().checks)) },
      ];
    return [{ field: fieldPath(issue.path), message }];
  });
  more += Math.max(0, problems.length - told.fields);
  return more > 0 ? [...problems.slice(0, told.fields), { field: '', message: `and ${more} more` }] : problems;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((held, part) => Object(held)[part], value);
}

function unknownName(message: string, written: string, known: readonly string[]): string {
  const meant = meantName(written, known);
  return meant === undefined ? message : `${message}; did you mean \`${meant}\`?`;
}

function cut(text: string, characters: number): string {
  return text.length > characters ? `${text.slice(0, characters - 1)}…` : text;
}

function fieldPath(path: readonly PropertyKey[]): string {
  const whole = path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text ? `${text}.${String(part)}` : String(part);
  }, '');
  return cut(whole, told.fieldCharacters);
}
