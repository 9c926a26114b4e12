/** How an answer begins and ends, what it is wrapped in, and which characters it must do without. */
import * as z from 'zod/mini';
import { allQuoted, someQuoted } from './bounded-text.ts';
import type { CheckDefinition, Span } from './check.ts';
import { character, flag, phrase, settings } from './fields.ts';
import { folded } from './literal.ts';
import { unspacedOrKorean } from './scripts.ts';
import { excerpt, failed, passed } from './verdict.ts';

const edge = settings({ phrase, case_sensitive: flag(false) });
const nothing = settings({});
const characters = settings({
  characters: z
    .array(character, 'expected a list of single characters')
    .check(z.minLength(1, 'expected at least one character'), z.maxLength(100, 'expected at most 100 characters')),
});

/** The text as edges are compared: as it stands but for its white space and typographic quotes, or without regard to case. */
function comparable(text: string, caseSensitive: boolean): string {
  if (!caseSensitive) return folded(text);
  return text.normalize('NFC').replace(/[‘’]/g, "'").replace(/[“”]/g, '"').replace(/\s+/g, ' ').trim();
}

const unspaced = `[${unspacedOrKorean}]`;
const unspacedStart = new RegExp(`^${unspaced}`, 'u');
const unspacedEnd = new RegExp(`${unspaced}$`, 'u');

/** Whether the phrase is whole where it stands: "Theatre" does not start with "The". Scripts that are written without spaces have no word ends. */
function endsWord(phrase: string, after: string): boolean {
  return !/[\p{L}\p{N}]\p{M}*$/u.test(phrase) || unspacedEnd.test(phrase) || !/^[\p{L}\p{N}\p{M}]/u.test(after);
}

/** Whether the text ends with the phrase as words of its own: "weekend" does not end with "end". */
function endsWithWhole(text: string, phrase: string): boolean {
  if (!text.endsWith(phrase)) return false;
  const before = text.slice(0, text.length - phrase.length);
  return !/^[\p{L}\p{N}]/u.test(phrase) || unspacedStart.test(phrase) || !/[\p{L}\p{N}]\p{M}*$/u.test(before);
}

export const startsWith: CheckDefinition<typeof edge> = {
  summary: 'The answer begins with this phrase.',
  schema: edge,
  requirement: ({ phrase }) => `Begin the answer with "${phrase}".`,
  run: (text, settings) => {
    const wanted = comparable(settings.phrase, settings.case_sensitive);
    // Folding can shorten and lengthen a text, so some more than the phrase's length is looked at.
    const start = comparable(text.trimStart().slice(0, settings.phrase.length * 4 + 200), settings.case_sensitive);
    const measured = excerpt(text);
    if (start.startsWith(wanted) && endsWord(wanted, start.slice(wanted.length)))
      return passed({ message: 'The answer begins as wanted.', measured, expected: settings.phrase });
    const lead = text.length - text.trimStart().length;
    const span: Span = [lead, Math.min(text.length, lead + settings.phrase.length)];
    return failed({
      message: `Begin the answer with "${settings.phrase}".`,
      measured,
      expected: settings.phrase,
      span,
    });
  },
};

export const endsWith: CheckDefinition<typeof edge> = {
  summary: 'The answer ends with this phrase and nothing follows it (closing quotes and emphasis marks aside).',
  schema: edge,
  requirement: ({ phrase }) => `End the answer with "${phrase}" and write nothing after it.`,
  run: (text, settings) => {
    const wanted = comparable(settings.phrase, settings.case_sensitive);
    const tail = text.trimEnd().slice(-(settings.phrase.length * 4 + 200));
    const whole = comparable(tail, settings.case_sensitive);
    const measured = excerpt(tail.slice(-80));
    if (endsWithWhole(whole, wanted) || endsWithWhole(whole.replace(/["'*_]{1,8}$/, ''), wanted))
      return passed({ message: 'The answer ends as wanted.', measured, expected: settings.phrase });
    const end = text.trimEnd().length;
    const span: Span = [Math.max(0, end - settings.phrase.length), end];
    return failed({
      message: `End the answer with "${settings.phrase}" and write nothing after it.`,
      measured,
      expected: settings.phrase,
      span,
    });
  },
};

export const quoted: CheckDefinition<typeof nothing> = {
  summary: 'The whole answer is wrapped in double quotation marks (`"`).',
  schema: nothing,
  requirement: () => 'Wrap the whole answer in double quotation marks.',
  run: (text) => {
    const trimmed = text.trim();
    const measured = trimmed.length > 1 && trimmed.startsWith('"') && trimmed.endsWith('"');
    if (measured)
      return passed({ message: 'The answer is wrapped in double quotation marks.', measured, expected: true });
    return failed({
      message: 'Wrap the whole answer in double quotation marks: begin and end it with ".',
      measured,
      expected: true,
    });
  },
};

export const forbiddenCharacters: CheckDefinition<typeof characters> = {
  summary: 'Single characters that must not stand anywhere in the answer, such as `,` for an answer without commas.',
  schema: characters,
  requirement: ({ characters }) => `Do without ${allQuoted(characters)}.`,
  run: (text, settings) => {
    const unwanted = new Set(settings.characters);
    const used = new Set<string>();
    let times = 0;
    let first: Span | null = null;
    let at = 0;
    for (const each of text) {
      if (unwanted.has(each)) {
        first ??= [at, at + each.length];
        used.add(each);
        times += 1;
      }
      at += each.length;
    }
    const expected = { none: settings.characters };
    if (times === 0) return passed({ message: 'No forbidden character is used.', measured: 0, expected });
    const message = `You used ${someQuoted([...used])} ${times === 1 ? 'once' : `${times} times`}; write the answer without.`;
    return failed({ message, measured: times, expected, span: first });
  },
};
