/** How long an answer is, in words, sentences, paragraphs, lines, characters, or in how often one letter occurs. */
import type * as z from 'zod/mini';
import { lines, paragraphs } from './blocks.ts';
import { bounded, judgeCount, judgeTotal, onlyBounds } from './bounds.ts';
import type { CheckDefinition } from './check.ts';
import { character, separator } from './fields.ts';
import { sentences } from './sentences.ts';
import { skipped } from './verdict.ts';
import { hasUnspacedScript, words } from './words.ts';

const plain = bounded({});
const separated = bounded({ separator });
const oneLetter = bounded({ letter: character });

export const wordCount: CheckDefinition<typeof plain> = {
  summary: 'How many words the answer has. A hyphenated word, a number and a URL are one word; Markdown signs and emoji are none.',
  schema: plain,
  run: (text, settings) => {
    if (hasUnspacedScript(text)) return skipped('Words cannot be counted in a script that is written without spaces.', onlyBounds(settings));
    return judgeCount(words(text), settings, { one: 'word', many: 'words' });
  },
};

export const sentenceCount: CheckDefinition<typeof plain> = {
  summary: 'How many sentences the answer has. A list item is at least one sentence; headings, code and table rows are none.',
  schema: plain,
  run: (text, settings) => judgeCount(sentences(text), settings, { one: 'sentence', many: 'sentences' }),
};

export const paragraphCount: CheckDefinition<typeof separated> = {
  summary: 'How many paragraphs the answer has, divided by blank lines or by `separator` (such as `***`).',
  schema: separated,
  run: (text, settings) => judgeCount(paragraphs(text, settings.separator), settings, { one: 'paragraph', many: 'paragraphs' }),
};

export const lineCount: CheckDefinition<typeof plain> = {
  summary: 'How many lines the answer has; blank lines do not count.',
  schema: plain,
  run: (text, settings) => judgeCount(lines(text), settings, { one: 'line', many: 'lines' }),
};

export const characterCount: CheckDefinition<typeof plain> = {
  summary: 'How many characters (Unicode code points, spaces included) the answer has, outer white space aside.',
  schema: plain,
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
    return judgeTotal(total, settings, { one: 'character', many: 'characters' }, span);
  },
};

export const letterCount: CheckDefinition<typeof oneLetter> = {
  summary: 'How often one character occurs in the answer, upper and lower case alike.',
  schema: oneLetter,
  run: (text, settings: z.output<typeof oneLetter>) => {
    const letter = settings.letter.toLowerCase();
    const found = [];
    let at = 0;
    for (const each of text) {
      if (each.toLowerCase() === letter) found.push([at, at + each.length] as const);
      at += each.length;
    }
    const unit = `times the character "${settings.letter}"`;
    return judgeCount(found, settings, { one: unit.replace('times', 'time'), many: unit });
  },
};
