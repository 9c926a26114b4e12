/** Shortening an answer to a limit: cut at the end of a sentence or paragraph, with the sign-off of a letter kept, never so much that it becomes another answer. */
import { lines, paragraphs } from '../checks/blocks.ts';
import type { Bounds } from '../checks/bounds.ts';
import type { Span } from '../checks/check.ts';
import { sentences } from '../checks/sentences/sentences.ts';
import { words } from '../checks/words.ts';
import { type Cutting, cutRules, tailOf } from './cut-rules.ts';

type Unit = 'words' | 'sentences' | 'lines' | 'characters' | 'paragraphs';

/** How many places to cut at are looked at. */
const mostTries = 8;

/**
 * The longest version of the text that ends with a whole sentence (or paragraph) and `passes`; undefined where there is none. `cutting` says how
 * much may go.
 */
export function trimmedTo(
  unit: Unit,
  text: string,
  { max, exactly, separator }: Bounds & { readonly separator?: string | undefined },
  cutting: Cutting,
  passes: (text: string) => boolean,
): string | undefined {
  const limit = exactly ?? max;
  // JSON is no prose to be cut.
  if (limit === undefined || /^\s*[{[]/.test(text)) return undefined;
  const tail = tailOf(text);
  const body = text.slice(0, tail).trimEnd().length;
  const all = sentences(text);
  const ends = (unit === 'paragraphs' ? paragraphs(text, separator) : all)
    .map(([, end]) => end)
    .filter((end) => end <= body && end > 0);
  const sizes = sizesAt([...ends, body, text.length], unit, text, separator);
  const ofTail = (sizes.at(-1) ?? 0) - (sizes.at(-2) ?? 0);
  const fitting = ends.filter((_, index) => {
    const size = (sizes[index] ?? 0) + ofTail;
    return exactly === undefined ? size <= limit : size === exactly;
  });
  const mayCut = cutRules(text, all, cutting);
  for (const from of fitting.slice(-mostTries).reverse()) {
    if (!mayCut(from, tail === text.length ? tail : body)) continue;
    const shorter = tail === text.length ? text.slice(0, from) : text.slice(0, from) + text.slice(body);
    if (passes(shorter)) return shorter;
  }
  return undefined;
}

/** The text up to the end of `span`, where that ends a sentence and what follows is nothing that answers; nothing where it is. */
export function cutAfter(text: string, [, end]: Span, cutting: Cutting): string[] {
  if (/^[.!?…。！？"'”’»*_)\s]*$/.test(text.slice(end))) return [text.slice(0, end)];
  const all = sentences(text);
  const isEnd = all.some(([, last]) => last >= end && /^[.!?…。！？"'”’»*_)]*$/.test(text.slice(end, last)));
  const lineEnds = /^["'”’»*_)]*[^\S\n]*\n/.test(text.slice(end, end + 40));
  if (!(isEnd || lineEnds) || tailOf(text) < text.length) return [];
  const rest = /^[.!?…。！？"'”’»*_)]*/.exec(text.slice(end))?.[0].length ?? 0;
  return cutRules(text, all, cutting)(end + rest, text.length) ? [text.slice(0, end)] : [];
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
