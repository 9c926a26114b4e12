/**
 * How many tokens a text takes, without a tokenizer: Llama 3's vocabulary alone is larger than this whole Worker. There are two
 * counts. `mostTokens` is an upper bound, for limits and money. `likelyTokens` is an estimate, where an upper bound would refuse wrongly:
 * whether a text fits a context, and whether a count that a provider reports can be true.
 * Follows the pre-tokenizer of Llama 3 (https://github.com/meta-llama/llama3/blob/main/llama/tokenizer.py): letters with the space before them,
 * up to three digits, contractions, runs of marks, runs of white space.
 */
import { commonPairs, commonTriples, singleTokenWords } from './token-vocabulary.ts';

/** Costs of a word that is not one token for sure: the word itself, and each further letter by how usual it is after the ones before it. */
const letterCost = {
  most: { triple: 0.34, pair: 0.5, rare: 1 },
  likely: { triple: 0.1, pair: 0.2, rare: 0.45 },
} as const;

/** A run of one mark, or of one kind of white space, is written in few tokens. */
const repeatedCost = { mark: { most: 0.5, likely: 0.1 }, space: { most: 1 / 12, likely: 1 / 64 } } as const;

/** A space before a digit is a token, and one before a letter beyond ASCII may be. */
const spaceAlone = { most: 1, likely: 0.4 } as const;

interface Script {
  /** The first code point; a row ends where the next begins. */
  readonly from: number;
  /** Tokens of one code point that stands alone: its characters may be joined further, and never cost more. */
  readonly most: number;
  /** Tokens a code point in ordinary prose. */
  readonly likely: number;
}

/** Everything beyond ASCII. Private use, control and unassigned code points go with their neighbours. */
const scripts: readonly Script[] = (
  [
    ['latin', 0x80, 2, 0.6],
    ['greek', 0x370, 2, 0.4],
    ['cyrillic', 0x400, 2, 0.35],
    ['cyrillic, small letters', 0x430, 1, 0.35],
    ['cyrillic, rarer', 0x450, 2, 0.7],
    ['armenian', 0x530, 2, 1.5],
    ['hebrew', 0x590, 2, 1],
    ['arabic', 0x600, 2, 0.45],
    ['syriac to nko', 0x700, 2, 1.8],
    ['samaritan, arabic extended', 0x800, 3, 2.5],
    ['devanagari', 0x900, 2, 0.55],
    ['bengali to gujarati', 0x980, 2, 1.6],
    ['oriya', 0xb00, 3, 2],
    ['tamil to sinhala', 0xb80, 2, 1.7],
    ['thai', 0xe00, 2, 0.5],
    ['lao, tibetan', 0xe80, 2, 1.9],
    ['tibetan', 0xf80, 3, 2],
    ['myanmar', 0x1000, 3, 1.9],
    ['georgian', 0x10d0, 2, 1.8],
    ['hangul jamo, ethiopic and others', 0x1100, 3, 2.7],
    ['khmer', 0x1780, 2, 1.7],
    ['mongolian and others', 0x1800, 3, 2.5],
    ['latin and greek extended', 0x1e00, 3, 0.3],
    ['punctuation, symbols', 0x2000, 3, 1],
    ['braille and others', 0x2800, 3, 2.7],
    ['kana', 0x3000, 2, 0.7],
    ['kana and han, rare', 0x31c0, 3, 1.5],
    ['han', 0x4e00, 2, 0.85],
    ['han, rarer', 0x6ac0, 3, 0.85],
    ['han', 0x6b00, 2, 0.85],
    ['han, rarer', 0x8800, 3, 0.85],
    ['han', 0x8840, 2, 0.85],
    ['han, rare', 0x9bc0, 3, 1.5],
    ['yi and others', 0xa000, 3, 2.7],
    ['hangul', 0xac00, 3, 0.65],
    ['private use', 0xd7b0, 3, 2],
    ['beyond the basic plane', 0x10000, 4, 3],
    ['emoji', 0x1f000, 4, 1.8],
  ] satisfies [string, number, number, number][]
).map(([, from, most, likely]) => ({ from, most, likely }));

/** The row of every 16 code points of the basic plane. */
const rowOfBlock = Array.from({ length: 0x10000 / 16 }, (_, block) => rowOf(block * 16));

