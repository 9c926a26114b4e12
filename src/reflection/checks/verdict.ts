/** The three ways a verifier can answer. */
import { longest, withoutMiddle } from './bounded-text.ts';
import type { JsonValue, Span, Verdict } from './check.ts';

interface Finding {
  readonly message: string;
  readonly measured?: JsonValue;
  readonly expected?: JsonValue;
  readonly span?: Span | null;
}

export function passed({ message, measured = null, expected = null }: Finding): Verdict {
  return { status: 'pass', message: withoutMiddle(message, longest.message), measured, expected, span: null };
}

export function failed({ message, measured = null, expected = null, span = null }: Finding): Verdict {
  // An empty text has no place to point at.
  const pointed = span && span[0] < span[1] ? span : null;
  return { status: 'fail', message: withoutMiddle(message, longest.message), measured, expected, span: pointed };
}

/** The check could not tell: it counts neither for nor against the answer. */
export function skipped(message: string, expected: JsonValue = null): Verdict {
  return { status: 'skipped', message: withoutMiddle(message, longest.message), measured: null, expected, span: null };
}

/** A piece of the answer as a message may show it: one line, at most 80 characters. */
export function excerpt(text: string): string {
  const line = text.slice(0, 400).replace(/\s+/g, ' ').trim();
  const characters = Array.from(line);
  return characters.length > 80 ? `${characters.slice(0, 79).join('')}…` : line;
}

/** `2 words`, `1 word`. */
export function counted(count: number, unit: Unit): string {
  return `${count} ${count === 1 ? unit.one : unit.many}`;
}

/** `There are 2 words`, `There is 1 word`. */
export function thereAre(count: number, unit: Unit): string {
  return `There ${count === 1 ? 'is' : 'are'} ${counted(count, unit)}`;
}

/** How often a phrase or a character stands in an answer. */
export function occurrencesOf(phrase: string): Unit {
  return { one: `occurrence of "${phrase}"`, many: `occurrences of "${phrase}"` };
}

export interface Unit {
  readonly one: string;
  readonly many: string;
}
