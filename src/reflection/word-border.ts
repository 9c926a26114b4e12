/** Whether the letters on both sides of a cut are two words or one, where no space tells. Pure. */
import { commonTriples, singleTokenWords } from './token-vocabulary.ts';

/** How much of the text on each side of the cut is read for words, in characters. */
const reach = 20_000;
/** A usual word of more letters may as well be the rest of another: "plat" and "form", "un" and "likely". In letters. */
const mostShort = 4;
/** A text in which this share of the words are among the usual ones of English is English. */
const englishShare = 0.4;

/** Behind a mark such as the stop of an address, letters are no word of their own. */
const lastWord = /(?<![\p{L}\p{M}\p{N}_./@:,\\'’])(?:[\p{L}\p{M}]+|\p{N}+)$/u;
const firstWord = /^(?:[\p{L}\p{M}]+|\p{N}+)/u;
/** "it's", "don't". No word goes on behind it. */
const contracted = /\p{L}['’](?:s|t|re|ve|ll|m|d)$/u;
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}]/u;
/** The list of usual words has syllables of two letters, too: "un", "th". */
const shortWords = new Set('am an as at be by do go he if in is it me my no of on or so to up us we'.split(' '));

/**
 * Whether `cut` ends with a whole word and `rest` begins with another. A word is known where it stands whole elsewhere in the text, or is one of the
 * most usual ones of English. Where both sides together are a known word, there is one. Otherwise there are two where the left side is known, or the
 * right side is a short known word, or English letters would follow one another that seldom do. Where nothing tells, the sides are joined.
 */
export function isBetweenWords(cut: string, rest: string): boolean {
  if (contracted.test(cut.slice(-80)) && /^\p{L}/u.test(rest)) return true;
  if (/^n['’]t\b/.test(rest)) return false;
  const left = lastWord.exec(cut.slice(-80))?.[0];
  const right = firstWord.exec(rest.slice(0, 80))?.[0];
  if (left === undefined || right === undefined || /^\p{N}+$/u.test(left + right) || unspaced.test(left + right))
    return false;
  const before = wordsOf(cut.slice(-reach).slice(0, -left.length));
  const usual = before.filter((word) => singleTokenWords.has(word)).length;
  const isEnglish = usual >= englishShare * before.length;
  const known = new Set([...before, ...wordsOf(rest.slice(right.length, reach))]);
  const isKnown = (word: string) => {
    if (word.length === 1) return /[aiyàoe]/.test(word) || word === 'I' || word === 'A';
    const lower = word.toLowerCase();
    return known.has(lower) || (isEnglish && (lower.length > 2 ? singleTokenWords : shortWords).has(lower));
  };
  if (isKnown(left + right)) return false;
  if (isKnown(left) || (isKnown(right) && right.length <= mostShort)) return true;
  return isEnglish && isUnusual(left.toLowerCase(), right);
}

/** Whether the letters beside the cut seldom follow one another within an English word. */
function isUnusual(left: string, right: string): boolean {
  if (!/^[a-z]{4,}$/.test(left) || !/^[a-z]{3,}$/.test(right)) return false;
  return (
    !commonTriples.has(left.slice(-2) + right.slice(0, 1)) && !commonTriples.has(left.slice(-1) + right.slice(0, 2))
  );
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{M}]+/gu) ?? [];
}
