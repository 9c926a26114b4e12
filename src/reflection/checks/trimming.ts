/** Shortening an answer to a limit: cut at the end of a sentence or paragraph, never so much that it becomes another answer. */
import { fences, lines, paragraphs } from './blocks.ts';
import type { Bounds } from './bounds.ts';
import type { Span } from './check.ts';
import { sentences } from './sentences.ts';
import { words } from './words.ts';

/** Shorter than this share of itself, an answer is another answer: that is for a model to rewrite. */
export const leastShare = 0.6;

type Unit = 'words' | 'sentences' | 'lines' | 'characters' | 'paragraphs';

/** The longest beginning of the text that ends with a whole sentence (or paragraph) and keeps to the limit; the text itself where there is none. */
export function trimmedTo(unit: Unit, text: string, { max, exactly }: Bounds, separator?: string): string {
  const limit = exactly ?? max;
  if (limit === undefined || /^\s*[{[]/.test(text)) return text;
  const sizeUpTo = measure(unit, text, separator);
  const ends = (unit === 'paragraphs' ? paragraphs(text, separator) : sentences(text)).map(([, end]) => end);
  const code = fences(text);
  const cut = ends.findLast((end) => {
    if (end < text.trimEnd().length * leastShare || isMidway(text.slice(0, end))) return false;
    const size = sizeUpTo(end);
    return (exactly === undefined ? size <= limit : size === exactly) && !code.some(({ span }) => span[1] > end);
  });
  return cut === undefined ? text : text.slice(0, cut);
}

/** Whether the text announces what no longer follows, or breaks off inside emphasis. */
function isMidway(text: string): boolean {
  return /:[*_"]*$/.test(text) || (text.match(/\*\*/g)?.length ?? 0) % 2 === 1;
}

/** Gives how many of the unit end at or before an offset. */
function measure(unit: Unit, text: string, separator: string | undefined): (end: number) => number {
  if (unit === 'characters') return (end) => Array.from(text.slice(0, end).trim()).length;
  const found = { words, sentences, lines, paragraphs: (all: string): Span[] => paragraphs(all, separator) }[unit](
    text,
  );
  return (end) => found.filter(([start]) => start < end).length;
}
