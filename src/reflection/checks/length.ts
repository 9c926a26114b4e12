/** How long an answer is, in words, sentences, paragraphs, lines, characters, or in how often one letter occurs. */
import * as z from 'zod/mini';
import { divider, lines, paragraphs } from './blocks.ts';
import {
  bounded,
  countRequirement,
  judgeCount,
  judgeRange,
  judgeTotal,
  onlyBounds,
  timesRequirement,
} from './bounds.ts';
import type { CheckDefinition, Span } from './check.ts';
import { character, separator } from './fields.ts';
import { countSentences, sentences } from './sentences/sentences.ts';
import { occurrencesOf, skipped, type Unit } from './verdict.ts';
import { hasUnspacedScript, words } from './words.ts';

const separated = z.safeExtend(bounded, { separator });
const oneLetter = z.safeExtend(bounded, { letter: character });

const units = {
  words: { one: 'word', many: 'words' },
  sentences: { one: 'sentence', many: 'sentences' },
  paragraphs: { one: 'paragraph', many: 'paragraphs' },
  lines: { one: 'line', many: 'lines' },
  characters: { one: 'character', many: 'characters' },
} as const satisfies Record<string, Unit>;

export const wordCount: CheckDefinition<typeof bounded> = {
  summary:
    'How many words the answer has. A hyphenated word, a number and a URL are one word; Markdown signs and emoji are none.',
  schema: bounded,
  requirement: (settings) => countRequirement(settings, units.words),
  run: (text, settings) => {
    if (hasUnspacedScript(text))
      return skipped('Words cannot be counted in a script that is written without spaces.', onlyBounds(settings));
    return judgeCount(words(text), settings, units.words);
  },
};

export const sentenceCount: CheckDefinition<typeof bounded> = {
  summary:
    'How many sentences the answer has. Headings, code, table rows, salutations and signatures are none; where readers would count differently, the verdict stands only if all agree with it.',
  schema: bounded,
  requirement: (settings) => countRequirement(settings, units.sentences),
  run: (text, settings) => {
    const count = countSentences(text);
    if (!count)
      return skipped('Sentences cannot be counted in a script that does not mark their ends.', onlyBounds(settings));
    const found = sentences(text);
    const first = found[settings.exactly ?? settings.max ?? found.length];
    const last = found.at(-1);
    return judgeRange(count.least, count.most, settings, units.sentences, first && last ? [first[0], last[1]] : null);
  },
};

export const paragraphCount: CheckDefinition<typeof separated> = {
  summary: 'How many paragraphs the answer has, divided by blank lines or by `separator` (such as `***`).',
  schema: separated,
  requirement: (settings) => {
    const division = settings.separator === undefined ? '' : ` Divide them with ${divider(settings.separator)}.`;
    return `${countRequirement(settings, units.paragraphs)}${division}`;
  },
  run: (text, settings) => judgeCount(paragraphs(text, settings.separator), settings, units.paragraphs),
};

export const lineCount: CheckDefinition<typeof bounded> = {
  summary: 'How many lines the answer has; blank lines do not count.',
  schema: bounded,
  requirement: (settings) => countRequirement(settings, units.lines),
  run: (text, settings) => judgeCount(lines(text), settings, units.lines),
};

export const characterCount: CheckDefinition<typeof bounded> = {
  summary: 'How many characters (Unicode code points, spaces included) the answer has, outer white space aside.',
  schema: bounded,
  requirement: (settings) => countRequirement(settings, units.characters),
  run: (text, settings) => {
    const trimmed = text.trim();
    const start = text.length - text.trimStart().length;
    const limit = settings.exactly ?? settings.max ?? Number.POSITIVE_INFINITY;
    let total = 0;
    let cut = start;
    for (const each of trimmed) {
      if (total < limit) cut += each.length;
      total += 1;
    }
    const span = total > limit ? ([cut, start + trimmed.length] as const) : null;
    return judgeTotal(total, settings, units.characters, span);
  },
};

export const letterCount: CheckDefinition<typeof oneLetter> = {
  summary: 'How often one character occurs in the answer, upper and lower case alike.',
  schema: oneLetter,
  requirement: (settings) => timesRequirement(settings, `the character "${settings.letter}"`),
  run: (text, settings: z.output<typeof oneLetter>) => {
    const letter = settings.letter.toLowerCase();
    const found: Span[] = [];
    for (const { 0: written, index } of text.matchAll(/\P{M}\p{M}*|\p{M}/gu))
      for (const each of written.normalize('NFC'))
        if (each.toLowerCase() === letter) found.push([index, index + written.length]);
    return judgeCount(found, settings, occurrencesOf(settings.letter));
  },
};
