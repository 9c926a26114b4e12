/** Where words stand in a text. */
import type { Span } from './check.ts';

// A word is a run of letters and digits. Apostrophes, hyphens, full stops, `&`, `_` and `@` join ("don't", "well-known", "3.14", "R&D"),
// and so do commas and colons between digits ("1,000", "10:30"). A URL is one word. Markdown's signs and emoji are none.
const word =
  /https?:\/\/\S+|[\p{L}\p{N}][\p{L}\p{N}\p{M}]*(?:(?:['’‘ʼ‐‑.&_@\u00ad-]|\u200c|\u200d|(?<=\p{N})[,:](?=\p{N}))[\p{L}\p{N}][\p{L}\p{N}\p{M}]*)*/gu;

/** Every word, in order. */
export function words(text: string): Span[] {
  return Array.from(text.matchAll(word), (match) => [match.index, match.index + match[0].length] as const);
}

const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]+/gu;

/** Whether so much of the text is in a script written without spaces (Chinese, Japanese, Thai…) that its words cannot be counted by looking. */
export function hasUnspacedScript(text: string): boolean {
  const letters = lengthOf(text, /\p{L}+/gu);
  return lengthOf(text, unspaced) > letters / 5;
}

function lengthOf(text: string, pattern: RegExp): number {
  let length = 0;
  for (const [run] of text.matchAll(pattern)) length += run.length;
  return length;
}
