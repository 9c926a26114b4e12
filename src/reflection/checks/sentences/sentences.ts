/**
 * Where sentences stand in a text. Rules by hand, for prose that a model writes: abbreviations, initials, decimals, ellipses and quotations do
 * not end a sentence; a blank line, a list item and a heading do. Headings, code, table rows, salutations and signatures hold none. Where two
 * readers would count differently, there is a least and a most. Not the Punkt algorithm: benchmarks that are scored by Punkt need Punkt.
 */
import type { Span } from '../check.ts';
import { type FullStops, fullStopsOf } from './abbreviations.ts';
import { endingAt, type SentenceEnd } from './ends.ts';
import { blocksOf, isFragment, type LineKind, proseOf } from './lines.ts';
import { Quotation } from './quotation.ts';

interface Piece {
  readonly span: Span;
  /** Whether every reader, and not only some, would begin a sentence here. */
  readonly begins: boolean;
  readonly kind: LineKind;
}

/** How many sentences a text has to a reader who sees few, and to one who sees many. */
export interface SentenceCount {
  readonly least: number;
  readonly most: number;
}

/** Every sentence, with its end mark and closing quotes; never divided where a reader might not. */
export function sentences(text: string): Span[] {
  const pieces = countedPieces(text);
  const found: Span[] = [];
  for (const { span, begins } of pieces) {
    const before = found.at(-1);
    if (begins || !before) found.push(span);
    else found[found.length - 1] = [before[0], span[1]];
  }
  return found;
}

/** How many sentences a text has; undefined in a script that does not mark where they end. */
export function countSentences(text: string): SentenceCount | undefined {
  if (hasUnmarkedScript(text)) return undefined;
  const pieces = countedPieces(text);
  const least = pieces.filter(({ begins, kind }) => begins && kind !== 'label').length;
  const isNone = pieces.every(({ kind }) => kind === 'none');
  return { least: isNone ? 0 : Math.max(least, 1), most: pieces.length };
}

// A text's sentences are asked for several times in a row.
let last: { readonly text: string; readonly pieces: readonly Piece[] } | undefined;

/** The pieces that may be sentences; where there are none, what else there is. */
function countedPieces(text: string): readonly Piece[] {
  if (last?.text === text) return last.pieces;
  const all = piecesOf(text);
  const counted = all.filter(({ kind }) => kind !== 'none');
  const pieces = counted.length > 0 ? counted : all;
  last = { text, pieces };
  return pieces;
}

function piecesOf(text: string): Piece[] {
  const prose = masked(proseOf(text));
  const fullStops = fullStopsOf(prose);
  const blocks = blocksOf(prose);
  return blocks.flatMap(({ span, kind }) => {
    const block = prose.slice(...span);
    const found =
      kind === 'none' ? [{ ...trimmed(block, [0, block.length]), begins: true }] : divided(block, fullStops);
    const isLabel =
      blocks.length > 1 && found.slice(0, -1).every((each) => each.kind === 'label') && isFragment(block, kind);
    return found.map(({ span: [start, end], begins, kind: own }): Piece => {
      const place: Span = [span[0] + start, span[0] + end];
      return { span: place, begins, kind: kind === 'none' ? 'none' : isLabel ? 'label' : own };
    });
  });
}

