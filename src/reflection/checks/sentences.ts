/**
 * Where sentences stand in a text. Rules by hand, for prose that a model writes: abbreviations, initials, decimals, ellipses and quotations do
 * not end a sentence; a blank line, a list item and a heading do. Headings, code and table rows hold none. Not the Punkt algorithm: benchmarks that
 * are scored by Punkt need Punkt.
 */
import { allLines, withoutFences } from './blocks.ts';
import type { Span } from './check.ts';

// Never the end of a sentence, whatever follows.
const neverLast = new Set(
  'mr mrs ms dr prof rev hon st mt capt lt col gen sgt gov sen rep pres messrs mme mlle e.g i.e eg ie vs cf viz approx bzw z.b d.h u.a ca ggf'.split(
    ' ',
  ),
);
// Not the end of a sentence when a number follows: "No. 5".
const beforeNumber = new Set('no nos fig figs eq vol vols sec pp p art'.split(' '));
// The end of a sentence when a word follows that usually begins one.
const maybeLast = new Set(
  'inc ltd co corp bros jr sr etc a.m p.m ph.d m.d b.a m.a b.sc m.sc jan feb apr jun jul aug sep sept oct nov dec ave blvd rd'.split(
    ' ',
  ),
);
const starters = new Set(
  'the a an this that these those it he she they we i you there here in on at by for from to when while if as after before since but and or so however then also its his her their our my your what why how who where'.split(
    ' ',
  ),
);

const ending = /([.!?…。！？।؟۔]+)(["'”’»)\]}*_]*)/g;
const listMarker = /^\s*(?:[-*+•]|\d{1,3}[.)])\s+/;

/** Every sentence, with its end mark and closing quotes. */
export function sentences(text: string): Span[] {
  const prose = withoutFences(text);
  return blocks(prose).flatMap(([start, end]) => sentencesOf(prose.slice(start, end), start));
}

/** Runs of lines that no sentence crosses. */
function blocks(text: string): Span[] {
  const found: Span[] = [];
  let open: Span | undefined;
  for (const [start, end] of allLines(text)) {
    const line = text.slice(start, end);
    const marker = listMarker.exec(line)?.[0].length ?? 0;
    const isProse = /[\p{L}\p{N}]/u.test(line) && !/^\s*(?:#{1,6}\s|\|)/.test(line);
    if (open && (!isProse || marker > 0)) {
      found.push(open);
      open = undefined;
    }
    if (isProse) open = [open?.[0] ?? start + marker, end];
  }
  if (open) found.push(open);
  return found;
}

function sentencesOf(block: string, offset: number): Span[] {
  const found: Span[] = [];
  let start = 0;
  const add = (end: number): void => {
    const piece = block.slice(start, end);
    const lead = piece.length - piece.trimStart().length;
    if (/[\p{L}\p{N}]/u.test(piece)) found.push([offset + start + lead, offset + start + piece.trimEnd().length]);
    start = end;
  };
  for (const match of block.matchAll(ending)) {
    const [whole, marks = '', closers = ''] = match;
    const end = match.index + whole.length;
    if (ends(block, start, match.index, marks, closers, end)) add(end);
  }
  add(block.length);
  return found;
}

/** Whether the marks at `at` end the sentence that began at `start`. */
function ends(block: string, start: number, at: number, marks: string, closers: string, end: number): boolean {
  if (/[。！？।۔]/.test(marks)) return true;
  const following = block.slice(end, end + 60);
  if (following.trim() === '') return true;
  if (!/^\s/.test(following)) return false;
  const next = /^[\s"'“‘«([{*_]*([\p{L}\p{M}\p{N}'’]*)/u.exec(following)?.[1] ?? '';
  if (/["”’»']/.test(closers) && /^\p{Ll}/u.test(next)) return false;
  if (marks.includes('…') || marks.startsWith('..')) return !/^\p{Ll}/u.test(next);
  if (marks === '!' && isNameWithMark(block.slice(start, at), following)) return false;
  return marks !== '.' || fullStopEnds(block.slice(Math.max(start, at - 24), at), next, at - start <= 3);
}

/** "I read Yahoo! every day": a name within a sentence that otherwise begins with a capital, and then a word in lower case. */
function isNameWithMark(before: string, following: string): boolean {
  return (
    /^[^\p{L}]*\p{Lu}.*\s\p{Lu}[\p{L}\p{M}]*$/su.test(before) &&
    /^ \p{Ll}[\p{L}\p{M}]*(?![\p{L}\p{N}])/u.test(following) &&
    !/^ i\b/.test(following)
  );
}

function fullStopEnds(before: string, next: string, atStart: boolean): boolean {
  const token = /[\p{L}\p{M}\p{N}.]+$/u.exec(before)?.[0] ?? '';
  const lower = token.toLowerCase();
  if (neverLast.has(lower) || (beforeNumber.has(lower) && /^\p{N}/u.test(next))) return false;
  // "1. First" where the number is all there is so far.
  if (atStart && /^\d+$/.test(token) && before.trim() === token) return false;
  const mayBegin = /^\p{Lu}/u.test(next) && starters.has(next.toLowerCase());
  if (maybeLast.has(lower) || /^(?:\p{L}\.)+\p{L}$/u.test(token)) return mayBegin;
  return !(/^\p{Lu}$/u.test(token) && token !== 'I') || mayBegin;
}
