/** What an answer is built of: list items, numbered sections, a title, highlights and placeholders. */
import * as z from 'zod/mini';
import { withoutCode, withoutFences } from './blocks.ts';
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

const lead = String.raw`^(?:[^\S\r\n]*>)*[^\S\r\n]*`;
// A rule such as `* * *` is no list item.
const item = String.raw`[^\S\r\n]+(?![-*_ \t]+$)\S[^\r\n]*`;
const bulletMark = '[-*+•–●◦▪‣·]';
const numberMark = String.raw`(?:\d{1,3}[.)]|\(\d{1,3}\))`;
const itemPatterns = {
  bullet: new RegExp(`${lead}${bulletMark}${item}`, 'gm'),
  numbered: new RegExp(`${lead}${numberMark}${item}`, 'gm'),
  any: new RegExp(`${lead}(?:${bulletMark}|${numberMark})${item}`, 'gm'),
} as const;

/** Every list item. One line alone with a dash is a line of speech, or a signature. */
function listItemsIn(text: string, style: keyof typeof itemPatterns): Span[] {
  const items = spans(withoutFences(text), itemPatterns[style]);
  const isDash = ([start, end]: Span) => /^[\s>]*–/.test(text.slice(start, end));
  return items.filter(isDash).length === 1 ? items.filter((each) => !isDash(each)) : items;
}

export const bulletCount: CheckDefinition<typeof listed> = {
  summary:
    'How many list items the answer has: bullets (`-`, `*`, `+`, `•` and their like), numbered items (`1.`, `1)`, `(1)`), or either.',
  schema: listed,
  requirement: (settings) => countRequirement(settings, listItems[settings.style]),
  run: (text, settings) => judgeCount(listItemsIn(text, settings.style), settings, listItems[settings.style]),
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

/** The first text in double angle brackets that is no code: neither `cout << x >> y` nor a shift. */
function titleIn(text: string): string | undefined {
  for (const { 0: found, index } of text.matchAll(/<<(?=[^\S\r\n]*[^<>\s])([^<>\r\n]+)>>/g)) {
    const inner = found.slice(2, -2);
    const before = text.slice(Math.max(0, index - 40), index);
    const after = text.slice(index + found.length, index + found.length + 40);
    const isGlued = /[\w)\]]$/.test(before) && /^[\w("']/.test(after);
    const hasOperands = /[\w)\]"'][^\S\r\n]*$/.test(before) && /^[^\S\r\n]*[\w("']/.test(after);
    const isSpaced = inner !== inner.trim() || /[;=]/.test(inner);
    if (/\p{L}/u.test(inner) && !isGlued && !(hasOperands && isSpaced)) return found;
  }
  return undefined;
}

export const title: CheckDefinition<typeof nothing> = {
  summary: 'The answer holds a title in double angle brackets, such as `<<On Rivers>>`.',
  schema: nothing,
  requirement: () => 'Give the answer a title in double angle brackets, such as <<Title>>.',
  run: (text) => {
    const found = titleIn(withoutCode(text));
    if (found !== undefined)
      return passed({ message: 'There is a title.', measured: excerpt(found), expected: '<<title>>' });
    return failed({
      message: 'Give the answer a title in double angle brackets, such as <<Title>>.',
      expected: '<<title>>',
    });
  },
};

// A factor before the asterisk makes it a sign of multiplication: `2*3*4`, `x*y*z`.
const highlight = /(?<![\p{N})\]]|(?<![\p{L}\p{N}])\p{L})(\*{1,3})[^\s*](?:[^\r\n*]*[^\s*])?\1/gu;

export const highlightCount: CheckDefinition<typeof bounded> = {
  summary: 'How many parts of the answer are highlighted with asterisks: `*so*`, `**so**`.',
  schema: bounded,
  requirement: (settings) => countRequirement(settings, highlights),
  run: (text, settings) => judgeCount(spans(withoutCode(text), highlight), settings, highlights),
};

// Not a link, a footnote's mark, an index (`row[0]`), an interval or a sum.
const placeholder =
  /(?<![\p{L}\p{N})\]\\])\[(?![ xX]?\]|\^)(?![\d\s.+*/^()=<>,-]*[,+*/=^<>][\d\s.+*/^()=<>,-]*\])[^[\]\r\n]+\](?!\()/gu;

export const placeholderCount: CheckDefinition<typeof bounded> = {
  summary:
    'How many placeholders in square brackets the answer has, such as `[name]`; links and ticked boxes are none.',
  schema: bounded,
  requirement: (settings) => countRequirement(settings, placeholders),
  run: (text, settings) => judgeCount(spans(withoutCode(text), placeholder), settings, placeholders),
};
