/** Shortening an answer to a limit: cut at the end of a sentence or paragraph, never so much that it becomes another answer. */
import { fences, lines, paragraphs } from './blocks.ts';
import type { Bounds } from './bounds.ts';
import { sentences } from './sentences.ts';
import { words } from './words.ts';

/** Shorter than this share of itself, an answer is another answer: that is for a model to rewrite. */
export const leastShare = 0.6;

type Unit = 'words' | 'sentences' | 'lines' | 'characters' | 'paragraphs';

/** The longest beginning of the text that ends with a whole sentence (or paragraph) and keeps to the limit; the text itself where there is none. */
export function trimmedTo(unit: Unit, text: string, { max, exactly }: Bounds, separator?: string): string {
  const limit = exactly ?? max;
  // JSON is no prose to be cut, and neither is code.
  if (limit === undefined || /^\s*[{[]/.test(text)) return text;
  const afterCode = fences(text).at(-1)?.span[1] ?? 0;
  const earliest = Math.max(text.trimEnd().length * leastShare, afterCode);
  const ends = (unit === 'paragraphs' ? paragraphs(text, separator) : sentences(text)).map(([, end]) => end);
  const sizes = sizesAt(ends, unit, text, separator);
  const emphases = countsAt(
    ends,
    Array.from(text.matchAll(/(?<!\*)\*\*(?!\*)/g), ({ index }) => index),
  );
  const cut = ends.findLast((end, index) => {
    const size = sizes[index] ?? 0;
    const fits = exactly === undefined ? size <= limit : size === exactly;
    const isWhole = !announces(text, end) && (emphases[index] ?? 0) % 2 === 0;
    return fits && end >= earliest && isWhole;
  });
  return cut === undefined ? text : text.slice(0, cut);
}

/** Whether what stands before the offset announces what follows it: "The reasons are:". */
function announces(text: string, end: number): boolean {
  return /:[*_"]{0,4}$/.test(text.slice(Math.max(0, end - 5), end));
}

/** How large the text is, in the unit, up to each of the ascending offsets. */
function sizesAt(ends: readonly number[], unit: Unit, text: string, separator: string | undefined): number[] {
  if (unit === 'characters') {
    let at = text.length - text.trimStart().length;
    let size = 0;
    return ends.map((end) => {
      size += Array.from(text.slice(at, end)).length;
      at = end;
      return size;
    });
  }
  const pieces = { words, sentences, lines, paragraphs: (all: string) => paragraphs(all, separator) }[unit](text);
  return countsAt(
    ends,
    pieces.map(([start]) => start),
  );
}

/** How many of the ascending places stand before each of the ascending offsets. */
function countsAt(ends: readonly number[], places: readonly number[]): number[] {
  let count = 0;
  return ends.map((end) => {
    while ((places[count] ?? end) < end) count += 1;
    return count;
  });
}