function rowOf(codePoint: number): Script {
  return scripts.findLast(({ from }) => from <= codePoint) ?? { from: 0, most: 1, likely: 1 };
}

/** At least as many tokens as Llama 3's tokenizer makes of the text, in any script; on English prose about one and a half times as many. */
export function mostTokens(text: string): number {
  return Math.ceil(countTokens(text, 'most'));
}

/** No text has more likely tokens than this for a UTF-16 code unit: no row of the scripts has, and ASCII has one at most. */
export const mostLikelyPerCharacter = Math.max(1, ...scripts.map(({ likely }) => likely));

/** About as many tokens as Llama 3's tokenizer makes of ordinary text. */
export function likelyTokens(text: string): number {
  return Math.ceil(countTokens(text, 'likely'));
}

type Bound = 'most' | 'likely';

function countTokens(text: string, bound: Bound): number {
  let sum = 0;
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    const end = isLetter(code) ? endOf(text, at, isLetter) : isDigit(code) ? endOf(text, at, isDigit) : at + 1;
    if (isLetter(code)) sum += wordTokens(text.slice(at, end), bound, bound === 'most' && followsMark(text, at));
    else if (isDigit(code)) sum += Math.ceil((end - at) / 3);
    else if (code >= 0x80) sum += rowAt(text, at)[bound];
    else sum += markTokens(text, at, bound);
    at = end;
    if (code >= 0xd800 && code < 0xdc00 && isLowSurrogate(text.charCodeAt(at))) at += 1;
    if (code === 0x27) at += contractionAt(text, at);
  }
  return sum;
}

function rowAt(text: string, at: number): Script {
  const codePoint = text.codePointAt(at) ?? 0;
  return codePoint < 0x10000 ? (rowOfBlock[codePoint >> 4] ?? rowOf(codePoint)) : rowOf(codePoint);
}

/** A mark or white space of ASCII. */
function markTokens(text: string, at: number, bound: Bound): number {
  const code = text.charCodeAt(at);
  const isSpace = code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;
  const isRepeated = at > 0 && text.charCodeAt(at - 1) === code;
  if (!isSpace) return isRepeated ? repeatedCost.mark[bound] : 1;
  const next = text.charCodeAt(at + 1);
  // The last space goes with the letters or the mark after it, and stands alone before anything else.
  if (code === 0x20 && next > 0x20) return next < 0x7f && !isDigit(next) ? 0 : spaceAlone[bound];
  const isLast = !(next <= 0x20);
  return isRepeated && !(code === 0x09 && isLast) ? repeatedCost.space[bound] : 1;
}

/** Whether a mark or a tab stands before the word: tokens that begin with it may take letters away, so that the rest is no usual word. */
function followsMark(text: string, at: number): boolean {
  const before = at === 0 ? 0x0a : text.charCodeAt(at - 1);
  return before !== 0x20 && before !== 0x0a && before !== 0x0d && !isDigit(before);
}

function wordTokens(word: string, bound: Bound, mayBeParted: boolean): number {
  const lower = word.toLowerCase();
  const isPlain = word.slice(1) === lower.slice(1);
  if (isPlain && (word.length === 1 || (!mayBeParted && singleTokenWords.has(lower)))) return 1;
  const cost = letterCost[bound];
  // A word in capitals, or of mixed case, is held against the pairs as it is written, and finds none.
  const letters = isPlain ? lower : word;
  let sum = 1;
  for (let index = 1; index < letters.length; index += 1) {
    if (index > 1 && commonTriples.has(letters.slice(index - 2, index + 1))) sum += cost.triple;
    else if (commonPairs.has(letters.slice(index - 1, index + 1))) sum += index > 1 ? cost.pair : cost.triple;
    else sum += cost.rare;
  }
  return sum;
}

/** How many letters of a contraction follow an apostrophe that is its token already: the `s` of `it's`. */
function contractionAt(text: string, at: number): number {
  const end = endOf(text, at, isLetter);
  return /^(?:s|t|re|ve|m|ll|d)$/.test(text.slice(at, Math.min(end, at + 3))) ? end - at : 0;
}

function endOf(text: string, from: number, is: (code: number) => boolean): number {
  let end = from + 1;
  while (end < text.length && is(text.charCodeAt(end))) end += 1;
  return end;
}

function isLetter(code: number): boolean {
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code < 0xe000;
}
