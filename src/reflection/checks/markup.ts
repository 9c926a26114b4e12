/** What an answer is built of: list items, numbered sections, a title, highlights and placeholders. */
import * as z from 'zod/mini';
import { withoutFences } from './blocks.ts';
import { bounded, countRequirement, judgeCount } from './bounds.ts';
import type { CheckDefinition, Span } from './check.ts';
import { flag, oneOf, phrase, settings } from './fields.ts';
import { literalSource } from './literal.ts';
import { excerpt, failed, passed, type Unit } from './verdict.ts';

const nothing = settings({});
const listed = z.safeExtend(bounded, { style: oneOf(['bullet', 'numbered', 'any'], 'bullet') });
const marked = z.safeExtend(bounded, { marker: z._default(phrase, 'Section'), case_sensitive: flag(false) });

const listItems: Readonly<Record<'bullet' | 'numbered' | 'any', Unit>> = {
  bullet: { one: 'bullet point', many: 'bullet points' },
  numbered: { one: 'numbered list item', many: 'numbered list items' },
  any: { one: 'list item', many: 'list items' },
};
const highlights: Unit = { one: 'part highlighted with *asterisks*', many: 'parts highlighted with *asterisks*' };
const placeholders: Unit = { one: 'placeholder in [square brackets]', many: 'placeholders in [square brackets]' };

function markedSections(marker: string): Unit {
  return { one: `section that begins with "${marker} 1"`, many: `sections that begin with "${marker} 1" and so on` };
}

function spans(text: string, pattern: RegExp): Span[] {
  return Array.from(text.matchAll(pattern), (match) => [match.index, match.index + match[0].length] as const);
}

// A rule such as `* * *` is no list item.
const itemPatterns = {
  bullet: /^[^\S\r\n]*[-*+•][^\S\r\n]+(?![-*_ \t]+$)\S[^\r\n]*/gm,
  numbered: /^[^\S\r\n]*\d{1,3}[.)][^\S\r\n]+\S[^\r\n]*/gm,
  any: /^[^\S\r\n]*(?:[-*+•]|\d{1,3}[.)])[^\S\r\n]+(?![-*_ \t]+$)\S[^\r\n]*/gm,
} as const;

export const bulletCount: CheckDefinition<typeof listed> = {
  summary: 'How many list items the answer has: bullets (`-`, `*`, `+`, `•`), numbered items, or either.',
  schema: listed,
  requirement: (settings) => countRequirement(settings, listItems[settings.style]),
  run: (text, settings) =>
    judgeCount(spans(withoutFences(text), itemPatterns[settings.style]), settings, listItems[settings.style]),
};

export const sectionCount: CheckDefinition<typeof marked> = {
  summary: 'How many sections the answer has, each begun by a line with the marker and a number, such as `Section 1`.',
  schema: marked,
  requirement: (settings) => countRequirement(settings, markedSections(settings.marker)),
  run: (text, settings) => {
    const start = `^[^\\S\\r\\n]*(?:[#*_>"“]{1,6}[^\\S\\r\\n]*){0,3}${literalSource(settings.marker)}[^\\S\\r\\n]*(?:\\d+|[IVXLC]+\\b)`;
    const pattern = new RegExp(start, settings.case_sensitive ? 'gmu' : 'gimu');
    return judgeCount(spans(text, pattern), settings, markedSections(settings.marker));
  },
};

export const title: CheckDefinition<typeof nothing> = {
  summary: 'The answer holds a title in double angle brackets, such as `<<On Rivers>>`.',
  schema: nothing,
  requirement: () => 'Give the answer a title in double angle brackets, such as <<Title>>.',
  run: (text) => {
    const found = text.match(/<<(?=[^\S\r\n]*[^<>\s])[^<>\r\n]+>>/)?.[0];
    if (found !== undefined)
      return passed({ message: 'There is a title.', measured: excerpt(found), expected: '<<title>>' });
    return failed({
      message: 'Give the answer a title in double angle brackets, such as <<Title>>.',
      expected: '<<title>>',
    });
  },
};

export const highlightCount: CheckDefinition<typeof bounded> = {
  summary: 'How many parts of the answer are highlighted with asterisks: `*so*`, `**so**`.',
  schema: bounded,
  requirement: (settings) => countRequirement(settings, highlights),
  run: (text, settings) => judgeCount(spans(text, /(\*{1,3})[^\s*](?:[^\r\n*]*[^\s*])?\1/g), settings, highlights),
};

export const placeholderCount: CheckDefinition<typeof bounded> = {
  summary:
    'How many placeholders in square brackets the answer has, such as `[name]`; links and ticked boxes are none.',
  schema: bounded,
  requirement: (settings) => countRequirement(settings, placeholders),
  run: (text, settings) => judgeCount(spans(text, /\[(?![ xX]?\])[^[\]\r\n]+\](?!\()/g), settings, placeholders),
};
