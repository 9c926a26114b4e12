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
  const { text: haystack, starts, ends } = folded(text);
  const at = haystack.indexOf(wanted);
  const start = starts[at];
  const end = ends[at + wanted.length - 1];
  return start === undefined || end === undefined ? null : [start, end];
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
};

/**
 * The text in lower case with plain quotes and dashes, runs of white space as one blank and none after `<`, runs of dots as one; and where each
 * character begins and ends in the text.
 */
function folded(text: string) {
  const characters: string[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  let last = '';
  for (let index = 0; index < text.length; index += 1) {
    const character = plain(text[index] ?? '');
    // Fencing puts a blank after the `<` of our tags, so a quoted tag comes back with it.
    if (character === ' ' && (last === ' ' || last === '<')) continue;
    if (character === '.' && last === '.') {
      ends[ends.length - 1] = index + 1;
      continue;
    }
    last = character;
    characters.push(character);
    starts.push(index);
    ends.push(index + 1);
  }
  return { text: characters.join(''), starts, ends };
}

function plain(raw: string): string {
  if (raw > ' ' && raw <= '~') return raw.toLowerCase();
  if (/\s/.test(raw)) return ' ';
  return foldings[raw] ?? raw.toLowerCase().slice(0, 1);
}