const marks =
  /(?<marks>[.!?…。！？．｡।؟۔။።։]+|(?<=\p{Script=Greek});(?=\s))(?<closers>(?:["'”’»«“)\]}*_~`」』）】》〉]|[^\S\r\n]»|[^\S\r\n]?\[\^?\d{1,3}(?:[,–-]\s?\d{1,3}){0,4}\]|[¹²³⁰-⁹])*)|(?<line>\r\n|\r|\n)|(?<picture>(?![©®™])\p{Extended_Pictographic}(?:\p{Emoji_Modifier}|\u200d|\ufe0f)*)/gu;

/** The pieces of one block, divided wherever some reader would. */
function divided(block: string, fullStops: FullStops): Piece[] {
  const found: Piece[] = [];
  const quotation = new Quotation(block);
  const isLowercase = !/\p{Lu}/u.test(block);
  let start = 0;
  let begins = true;
  let previousSentence = '';
  for (const match of block.matchAll(marks)) {
    const end = match.index + match[0].length;
    const before = block.slice(Math.max(start, match.index - 80), match.index);
    const following = followingAt(block, end);
    const { marks = '', closers = '', line } = match.groups ?? {};
    quotation.readTo(match.index, start);
    const ending =
      marks === ''
        ? endingWithoutMark(before, line, following)
        : endingAt({
            before,
            marks,
            closers,
            following,
            isShort: match.index - start <= 40,
            previousSentence,
            isQuoted: quotation.isOpen,
            isLowercase,
            fullStops,
          });
    if (ending === 'goes on' || !/[\p{L}\p{N}]/u.test(block.slice(start, match.index))) continue;
    found.push({ ...trimmed(block, [start, end]), begins });
    begins = ending === 'ends';
    const sentence = block.slice(start, end).trim();
    previousSentence = sentence.slice(0, 80) + sentence.slice(80).slice(-80);
    start = end;
  }
  if (/[\p{L}\p{N}]/u.test(block.slice(start))) found.push({ ...trimmed(block, [start, block.length]), begins });
  return found;
}

/** What follows the offset, with a long gap as one blank. */
function followingAt(block: string, at: number): string {
  const following = block.slice(at, at + 80);
  return following.trim() === '' ? ` ${block.slice(at).trimStart().slice(0, 80)}` : following;
}

/** A new line or a picture may take a full stop's place: "See you 😊 Anna". */
function endingWithoutMark(before: string, line: string | undefined, following: string): SentenceEnd {
  const written = before.trimEnd();
  const next = following.trimStart();
  if (/[.!?…。！？,，、;]["'”’»)\]*_]*$/.test(written) || !/^[\s\p{Lu}\p{Lo}\p{N}"“„«*_([]/u.test(next))
    return 'goes on';
  if (line === undefined) return /^\s+[\p{Lu}\p{Lo}]/u.test(following) ? 'unsure' : 'goes on';
  // A line as wide as a page's is wrapped.
  return before.length - before.lastIndexOf('\n') > 60 ? 'goes on' : 'unsure';
}

/** The prose with what holds full stops of its own (inline code, addresses) as digits, and smileys as pictures; every character keeps its place. */
function masked(prose: string): string {
  const digits = (found: string): string => '0'.repeat(found.length);
  const address = (found: string): string => {
    const end = /[.,;:!?…)\]"'”’*_>]{0,40}$/.exec(found)?.index ?? found.length;
    return digits(found.slice(0, end)) + found.slice(end);
  };
  return prose
    .replace(/`[^`\r\n]+`/g, digits)
    .replace(/(?:https?:\/\/|www\.)[^\s<>]+/gi, address)
    .replace(/(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+/g, digits)
    .replace(/(?<![\w.@-])[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}\/[^\s<>]*/g, address)
    .replace(/(?<=\s)[:;=]['-]?[)(DPpOo3|\]](?=[\s.!?,]|$)/g, (smiley) => '🙂'.padEnd(smiley.length));
}

/** Thai and Lao put a space between sentences, and elsewhere too. */
function hasUnmarkedScript(text: string): boolean {
  const unmarked = text.match(/[\p{Script=Thai}\p{Script=Lao}]/gu)?.length ?? 0;
  return unmarked > 0 && unmarked * 5 > (text.match(/\p{L}/gu)?.length ?? 0);
}

function trimmed(block: string, [start, end]: Span): Omit<Piece, 'begins'> {
  const piece = block.slice(start, end);
  const lead = piece.length - piece.trimStart().length;
  // "**Note.** It is small.", "Step 1. Mix the flour."
  const isLabel =
    /^(?:\*\*|__)(?:[^\s*_]{1,30}(?: [^\s*_]{1,30})?\.|[^*_]{1,40}:)(?:\*\*|__)$|^\W*\p{Lu}\p{L}{1,20} \p{N}{1,3}\.\W*$/u.test(
      piece.trim(),
    );
  return { span: [start + lead, start + piece.trimEnd().length], kind: isLabel ? 'label' : 'prose' };
}
