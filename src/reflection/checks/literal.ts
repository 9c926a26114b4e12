/** Finding a caller's words in a text. They become a pattern of literals only, so that searching stays linear. */
import type { Span } from './check.ts';
import { fold, foldedOnce, unfolded } from './folding.ts';
import { unspacedScripts } from './scripts.ts';

interface LiteralOptions {
  readonly caseSensitive: boolean;
  /** Whether the phrase must be a word of its own. Particles, articles and prepositions that are written with a word belong to it: "환불은", "المبلغ". */
  readonly wholeWord: boolean;
}

/** Every place where the phrase stands; spelling (NFC), typographic signs, emphasis and white space aside. */
export function occurrences(text: string, phrase: string, { caseSensitive, wholeWord }: LiteralOptions): Span[] {
  // A phrase without letters or digits is matched exactly.
  const isWording = /[\p{L}\p{N}]/u.test(phrase);
  if (!isWording) return found(text, literalSource(phrase), caseSensitive);
  const emphasis = !/[*_~]/.test(phrase);
  const folding = foldedOnce(text, emphasis);
  const wanted = fold(phrase.trim(), { emphasis: false }).text;
  const source = wholeWord ? wordSource(wanted) : literalSource(wanted);
  return unfolded(folding, found(folding.text, source, caseSensitive));
}

function found(text: string, source: string, caseSensitive: boolean): Span[] {
  const pattern = new RegExp(source, caseSensitive ? 'gv' : 'giv');
  return Array.from(text.matchAll(pattern), (match) => [match.index, match.index + match[0].length] as const);
}

// Scripts without spaces have no word edges to look for.
const edge = `[[\\p{L}\\p{N}\\p{M}_]--[${unspacedScripts}]]`;

const koreanParticle =
  '(?:은|는|이|가|을|를|의|에|에서|에게|에게서|께|께서|한테|으로|로|으로서|로서|으로써|로써|와|과|랑|이랑|하고|도|만|부터|까지|보다|처럼|마다|조차|마저|밖에|이나|나|라도|이라도|이란|란|이라는|라는|이라고|라고|이든|든|들|씩|뿐|요|이다|입니다|이에요|예요|이며|이고|인|인지|이었|였|입니까|님|시)';
// A noun with these is a verb: "환불해 드립니다".
const koreanVerb = '(?:하|해|했|할|한|함|합|되|돼|됐|될|된|됨|됩|받|드|시키|시켜)[\\p{Script=Hangul}]{0,6}';

/** How words of a script carry what other languages write as words of their own: by the script of the phrase's first and last letter. */
const attached = [
  { script: /^\p{Script=Hangul}$/u, before: '', after: '(?:은|는|을|를|에서|에게|부터|까지|으로)?' },
  { script: /^[\p{Script=Hangul}\s]{2,}$/u, before: '', after: `(?:${koreanParticle}{0,3}|${koreanVerb})` },
  {
    script: /^[\p{Script=Arabic}\s]{3,}$/u,
    before: '(?:[وف]?[بكلس]?(?:ال)?|[وف]?لل)',
    after: '(?:ه|ها|هما|هم|هن|ك|كم|نا|ي)?',
  },
  { script: /^[\p{Script=Hebrew}\s]{3,}$/u, before: '(?:ו?(?:כש|מש|ש)?[בלמכ]?ה?)', after: '' },
] as const;

function wordSource(phrase: string): string {
  const literal = literalSource(phrase);
  const own = attached.find(({ script }) => script.test(phrase));
  const [before, after] = [own?.before ?? '', own?.after ?? ''];
  return `(?<=(?<!${edge})${before})${literal}(?=${after}(?!${edge}))`;
}

/** A pattern's source that matches exactly this phrase. */
export function literalSource(phrase: string): string {
  return Array.from(phrase.trim().replace(/\s+/g, ' '), (character) => {
    if (character === ' ') return '\\s+';
    if (/['’‘]/.test(character)) return "['’‘]";
    return escaped(character);
  }).join('');
}

/** The text as the source of a pattern that matches it letter for letter. */
export function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
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
