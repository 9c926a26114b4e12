/** What an answer is built of: list items, numbered sections, a title, highlights and placeholders. */
import * as z from 'zod/mini';
import { withoutFences } from './blocks.ts';
import { bounded, judgeCount } from './bounds.ts';
import type { CheckDefinition, Span } from './check.ts';
import { flag, oneOf, phrase, settings } from './fields.ts';
import { literalSource } from './literal.ts';
import { excerpt, failed, passed } from './verdict.ts';

const plain = bounded({});
const nothing = settings({});
const listed = bounded({ style: oneOf(['bullet', 'numbered', 'any'], 'bullet') });
const marked = bounded({ marker: z._default(phrase, 'Section'), case_sensitive: flag(false) });

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
  run: (text, settings) => judgeCount(spans(withoutFences(text), itemPatterns[settings.style]), settings, { one: 'list item', many: 'list items' }),
};

export const sectionCount: CheckDefinition<typeof marked> = {
  summary: 'How many sections the answer has, each begun by a line with the marker and a number, such as `Section 1`.',
  schema: marked,
  run: (text, settings) => {
    const start = `^[^\\S\\r\\n]*(?:[#*_>]{1,6}[^\\S\\r\\n]*)?${literalSource(settings.marker)}[^\\S\\r\\n]*(?:\\d+|[IVXLC]+\\b)`;
    const pattern = new RegExp(start, settings.case_sensitive ? 'gmu' : 'gimu');
    const unit = `sections marked "${settings.marker} X"`;
    return judgeCount(spans(text, pattern), settings, { one: unit.replace('sections', 'section'), many: unit });
  },
};

export const title: CheckDefinition<typeof nothing> = {
  summary: 'The answer holds a title in double angle brackets, such as `<<On Rivers>>`.',
  schema: nothing,
  run: (text) => {
    const found = text.match(/<<[^<>\r\n]*[^<>\s][^<>\r\n]*>>/)?.[0];
    if (found !== undefined) return passed({ message: 'There is a title.', measured: excerpt(found), expected: '<<title>>' });
    return failed({ message: 'Give the answer a title in double angle brackets, such as <<Title>>.', expected: '<<title>>' });
  },
};

export const highlightCount: CheckDefinition<typeof plain> = {
  summary: 'How many parts of the answer are highlighted with asterisks: `*so*`, `**so**`.',
  schema: plain,
  run: (text, settings) =>
    judgeCount(spans(text, /(\*{1,3})[^\s*](?:[^\r\n*]*[^\s*])?\1/g), settings, {
      one: 'part highlighted with *asterisks*',
      many: 'parts highlighted with *asterisks*',
    }),
};

export const placeholderCount: CheckDefinition<typeof plain> = {
  summary: 'How many placeholders in square brackets the answer has, such as `[name]`; links and ticked boxes are none.',
  schema: plain,
  run: (text, settings) =>
    judgeCount(spans(text, /\[(?![ xX]?\])[^[\]\r\n]+\](?!\()/g), settings, {
      one: 'placeholder in [brackets]',
      many: 'placeholders in [brackets]',
    }),
};
