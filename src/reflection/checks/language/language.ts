/** Whether an answer is in a language. A small detector of our own: it knows few languages, and abstains where they cannot be told apart. */
import * as z from 'zod/mini';
import type { CheckDefinition, Verdict } from '../check.ts';
import { settings } from '../fields.ts';
import { failed, passed, skipped } from '../verdict.ts';
import { type LanguageCode, languageCodes, languages, type Script } from './evidence.ts';
import { isSmallWord, scoresOf } from './score.ts';
import { type SpokenWord, spokenWords } from './words.ts';

const spoken = settings({
  language: z.enum(languageCodes, `expected one of the language codes ${languageCodes.join(', ')}`),
});

// Shares of the words.
const share = { mostly: 0.6, some: 0.2, kana: 0.1 } as const;
/** The least evidence for a language, in small words that no other of its script has: in all, and for each word of the text. */
const evidence = { least: 1, each: 0.07 } as const;
/** How much more must speak for the one language than for any other: to pass, and to fail by it. */
const lead = { pass: 1.25, fail: 2 } as const;
/** Enough where the evidence is small, but there is almost none for any other language. */
const clear = { least: 0.6, lead: 2.2 } as const;
/** The weight of a foreign term that is not a sentence of its own: "machine learning" within Korean. */
const term = 0.5;

/** What a text is by its script alone: in the language, in another, or one that other languages share. */
type ByScript = 'yes' | 'no' | 'shared' | 'unclear';

function judge(text: string, wanted: LanguageCode): Verdict {
  const { name, script, words: smallWords } = languages[wanted];
  const words = spokenWords(text);
  const decided = byScript(words, wanted);
  if (decided === 'unclear') return skipped('The language of the answer cannot be told.', wanted);
  if (decided === 'no')
    return failed({
      message: `The answer is not in ${name}: write all of it in ${name}.`,
      measured: mainScript(words),
      expected: wanted,
    });
  if (decided === 'yes' && smallWords === '')
    return passed({ message: `The answer is in ${name}.`, measured: wanted, expected: wanted });
  return byWords(words, script, wanted);
}

/** Names are written in Latin letters everywhere, so only other words speak against a language of another script. */
function byScript(words: readonly SpokenWord[], wanted: LanguageCode): ByScript {
  const { script } = languages[wanted];
  const spoken = words.filter((word) => !word.isName || isSmallWord(word));
  const count = (...of: Script[]) => spoken.filter((word) => of.includes(word.script)).length;
  const terms = script === 'Latin' ? 0 : spoken.filter((word) => word.script === 'Latin' && !isSmallWord(word)).length;
  const total = spoken.length - terms * term;
  if (total === 0) return 'unclear';
  const eastAsian = count('Han', 'Kana');
  if (wanted === 'zh' || wanted === 'ja') {
    if (eastAsian <= total * share.some) return isForeign(spoken, spoken.length - eastAsian) ? 'no' : 'unclear';
    const isJapanese = count('Kana') > Math.max(1, eastAsian * share.kana);
    if (wanted === 'zh' && isJapanese) return 'no';
    if (wanted === 'ja' && !isJapanese) return count('Kana') === 0 && isChinese(words) ? 'no' : 'unclear';
    return eastAsian >= total * share.mostly ? 'yes' : 'unclear';
  }
  const own = count(script);
  if (own <= total * share.some) return isForeign(spoken, spoken.length - own) ? 'no' : 'unclear';
  if (own < total * share.mostly) return 'unclear';
  return languages[wanted].words === '' ? 'yes' : 'shared';
}

/** Whether the words that are not of the wanted script are another language, and no list of names or codes. */
function isForeign(spoken: readonly SpokenWord[], foreign: number): boolean {
  if (spoken.some(({ script }) => script !== 'Latin')) return foreign >= 2;
  const scores = [...scoresOf(spoken, 'Latin').values()];
  return foreign >= 2 && Math.max(0, ...scores) >= evidence.least;
}

/** Characters that are written so in Chinese only: the simplified forms, and particles. */
const chineseOnly = /[们这个么说对时会来过还让给谁开关门车东书见现电话语请谢吗吧呢的了我你他她哪没很]/u;

function isChinese(words: readonly SpokenWord[]): boolean {
  const han = words.filter(({ script }) => script === 'Han');
  return han.filter(({ text }) => chineseOnly.test(text)).length >= 1 || new Set(han.map(({ text }) => text)).size > 16;
}

function byWords(words: readonly SpokenWord[], script: Script, wanted: LanguageCode): Verdict {
  const { name } = languages[wanted];
  const scores = scoresOf(words, script);
  const count = words.filter((word) => word.script === script && !word.isName).length;
  const own = scores.get(wanted) ?? 0;
  const [rival, most] = [...scores]
    .filter(([code]) => code !== wanted)
    .reduce<readonly [string, number]>((top, each) => (each[1] > top[1] ? each : top), ['', 0]);
  const enough = Math.max(evidence.least, count * evidence.each);
  if ((own >= enough && own >= most * lead.pass) || (own >= clear.least && own >= most * clear.lead))
    return passed({ message: `The answer is in ${name}.`, measured: wanted, expected: wanted });
  if (most >= enough && most > own * lead.fail)
    return failed({
      message: `The answer seems to be in another language (${rival}): write all of it in ${name}.`,
      measured: rival,
      expected: wanted,
    });
  return skipped('The language of the answer cannot be told.', wanted);
}

/** Whether a text is in this language for certain. */
export function isWrittenIn(text: string, language: LanguageCode): boolean {
  return judge(text, language).status === 'pass';
}

function mainScript(words: readonly SpokenWord[]): string {
  const counts = new Map<string, number>();
  for (const { script } of words) counts.set(script, (counts.get(script) ?? 0) + 1);
  return [...counts].reduce<readonly [string, number]>((top, each) => (each[1] > top[1] ? each : top), ['', 0])[0];
}

export const language: CheckDefinition<typeof spoken> = {
  summary: `The answer is written in this language (ISO 639-1 code), as far as its script and small words tell: ${languageCodes.join(', ')}. Code, names, addresses and quotations are left aside.`,
  schema: spoken,
  requirement: ({ language: code }) => `Write the whole answer in ${languages[code].name}.`,
  run: (text, settings) => judge(text, settings.language),
};
