/** What a cut must not do: remove what answers the question, or leave an incomplete text. Where code is not sure, a model shortens. */
import { fences } from '../checks/blocks.ts';
import type { Span } from '../checks/check.ts';
import { announcesNext, isListItem, signOffOf } from '../checks/sentences/lines.ts';
import { hasUnspacedScript, words } from '../checks/words.ts';
import { isIndispensable } from './indispensable.ts';

/** How much of a text's words a cut keeps at least: by itself, and where no model could shorten it. With less it would be another answer. */
const leastShare = { byItself: 0.88, fallback: 0.6 } as const;

export type Cutting = keyof typeof leastShare;

/** Says whether a text may lose what stands from one offset to another: no answer is lost, and the text that is left is complete. */
export function cutRules(
  text: string,
  sentences: readonly Span[],
  cutting: Cutting,
): (from: number, to: number) => boolean {
  const code = fences(text).map(({ span }) => span);
  const isFallback = cutting === 'fallback';
  const least = size(text) * leastShare[cutting];
  return (from, to) => {
    const head = text.slice(0, from);
    const gone = text.slice(from, to);
    if (gone.trim() === '' || code.some((span) => span[1] > from && span[0] < to)) return false;
    if (!isWhole(head, gone)) return false;
    if (!sentences.some(([start, end]) => end <= from && isStatement(text.slice(start, end)))) return false;
    if (isAfterword(gone)) return true;
    if (size(head) + size(text.slice(to)) < least || isIndispensable(gone)) return false;
    if (isFallback) return true;
    // The only figures, a part of a list: a model shortens those, where there is one.
    return !(/\p{N}/u.test(gone) && !/\p{N}/u.test(head)) && !isListItem(firstLine(gone));
  };
}

/** Whether no table, quotation or stress is halved, and the head does not end with what announces the rest. */
function isWhole(head: string, gone: string): boolean {
  if (/^[^\S\n]*\|/m.test(gone)) return false;
  const last = lastLine(head);
  if (announcesNext(last) || (isListItem(firstLine(gone)) && !isListItem(last))) return false;
  return (
    pairs.every(([open, close]) => count(head, open) === count(head, close)) &&
    twins.every((each) => count(head, each) % 2 === 0)
  );
}

const pairs = [
  ['(', ')'],
  ['“', '”'],
  ['«', '»'],
  ['「', '」'],
  ['『', '』'],
  ['<<', '>>'],
  ['\\[', '\\]'],
] as const;
const twins = [/(?<!\*)\*\*(?!\*)/, '"', '$$', '`'] as const;

function count(text: string, part: string | RegExp): number {
  return text.split(part).length - 1;
}

/** Where the sign-off or postscript of a letter begins, at its line's start; the text's length where there is none. */
export function tailOf(text: string): number {
  const signOff = signOffOf(text)?.[0] ?? text.length;
  const added = postscript.exec(text.slice(Math.max(0, text.length - 1_500)));
  const first = added ? Math.max(0, text.length - 1_500) + added.index : text.length;
  return Math.min(signOff, first);
}

const postscript =
  /^[*_]{0,2}(?:p\.?\s?p?\.?\s?s\b\.?|p\.\s?-\s?s\.|p\.?\s?d\.?\s?:|n\.?\s?b\.?\s?:|추신|追伸|附言|又及)/imu;

function firstLine(text: string): string {
  return text.trimStart().split('\n', 1)[0] ?? '';
}

function lastLine(text: string): string {
  const whole = text.trimEnd();
  return whole.slice(whole.lastIndexOf('\n') + 1);
}

function size(text: string): number {
  return hasUnspacedScript(text) ? text.trim().length : words(text).length;
}

/** A question, praise or a single word is no answer. */
function isStatement(sentence: string): boolean {
  const bare = sentence.trim();
  if (
    /[?？؟;]["'”’»*_)]*$/.test(bare) ||
    /^(?:great|good|excellent|sure|certainly|of course|thanks|thank you)\b[^.!?]{0,40}!?$/i.test(bare)
  )
    return false;
  return (
    (bare.match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}'’-]*/gu)?.length ?? 0) >= 2 || (/\p{Lo}/u.test(bare) && bare.length >= 6)
  );
}

/** Talk after the answer. */
function isAfterword(gone: string): boolean {
  const talk =
    /^(?:(?:please )?let me know\b|i hope (?:this|that)\b|feel free to\b|if you have any (?:other |more |further )?questions\b)[^.!?\n]{0,160}[.!?]?$/i;
  return talk.test(gone.trim());
}
