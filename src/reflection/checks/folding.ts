/** A text in one spelling, composed (NFC) and with plain signs, and the way back to where each piece of it stands in the original. */
import type { Span } from './check.ts';

interface Change {
  /** Where the change stands in the folded text. */
  readonly at: number;
  readonly length: number;
  readonly original: Span;
}

export interface Folding {
  readonly text: string;
  readonly changes: readonly Change[];
}

const plainSigns: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Array.from('\u2018\u2019\u201a\u02bc\u2032', (sign) => [sign, "'"])),
  ...Object.fromEntries(Array.from('\u201c\u201d\u201e\u201f\u00ab\u00bb', (sign) => [sign, '"'])),
  ...Object.fromEntries(Array.from('\u2010\u2011\u2012\u2013\u2212', (sign) => [sign, '-'])),
};
// Arabic and Hebrew vowel signs, the Arabic stretching sign, soft hyphens and joiners without width.
const unwritten = /[\u064b-\u0652\u0591-\u05bd\u05bf\u05c1\u05c2\u0640\u00ad\u200b\u2060\ufeff]/gu;
const spellings =
  /[\u0640\u00ad\u200b\u2060\ufeff]|\P{M}\p{M}+|[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?|[\u2018\u2019\u201a\u02bc\u2032\u201c\u201d\u201e\u201f\u00ab\u00bb\u2010-\u2013\u2212]/gu;
// Signs of emphasis touch what they mark. Between digits and inside names they are not emphasis.
const spellingsAndEmphasis = new RegExp(
  `(?<=^|[^\\p{N}*])\\*{1,3}(?=[^\\s*])|(?<=[^\\s*])\\*{1,3}(?=$|[^\\p{N}*])|(?<![\\p{L}\\p{N}_])_{1,3}(?=[^\\s_])|(?<=[^\\s_])_{1,3}(?![\\p{L}\\p{N}_])|~~|${spellings.source}`,
  'gu',
);

// Many phrases are looked for in one text.
let last: { readonly text: string; readonly emphasis: boolean; readonly folding: Folding } | undefined;

/** The same as `fold`, remembered for the last text. */
export function foldedOnce(text: string, emphasis: boolean): Folding {
  if (last?.text !== text || last.emphasis !== emphasis) last = { text, emphasis, folding: fold(text, { emphasis }) };
  return last.folding;
}

/** The text folded; with `emphasis`, its signs are left out. */
export function fold(text: string, { emphasis }: { readonly emphasis: boolean }): Folding {
  const pieces: string[] = [];
  const changes: Change[] = [];
  let from = 0;
  let at = 0;
  for (const match of text.matchAll(emphasis ? spellingsAndEmphasis : spellings)) {
    const [found] = match;
    const plain = /^(?:[*_]|~~)/.test(found)
      ? ''
      : (plainSigns[found] ?? found.replace(unwritten, '').normalize('NFC'));
    if (plain === found) continue;
    const between = text.slice(from, match.index);
    pieces.push(between, plain);
    at += between.length;
    changes.push({ at, length: plain.length, original: [match.index, match.index + found.length] });
    at += plain.length;
    from = match.index + found.length;
  }
  return { text: pieces.join('') + text.slice(from), changes };
}

/** Where ascending spans of the folded text stand in the original. */
export function unfolded({ changes }: Folding, spans: readonly Span[]): Span[] {
  let next = 0;
  let shift = 0;
  const offset = (place: number, isEnd: boolean): number => {
    for (let change = changes[next]; change; change = changes[next]) {
      const end = change.at + change.length;
      // A sign left out belongs to no span: a start moves past it, an end stays before it.
      if (isEnd ? end > place || (change.length === 0 && end === place) : end > place) break;
      shift = change.original[1] - end;
      next += 1;
    }
    const inside = changes[next];
    if (inside && inside.at < place && place < inside.at + inside.length) return inside.original[isEnd ? 1 : 0];
    return place + shift;
  };
  return spans.map(([start, end]) => [offset(start, false), offset(end, true)]);
}
