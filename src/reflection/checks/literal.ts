/** Finding a caller's words in a text. They become a pattern of literals only, so that searching stays linear. */
import type { Span } from './check.ts';

interface LiteralOptions {
  readonly caseSensitive: boolean;
  /** Whether a letter or digit may not stand right before or after. */
  readonly wholeWord: boolean;
}

/** Every place where the phrase stands; typographic apostrophes and any white space count as plain ones. */
export function occurrences(text: string, phrase: string, options: LiteralOptions): Span[] {
  const pattern = literalPattern(phrase, options);
  return Array.from(text.matchAll(pattern), (match) => [match.index, match.index + match[0].length] as const);
}

function literalPattern(phrase: string, { caseSensitive, wholeWord }: LiteralOptions): RegExp {
  const literal = literalSource(phrase);
  const flags = caseSensitive ? 'gu' : 'giu';
  if (!wholeWord) return new RegExp(literal, flags);
  // Scripts without spaces have no word edges to look for.
  const edge = '[[\\p{L}\\p{N}\\p{M}_]--[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}]]';
  return new RegExp(`(?<!${edge})${literal}(?!${edge})`, flags.replace('u', 'v'));
}

/** A pattern's source that matches exactly this phrase. */
export function literalSource(phrase: string): string {
  return Array.from(phrase.trim().replace(/\s+/g, ' '), (character) => {
    if (character === ' ') return '\\s+';
    if (/['’‘]/.test(character)) return "['’‘]";
    return /[\\^$.*+?()[\]{}|/]/.test(character) ? `\\${character}` : character;
  }).join('');
}

/** The text as two spellings of it are compared: white space, case and typographic signs set aside. */
export function folded(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[‘’ʼ`]/g, "'")
    .replace(/[“”„«»]/g, '"')
    .replace(/[‐‑–—−]/g, '-')
    .replace(/\s+/g, ' ')
    .trim();
}

/** The text without these characters and white space at its edges. From the edges inwards, because a pattern ending in `+$` takes quadratic time. */
export function stripped(text: string, characters: string): string {
  const isEdge = (at: number) => characters.includes(text[at] ?? '') || /\s/.test(text[at] ?? '');
  let start = 0;
  let end = text.length;
  while (start < end && isEdge(start)) start += 1;
  while (end > start && isEdge(end - 1)) end -= 1;
  return text.slice(start, end);
}
