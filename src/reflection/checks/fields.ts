/** The fields that settings are made of. Each names what it expected, because zod/mini carries no messages of its own. */
import * as z from 'zod/mini';

/** A row's settings: unknown fields are refused. */
export function settings<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.strictObject(shape, 'expected an object with the fields of this check');
}

export const count = z
  .int('expected a whole number')
  .check(z.gte(0, 'expected 0 or more'), z.lte(1_000_000, 'expected at most 1000000'));

export const phrase = z.string('expected a text').check(
  z.maxLength(1_000, 'expected at most 1000 characters'),
  z.refine((text) => text.trim() !== '', 'expected a text that is not blank'),
);

export const phrases = z
  .array(phrase, 'expected a list of texts')
  .check(z.minLength(1, 'expected at least one text'), z.maxLength(100, 'expected at most 100 texts'));

/** One character as a reader sees it in most scripts: one code point. */
export const character = z
  .string('expected a character')
  .check(z.refine((text) => Array.from(text).length === 1, 'expected one character'));

export function flag(byDefault: boolean) {
  return z._default(z.boolean('expected true or false'), byDefault);
}

export function oneOf<const Names extends readonly [string, ...string[]]>(names: Names, byDefault: Names[number]) {
  return z._default(z.enum(names, `expected one of: ${names.join(', ')}`), byDefault);
}

/** Where paragraphs end: at blank lines, or wherever this text stands. */
export const separator = z.optional(phrase);
