/** How much a text's words speak for each language of a script: its small words, its letters and its endings. Pure. */
import { type LanguageCode, languageCodes, languages, type Script } from './evidence.ts';
import type { SpokenWord } from './words.ts';

/** Letters that only this language of its script has, or nearly so. */
const letters: Partial<Record<LanguageCode, RegExp>> = {
  de: /[ßäöü]/,
  fr: /[œùûêèàîç]|\b[cdjlmnst]['’]|qu['’]/,
  es: /[ñ¿¡]|[áéíóú]n\b/,
  pt: /[ãõ]|ç[ãõ]/,
  it: /\b(?:dell|nell|all|un|l)['’]|[èàùò]\b/,
  pl: /[łąęśźżćń]/,
  cs: /[řěůčšž]/,
  hu: /[őű]/,
  ro: /[ășțâ]/,
  tr: /[ğışç]/,
  vi: /[ơưđạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]/,
  sv: /[åäö]/,
  da: /[åæø]/,
  no: /[åæø]/,
  fi: /ää|öö|yy/,
  ru: /[ыэё]|[ъ]/,
  uk: /[іїєґ]/,
  bg: /ъ|щя|\bще\b/,
  fa: /[پچژگ]|‌/,
  ur: /[ٹڈڑںےھہ]/,
  ar: /[ةىأإؤئ]|^[وبف]?ال/,
};

/** Endings of longer words. */
const endings: Partial<Record<LanguageCode, RegExp>> = {
  en: /(?:ing|tion|ment|ness|ight|ould|ally|ful|less|ship|ed)$/,
  de: /(?:ung|lich|keit|heit|isch|schaft|enden?|ungen|ieren|cht|tz[et]?)$/,
  fr: /(?:eux|eaux?|ement|ique|aire|eurs?|ées?|oir|ait)$/,
  es: /(?:ción|mente|idad|ado|ando|iendo|aron|ería)$/,
  pt: /(?:ção|ções|mente|dade|ando|eira|inho)$/,
  it: /(?:zione|mente|ità|ato|ando|endo|ezza|aggio)$/,
  nl: /(?:ijk|heid|ing|eren|ende|tje|aar|oor|uur)$/,
  pl: /(?:nie|ość|ych|ego|uje|ć)$/,
  sv: /(?:ning|het|are|arna|orna|erna)$/,
  fi: /(?:nen|ssa|ssä|lla|llä|sta|stä|lta|ltä|vat|vät|taan)$/,
  tr: /(?:lar|ler|yor|mak|mek|dır|dir)$/,
  ru: /(?:ется|ться|ого|ого|ение|ость|ает|ют|ите|йте|ый|ая)$/,
  uk: /(?:ється|ться|ого|ення|ість|ає|ють|ий)$/,
};

const worth = { unique: 1, shared: 0.5, common: 0.3, letter: 0.7, ending: 0.35 } as const;

/** The sum for each language that is written in this script. Names say nothing. */
export function scoresOf(words: readonly SpokenWord[], script: Script): ReadonlyMap<LanguageCode, number> {
  const owners = ownersIn(script);
  const scores = new Map<LanguageCode, number>();
  const add = (code: LanguageCode, amount: number) => scores.set(code, (scores.get(code) ?? 0) + amount);
  for (const word of words) {
    if (word.script !== script) continue;
    const known = owners.get(word.text) ?? [];
    const each = known.length === 1 ? worth.unique : known.length === 2 ? worth.shared : worth.common;
    for (const code of known) add(code, each);
    if (known.length > 0 || word.isName) continue;
    for (const code of languageCodes) {
      if (languages[code].script !== script) continue;
      if (letters[code]?.test(word.text)) add(code, worth.letter);
      else if (word.text.length > 4 && endings[code]?.test(word.text)) add(code, worth.ending);
    }
  }
  return scores;
}

const known = new Map<Script, ReadonlyMap<string, readonly LanguageCode[]>>();

/** Whether a word is one of the small words of any language of its script: those make a sentence, where others may be terms. */
export function isSmallWord({ text, script }: SpokenWord): boolean {
  return ownersIn(script).has(text);
}

/** Which languages of a script have a word among their small words. */
function ownersIn(script: Script): ReadonlyMap<string, readonly LanguageCode[]> {
  const before = known.get(script);
  if (before) return before;
  const owners = new Map<string, LanguageCode[]>();
  for (const code of languageCodes) {
    if (languages[code].script !== script) continue;
    for (const word of new Set(languages[code].words.split(' '))) owners.set(word, [...(owners.get(word) ?? []), code]);
  }
  known.set(script, owners);
  return owners;
}
