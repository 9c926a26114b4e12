/** Which words an answer must hold, must not hold, or must hold so many times. */
import * as z from 'zod/mini';
import { allQuoted, someQuoted } from './bounded-text.ts';
import { bounded, judgeCount, timesRequirement } from './bounds.ts';
import type { CheckDefinition, Span } from './check.ts';
import { flag, oneOf, phrase, phrases, settings } from './fields.ts';
import { occurrences } from './literal.ts';
import { failed, occurrencesOf, passed } from './verdict.ts';

const wanted = settings({
  keywords: phrases,
  mode: oneOf(['all', 'any'], 'all'),
  whole_word: flag(false),
  case_sensitive: flag(false),
});
const forbidden = settings({ words: phrases, whole_word: flag(true), case_sensitive: flag(false) });
const oneKeyword = z.safeExtend(bounded, { keyword: phrase, whole_word: flag(false), case_sensitive: flag(false) });

interface Matching {
  readonly whole_word: boolean;
  readonly case_sensitive: boolean;
}

function find(text: string, keyword: string, { whole_word, case_sensitive }: Matching): Span[] {
  return occurrences(text, keyword, { wholeWord: whole_word, caseSensitive: case_sensitive });
}

function anyOf(keywords: readonly string[], quoted: typeof allQuoted): string {
  return `Use ${keywords.length > 1 ? 'at least one of ' : ''}${quoted(keywords)}.`;
}

function allOf(missing: readonly string[]): string {
  return missing.length > 1
    ? `These are missing: ${someQuoted(missing)}. Use every one of them.`
    : `This is missing: ${someQuoted(missing)}. Use it.`;
}

export const keywords: CheckDefinition<typeof wanted> = {
  summary: 'Words or phrases that must stand in the answer: all of them, or at least one (`mode: any`).',
  schema: wanted,
  requirement: ({ mode, keywords }) => (mode === 'any' ? anyOf(keywords, allQuoted) : `Use ${allQuoted(keywords)}.`),
  run: (text, settings) => {
    const missing = settings.keywords.filter((keyword) => find(text, keyword, settings).length === 0);
    const found = settings.keywords.filter((keyword) => !missing.includes(keyword));
    const expected = { [settings.mode]: settings.keywords };
    if (settings.mode === 'any' ? found.length > 0 : missing.length === 0)
      return passed({ message: `Found ${someQuoted(found)}.`, measured: found, expected });
    const message = settings.mode === 'any' ? anyOf(missing, someQuoted) : allOf(missing);
    return failed({ message, measured: found, expected });
  },
};

export const forbiddenWords: CheckDefinition<typeof forbidden> = {
  summary: 'Words or phrases that must not stand in the answer.',
  schema: forbidden,
  requirement: (settings) => `Do not use ${allQuoted(settings.words)}.`,
  run: (text, settings) => {
    const found = settings.words.flatMap((word) => {
      const [first] = find(text, word, settings);
      return first ? [{ word, first }] : [];
    });
    const expected = { none: settings.words };
    if (found.length === 0) return passed({ message: 'No forbidden word is used.', measured: [], expected });
    const used = found.map(({ word }) => word);
    return failed({
      message: `Do not use ${someQuoted(used)}.`,
      measured: used,
      expected,
      span: found[0]?.first ?? null,
    });
  },
};

export const keywordCount: CheckDefinition<typeof oneKeyword> = {
  summary: 'How often a word or phrase stands in the answer.',
  schema: oneKeyword,
  requirement: (settings) => timesRequirement(settings, `"${settings.keyword}"`),
  run: (text, settings) =>
    judgeCount(find(text, settings.keyword, settings), settings, occurrencesOf(settings.keyword)),
};
