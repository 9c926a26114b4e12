/**
 * Replaces or removes a punctuation mark so that the sentence stays readable. No word is lost. A mark with a meaning of its own (an operator, a decimal
 * comma, a minus sign, code) stays, and a model is asked instead.
 */
import { fences } from '../checks/blocks.ts';
import { languages } from '../checks/language/evidence.ts';
import { withoutDash } from './dashes.ts';
import { aroundVerbatim } from './verbatim-places.ts';

/** Rewrites the text without this character; `may` says which others are free to use. */
type Replacement = (text: string, may: (character: string) => boolean) => string;

/**
 * Commas simply go: "However, it rains" stays readable, and no joining word is added between clauses. Those that group
 * thousands go too; those between other digits stay, since "3,5" is not 35, and so does one between what would read as one number ("12, 400").
 */
function withoutCommas(text: string): string {
  const mayBeDecimal = /(?<![\d,])\d{1,9},(?:\d{1,2}|\d{4,9})(?![\d,])/.test(text) || language(text) === 'other';
  const grouped = mayBeDecimal
    ? /(?<![\d,])[1-9]\d{0,2}(?:,\d{3}){2,9}(?![\d,])/g
    : /(?<![\d,])[1-9]\d{0,2}(?:,\d{3}){1,9}(?![\d,])/g;
  return text
    .replace(grouped, (number) => number.replaceAll(',', ''))
    .replace(/(?<!(?<!\d)\d{1,3}(?=,[^\S\n]\d{3}(?!\d))) ?,(?=\s|$)/g, '')
    .replace(/,(?=["'”’»*_)\]]{1,4}(?:[\s.;:!?]|$))/g, '')
    .replace(/(?<!\d),(?![\d\s])|(?<=\d),(?![\d\s–—-])/g, ' ');
}

/** Marks of other scripts that part clauses. */
const withoutMark =
  (mark: string): Replacement =>
  (text) =>
    text
      .replace(new RegExp(`${mark}(?=\\s|$)`, 'g'), '')
      .replace(new RegExp(`(?<!\\p{N})${mark}|${mark}(?!\\p{N})`, 'gu'), ' ');

/** "Really?!" keeps its question mark, "5! = 120" and "5! is 120" their factorials, "a != b" its operator; "¡Hola!" loses both of its marks. */
function withoutExclamation(text: string, may: (character: string) => boolean): string {
  const hasCase = /\p{Lu}/u.test(text);
  const isOnFactorials = /factorial|fakultät|factorielle|fattoriale|fatorial/i.test(text);
  return text.replace(/¡([^¡!\n]*)(?=!)/g, '$1').replace(/!+/g, (marks, at: number, whole: string) => {
    const before = whole.slice(Math.max(0, at - 2), at);
    const after = whole.slice(at + marks.length, at + marks.length + 8);
    if (/[?.…]$/.test(before) || after.startsWith('?')) return '';
    const isOperator =
      after.startsWith('=') ||
      (/(?:\p{N}|(?<!\p{L})\p{L})$/u.test(before) && /^\s*[=+*/×·^<>-]/.test(after)) ||
      (/\p{N}$/u.test(before) && marks === '!' && (isOnFactorials || /^\s(?:is|equals)\s/.test(after))) ||
      (/(?:^|[\s([])$/.test(before) && /^[\p{L}[(]/u.test(after));
    if (isOperator) return marks;
    // Within a sentence: "Stop!" he said; Yahoo! is a name.
    if (hasCase && /^["'”’»]{1,2}[^\S\n]+\p{Ll}/u.test(after)) return may(',') ? ',' : '';
    if (hasCase && /^[*_)]{0,2}[^\S\n]+\p{Ll}/u.test(after)) return '';
    return may('.') ? '.' : '';
  });
}

/** A semicolon ends a sentence; before "and", and between brackets, it is a strong comma. */
function withoutSemicolons(text: string, may: (character: string) => boolean): string {
  const comma = may(',') ? ',' : ';';
  const hasCase = /\p{Lu}/u.test(text);
  const milder = text
    .replace(/;(?=\s+(?:and|or|but|und|oder|aber|y|o|pero|et|ou|mais)\s)/g, comma)
    .replace(/\([^()\n]{0,400}\)/g, (inner) => inner.replace(/;(?=\s)/g, comma));
  if (!may('.')) return milder;
  const stop = (mark: string): string =>
    mark.replace(
      /;(\s+)(\p{Ll})/gu,
      (_, space: string, letter: string) => `.${space}${hasCase ? letter.toUpperCase() : letter}`,
    );
  return milder.replace(/\([^()\n]{0,400}\)|;\s+\p{Ll}|(?<![\p{Script=Greek}]);(?=\s|$)/gu, (found) =>
    found.startsWith('(') ? found : found === ';' ? '.' : stop(found),
  );
}

/** Stars that mark a list or a stress go, in pairs; an operator, a footnote's star and a rating stay. */
function withoutStars(text: string, may: (character: string) => boolean): string {
  const bullets = text.replace(/^([^\S\n]*)\*(?=[^\S\n](?![^\S\n]*[\p{N}(][^\n]{0,80}=))/gmu, may('-') ? '$1-' : '$1');
  const stressed = (marks: string): RegExp =>
    new RegExp(`(?<![\\w*\\\\)])${marks}(?=[^\\s*])([^*\\n]+)(?<=[^\\s\\\\])${marks}(?![\\w*(])`, 'gu');
  return bullets
    .replace(stressed('\\*'), (found, inner: string) => (/\p{L}/u.test(inner) ? inner : found))
    .replace(stressed('\\*\\*'), '$1')
    .replace(stressed('\\*\\*\\*'), '$1');
}

/** Quotation marks go in pairs: one after a number is an inch. */
function withoutQuotes(text: string): string {
  return text
    .split('\n')
    .map((line) => {
      const isPaired = (line.match(/"/g)?.length ?? 0) % 2 === 0;
      return isPaired && !/(?<![\p{L}.,!?]\s?)\p{N}"(?:\s*[x×]|\s+\p{Ll})/u.test(line)
        ? line.replaceAll('"', '')
        : line;
    })
    .join('\n');
}

/** Code that stands in back quotes is fenced otherwise; what is marked within a line loses its marks. */
function withoutBackticks(text: string, may: (character: string) => boolean): string {
  if (!may('~')) return text;
  let from = 0;
  let refenced = '';
  for (const { span } of fences(text)) {
    const code = text.slice(...span);
    const tildes = (marks: string): string => marks.replaceAll('`', '~');
    refenced += text.slice(from, span[0]) + code.replace(/^\s*`{3,}/, tildes).replace(/\n[^\S\n]*`{3,}\s*$/, tildes);
    from = span[1];
  }
  return refenced + text.slice(from);
}

/** Which marks numbers of this text have: small words tell English from what writes "3,5". */
function language(text: string): 'en' | 'other' | undefined {
  const found = new Set(
    text
      .slice(0, 4_000)
      .toLowerCase()
      .match(/[\p{L}\p{M}]+/gu) ?? [],
  );
  const hits = (code: 'en' | 'de' | 'fr' | 'es' | 'it' | 'pt' | 'nl'): number =>
    languages[code].words.split(' ').filter((word) => found.has(word)).length;
  const others = Math.max(...(['de', 'fr', 'es', 'it', 'pt', 'nl'] as const).map(hits));
  const english = hits('en');
  if (english > others) return /[^\P{L}\p{Script=Latin}]/u.test(text) ? undefined : 'en';
  return others > english ? 'other' : undefined;
}

const dash =
  (character: '—' | '–'): Replacement =>
  (text, may) =>
    withoutDash(text, character, language(text) === 'en', may);

const replacements: Readonly<Record<string, Replacement>> = {
  ',': withoutCommas,
  '，': withoutMark('，'),
  '、': withoutMark('、'),
  '،': withoutMark('،'),
  '!': withoutExclamation,
  '！': (text, may) => text.replace(/(?<=？)！+|！+(?=？)/g, '').replace(/！+/g, may('。') ? '。' : ''),
  ';': withoutSemicolons,
  '；': (text, may) => (may('。') ? text.replaceAll('；', '。') : text),
  '—': dash('—'),
  '–': dash('–'),
  '*': withoutStars,
  '#': (text) => text.replace(/^#{1,6}[^\S\n]+/gm, ''),
  '`': (text) => text.replace(/(?<!`)`([^`\n]+)`(?!`)/g, '$1'),
  '"': withoutQuotes,
  '’': (text, may) => (may("'") ? text.replaceAll('’', "'") : text),
  '‘': (text, may) => (may("'") ? text.replaceAll('‘', "'") : text),
  '“': (text, may) => text.replace(/„([^“„]*)“/g, may('"') ? '"$1"' : '$1').replaceAll('“', may('"') ? '"' : ''),
  '”': (text, may) => text.replaceAll('”', may('"') ? '"' : ''),
};

/** The text without these characters, as far as that can be done; letters, digits and marks that carry meaning stay. */
export function withoutCharacters(text: string, characters: readonly string[]): string {
  const may = (character: string) => !characters.includes(character);
  return characters.reduce((rest, character) => {
    const replace = Object.hasOwn(replacements, character) ? replacements[character] : undefined;
    if (!replace) return rest;
    const isBacktick = character === '`';
    return aroundVerbatim(isBacktick ? withoutBackticks(rest, may) : rest, !isBacktick, (open) => replace(open, may));
  }, text);
}
