/** Finding a quotation in a text the way a reader would: exactly, or with white space, case and typographic signs set aside. */
import type { Span } from './checks/check.ts';

/** Where `quote` stands in `text`, as a span of the text itself; null when it does not stand there. */
export function locate(quote: string, text: string): Span | null {
  const trimmed = quote.trim();
  if (trimmed === '') return null;
  const exact = text.indexOf(trimmed);
  if (exact >= 0) return [exact, exact + trimmed.length];
  const wanted = folded(trimmed).text.trim();
  if (wanted.length < 3) return null;
  const { text: haystack, origins } = folded(text);
  const at = haystack.indexOf(wanted);
  if (at < 0) return null;
  const start = origins[at] ?? 0;
  const last = origins[at + wanted.length - 1] ?? start;
  return [start, last + 1];
}

const foldings: Readonly<Record<string, string>> = {
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '–': '-',
  '—': '-',
  '‑': '-',
  '…': '.',
  '\u00a0': ' ',
};

/** The text in lower case with plain quotes and dashes, runs of white space as one blank and none after `<`; with each character's origin. */
function folded(text: string): { readonly text: string; readonly origins: readonly number[] } {
  const characters: string[] = [];
  const origins: number[] = [];
  for (let index = 0; index < text.length; index += 1) {
    const raw = text[index] ?? '';
    const plain = (foldings[raw] ?? raw).toLowerCase();
    const character = /\s/.test(plain) ? ' ' : plain.slice(0, 1);
    // Fencing takes our tags apart by a blank after `<`, so a quotation of one comes back with it.
    if (character === ' ' && (characters.at(-1) === ' ' || characters.at(-1) === '<')) continue;
    characters.push(character);
    origins.push(index);
  }
  return { text: characters.join(''), origins };
}
