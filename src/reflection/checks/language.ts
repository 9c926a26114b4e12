/** Whether an answer is in a language. A small detector of our own: it knows few languages, and abstains where they cannot be told apart. */
import * as z from 'zod/mini';
import { withoutFences } from './blocks.ts';
import type { CheckDefinition, Verdict } from './check.ts';
import { settings } from './fields.ts';
import { type LanguageCode, languageCodes, languages, type Script, scripts } from './language-evidence.ts';
import { failed, passed, skipped } from './verdict.ts';

const spoken = settings({
  language: z.enum(languageCodes, `expected one of the language codes ${languageCodes.join(', ')}`),
});

/** Fewer letters than this say nothing. */
const enoughLetters = 12;
// Shares of the letters, and of the words that are small words of a language. Ordinary prose has 25 to 50 % of those.
const share = { mostly: 0.6, some: 0.2, smallWords: 0.12 } as const;

/** What the answer says itself: code, addresses and quotations marks aside. */
function prose(text: string): string {
  return withoutFences(text).replace(/https?:\/\/\S+|`[^`\n]{0,200}`/g, ' ');
}

/** Letters by script. */
function lettersByScript(text: string): ReadonlyMap<Script, number> {
  const names = Object.keys(scripts) as Script[];
  const found = new Map<Script, number>();
  for (const [run] of text.matchAll(/[\p{L}\p{M}]+/gu)) {
    // Japanese mixes scripts within a run; the others do not.
    const pieces = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(run) ? Array.from(run) : [run];
    for (const piece of pieces) {
      const script = names.find((name) => scripts[name].test(piece));
      if (script) found.set(script, (found.get(script) ?? 0) + piece.length);
    }
  }
  return found;
}

/** How many words of the text are small words of each language in this script. */
function smallWords(
  text: string,
  script: Script,
): { readonly total: number; readonly hits: ReadonlyMap<LanguageCode, number> } {
  const owners = new Map<string, LanguageCode[]>();
  for (const code of languageCodes) {
    if (languages[code].script !== script) continue;
    for (const word of languages[code].words.split(' ')) owners.set(word, [...(owners.get(word) ?? []), code]);
  }
  const hits = new Map<LanguageCode, number>();
  let total = 0;
  for (const [word] of text
    .normalize('NFC')
    .toLowerCase()
    .matchAll(/[\p{L}\p{M}]+/gu)) {
    total += 1;
    for (const code of owners.get(word) ?? []) hits.set(code, (hits.get(code) ?? 0) + 1);
  }
  return { total, hits };
}

/** By script alone: yes, no, or undefined when other languages share it. */
function decidedByScript(letters: ReadonlyMap<Script, number>, wanted: LanguageCode): boolean | undefined {
  const of = (script: Script) => letters.get(script) ?? 0;
  const total = [...letters.values()].reduce((sum, count) => sum + count, 0);
  const { script, words } = languages[wanted];
  if (wanted === 'ja' || wanted === 'zh') {
    const eastAsian = of('Han') + of('Kana');
    if (eastAsian < total * share.some) return false;
    if (wanted === 'zh') return of('Kana') < eastAsian * 0.1 ? eastAsian > total * share.mostly || undefined : false;
    return of('Kana') > eastAsian * share.some
      ? eastAsian > total * share.mostly || undefined
      : of('Kana') > 0
        ? undefined
        : false;
  }
  if (of(script) < total * share.some) return false;
  if (words === '') return of(script) > total * share.mostly || undefined;
  return undefined;
}

function judge(text: string, wanted: LanguageCode): Verdict {
  const { name, script } = languages[wanted];
  const spokenText = prose(text);
  const letters = lettersByScript(spokenText);
  const total = [...letters.values()].reduce((sum, count) => sum + count, 0);
  if (total < enoughLetters) return skipped('The answer is too short to tell its language.', wanted);
  const expected = wanted;
  const byScript = decidedByScript(letters, wanted);
  if (byScript === true) return passed({ message: `The answer is in ${name}.`, measured: wanted, expected });
  if (byScript === false)
    return failed({
      message: `The answer is not in ${name}: write all of it in ${name}.`,
      measured: mainScript(letters),
      expected,
    });
  const words = smallWords(spokenText, script);
  const own = words.hits.get(wanted) ?? 0;
  const [best, most] = [...words.hits]
    .filter(([code]) => code !== wanted)
    .reduce<readonly [string, number]>((top, each) => (each[1] > top[1] ? each : top), ['', 0]);
  const enough = Math.max(3, words.total * share.smallWords);
  if (own >= enough && own > most * 1.1)
    return passed({ message: `The answer is in ${name}.`, measured: wanted, expected });
  if (most >= enough && most > own * 2)
    return failed({
      message: `The answer seems to be in another language (${best}): write all of it in ${name}.`,
      measured: best,
      expected,
    });
  return skipped('The language of the answer cannot be told.', wanted);
}

/** Whether a text is in this language for certain. */
export function isWrittenIn(text: string, language: LanguageCode): boolean {
  return judge(text, language).status === 'pass';
}

function mainScript(letters: ReadonlyMap<Script, number>): string {
  return [...letters].reduce<readonly [string, number]>((top, each) => (each[1] > top[1] ? each : top), ['', 0])[0];
}

export const language: CheckDefinition<typeof spoken> = {
  summary: `The answer is written in this language (ISO 639-1 code), as far as its script and small words tell: ${languageCodes.join(', ')}.`,
  schema: spoken,
  requirement: ({ language: code }) => `Write the whole answer in ${languages[code].name}.`,
  run: (text, settings) => judge(text, settings.language),
};
