/** Where words stand in a text. */
import type { Span } from './check.ts';
import { unspacedScripts } from './scripts.ts';

// A word is a run of letters and digits. Apostrophes, hyphens, full stops, `&`, `_`, `~` and `@` join ("don't", "well-known", "3.14", "R&D"),
// and so do commas and colons between digits ("1,000", "10:30") and emphasis within a word. An address is one word. Other signs and emoji are none.
const address = String.raw`https?:\/\/\S+|www\.[^\s<>]+|(?<![\w.@-])[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}\/[^\s<>]+`;
// "It ended.Then we left." has a full stop without its space; "Node.js", "ASP.NET" and "example.org" are names.
const missingSpace = String.raw`(?<=\p{Ll}{2})\.(?=\p{Lu}\p{Ll}*(?![\p{L}\p{N}(]|[.@/_-][\p{L}\p{N}]))(?!(?:Js|Net|Com|Org|Io|Java|Py|Md|Txt|Pdf|Exe|Html|Css)(?!\p{L}))|(?<=\p{Lo}{2})\.(?=\p{Lo})`;
const joiner = String.raw`(?!${missingSpace})['’‘ʼ‐‑.&_~@\u00ad-]|\u200c|\u200d|(?<=\p{N})[,:](?=\p{N})|(?<=\p{L})(?:\*{1,3}|_{2,3}|~~)(?=\p{L})`;
const word = new RegExp(
  String.raw`${address}|[\p{L}\p{N}][\p{L}\p{N}\p{M}]*(?:(?:${joiner})[\p{L}\p{N}][\p{L}\p{N}\p{M}]*)*`,
  'gu',
);

/** Every word, in order. */
export function words(text: string): Span[] {
  return Array.from(text.matchAll(word), (match) => [match.index, match.index + match[0].length] as const);
}

const unspaced = new RegExp(`[${unspacedScripts}]+`, 'gu');

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
