/** What a text states that can be looked up: numbers, dates, proper names, URLs and quotations, each with the keys by which another text is searched for it. */
import { blanked, withoutFences } from './blocks.ts';
import type { Span } from './check.ts';
import { isWrittenIn } from './language.ts';
import { folded, stripped } from './literal.ts';
import { sentences } from './sentences.ts';

export const claimKinds = ['numbers', 'names', 'urls', 'quotations'] as const;
export type ClaimKind = (typeof claimKinds)[number];

/** A claim is supported when one of its `keys` is among the keys of a source. */
export interface SourceClaim {
  readonly kind: ClaimKind;
  readonly span: Span;
  readonly keys: readonly string[];
}

/** A claim, or a piece of text already accounted for and looked at no further. */
interface Found {
  readonly claims: readonly SourceClaim[];
  /** The text with what was found blanked out, each character keeping its place. */
  readonly rest: string;
}

function take(
  text: string,
  pattern: RegExp,
  kind: ClaimKind,
  keysOf: (match: RegExpMatchArray) => readonly string[],
): Found {
  const claims = Array.from(text.matchAll(pattern), (match): SourceClaim => {
    const start = match.index ?? 0;
    return { kind, span: [start, start + match[0].length], keys: keysOf(match) };
  });
  return {
    claims,
    rest: blanked(
      text,
      claims.map(({ span }) => span),
    ),
  };
}

function urls(text: string): Found {
  return take(text, /\b(?:https?:\/\/|www\.)[^\s<>"'”’)\]}]*[^\s<>"'”’)\]}.,;:!?*_`]/gi, 'urls', ([url = '']) => [
    urlKey(url),
  ]);
}

/** The address without what does not change where it leads: scheme, `www.`, case of the host, a slash at the end. */
function urlKey(url: string): string {
  const [, host = '', path = ''] = /^(?:https?:\/\/)?(?:www\.)?([^/?#]*)(.*)$/is.exec(url) ?? [];
  return `url ${host.toLowerCase()}${path.replace(/\/$/, '')}`;
}

const monthNames = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];
const month = `(${monthNames.map((name) => `${name.slice(0, 3)}(?:${name.slice(3)}|${name === 'september' ? 't?' : ''}\\.)?`).join('|')}|sept)`;
const day = '([0-3]?\\d)(?:st|nd|rd|th)?';
const year = '([12]\\d{3})';
const datePatterns: readonly (readonly [pattern: RegExp, order: readonly ('y' | 'm' | 'd')[]])[] = [
  [new RegExp(`\\b${day}\\s(?:of\\s)?${month},?\\s${year}\\b`, 'gi'), ['d', 'm', 'y']],
  [new RegExp(`\\b${month}\\s${day},?\\s${year}\\b`, 'gi'), ['m', 'd', 'y']],
  [new RegExp(`\\b${year}-([01]?\\d)-([0-3]?\\d)\\b`, 'g'), ['y', 'm', 'd']],
  [new RegExp(`\\b${year}/([01]?\\d)/([0-3]?\\d)\\b`, 'g'), ['y', 'm', 'd']],
  [new RegExp(`\\b([0-3]?\\d)[./]([01]?\\d)[./]${year}\\b`, 'g'), ['d', 'm', 'y']],
  [new RegExp(`\\b([01]?\\d)/([0-3]?\\d)/${year}\\b`, 'g'), ['m', 'd', 'y']],
  [new RegExp(`\\b${month}\\s${year}\\b`, 'gi'), ['m', 'y']],
  [new RegExp(`\\b${day}\\s(?:of\\s)?${month}(?![a-z])`, 'gi'), ['d', 'm']],
  [new RegExp(`\\b${month}\\s${day}\\b(?![:.,]\\d)`, 'gi'), ['m', 'd']],
];

/** Dates in words and figures: the claim is the day, month and year as far as given. */
function dates(text: string): Found {
  let rest = text;
  const claims: SourceClaim[] = [];
  for (const [pattern, order] of datePatterns) {
    const found = take(rest, pattern, 'numbers', (match) => {
      const part = (name: 'y' | 'm' | 'd') => (order.includes(name) ? figure(match[order.indexOf(name) + 1]) : '');
      const [y, m, d] = [part('y'), part('m'), part('d')];
      const first = `date ${y}-${m}-${d}`;
      // 03/04/2024 is either of two days.
      return /^\d{1,2}[./]/.test(match[0]) ? [first, `date ${y}-${d}-${m}`] : [first];
    });
    claims.push(...found.claims);
    rest = found.rest;
  }
  return { claims, rest };
}

function figure(part = ''): string {
  const name = monthNames.findIndex((each) => each.startsWith(part.toLowerCase().slice(0, 3)));
  return String(name >= 0 ? name + 1 : Number(part));
}

const scales: Readonly<Record<string, number>> = {
  k: 1e3,
  thousand: 1e3,
  m: 1e6,
  mn: 1e6,
  million: 1e6,
  bn: 1e9,
  b: 1e9,
  billion: 1e9,
  trillion: 1e12,
};
const smallNumbers =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty'.split(
    ' ',
  );
const tens = 'thirty forty fifty sixty seventy eighty ninety hundred'.split(' ');
const numberWords = new Map([
  ...smallNumbers.map((word, index) => [word, index] as const),
  ...tens.map((word, index) => [word, 30 + index * 10] as const),
]);

/** Numbers in figures, however grouped, with "million" and its like reckoned in. List numbers are none. */
function numbers(text: string): Found {
  const unlisted = text.replace(/^[^\S\n]*(?:#{1,6}[^\S\n]+)?\(?\d{1,3}[.)](?=\s)/gm, (mark) =>
    ' '.repeat(mark.length),
  );
  const pattern =
    /(?<![\p{L}\d.,])\d+(?:[.,’'\u00a0\u202f]\d+)*(?:\s?(thousand|million|billion|trillion|bn|mn|[kmb])(?![\p{L}]))?/giu;
  return take(unlisted, pattern, 'numbers', (match) => numberKeys(match[0], match[1]));
}

function numberKeys(written: string, scale: string | undefined): readonly string[] {
  const digits = written.replace(/[^\d.,]/g, '').replace(/[.,]$/, '');
  const factor = scales[scale?.toLowerCase() ?? ''] ?? 1;
  return plainReadings(digits).map((plain) => `number ${Number((Number(plain) * factor).toPrecision(15))}`);
}

/** `1,234.5` and `1.234,5` alike; `1,234` and `1.234` may each be either. */
function plainReadings(digits: string): readonly string[] {
  const grouped = /^\d{1,3}([.,])\d{3}$/.exec(digits);
  if (grouped) return [digits.replace(/[.,]/, ''), digits.replace(',', '.')];
  const lastMark = Math.max(digits.lastIndexOf('.'), digits.lastIndexOf(','));
  const mark = digits[lastMark] ?? '';
  const isDecimal = lastMark >= 0 && digits.indexOf(mark) === lastMark;
  const whole = (isDecimal ? digits.slice(0, lastMark) : digits).replace(/[.,]/g, '');
  return [isDecimal ? `${whole}.${digits.slice(lastMark + 1)}` : whole];
}

/** Quotations of three words and more; shorter ones name a thing as often as they quote it. */
function quotations(text: string): Found {
  const found = take(
    text,
    /"([^"\n]{8,2000})"|“([^“”\n]{8,2000})”|«([^«»\n]{8,2000})»|„([^„“”\n]{8,2000})[“”]/g,
    'quotations',
    (match) => [quotationKey(match[1] ?? match[2] ?? match[3] ?? match[4] ?? '')],
  );
  const claims = found.claims.filter(({ keys }) => (keys[0]?.split(' ').length ?? 0) >= 3);
  return {
    claims,
    rest: blanked(
      text,
      claims.map(({ span }) => span),
    ),
  };
}

export function quotationKey(text: string): string {
  return stripped(folded(text), '.,;:!?');
}

// Words that stand in capitals for other reasons than being a name.
const notNames = new Set(
  'i ok okay yes no note summary answer conclusion overview introduction key a an the this that these those it its he she they we you your my our his her their and or but if so in on at by for from to of with as is are was were be there here when while after before since because however therefore thus also then first second third finally according based what who where why how which not all both each some many most'.split(
    ' ',
  ),
);

/** Proper names: words in capitals within a sentence. At its start only capitals of more than one letter, or names of several words, are certain. */
function names(text: string): SourceClaim[] {
  const capitalised: {
    readonly span: Span;
    readonly word: string;
    readonly sentence: number;
    readonly first: boolean;
  }[] = [];
  let inner = 0;
  for (const [sentence, [start, end]] of sentences(text).entries()) {
    let first = true;
    for (const match of text.slice(start, end).matchAll(/[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:['’-][\p{L}\p{N}]+)*/gu)) {
      const [word] = match;
      if (!first) inner += 1;
      if (/^\p{Lu}/u.test(word))
        capitalised.push({ span: [start + match.index, start + match.index + word.length], word, sentence, first });
      // What follows a colon or an opening quotation mark begins a sentence of its own.
      const end = start + match.index + word.length;
      first = /^(?::|\s["“(*]|["“])/.test(text.slice(end, end + 2));
    }
  }
  // Where nouns, titles or shouting stand in capitals, capitals say nothing.
  if (capitalised.filter(({ first }) => !first).length > Math.max(4, inner * 0.6) || isWrittenIn(text, 'de')) return [];
  return capitalised.flatMap(({ span, word, sentence, first }, index) => {
    const next = capitalised[index + 1];
    const continues = next?.sentence === sentence && next.span[0] - span[1] === 1;
    const isAcronym = /^\p{Lu}{2,}/u.test(word);
    const key = nameKey(word);
    if (notNames.has(key) || (first && !isAcronym && !continues)) return [];
    return [{ kind: 'names' as const, span, keys: [`name ${key}`] }];
  });
}

function nameKey(word: string): string {
  return word
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/['’]s?$/, '');
}

/** Everything in the text that can be looked up, in order. */
export function sourceClaims(text: string, kinds: readonly ClaimKind[]): SourceClaim[] {
  const links = urls(withoutFences(text));
  const quotes = quotations(links.rest);
  const days = dates(quotes.rest);
  const figures = numbers(days.rest);
  const all = [...links.claims, ...quotes.claims, ...days.claims, ...figures.claims, ...names(days.rest)];
  return all.filter(({ kind }) => kinds.includes(kind)).sort((one, other) => one.span[0] - other.span[0]);
}

/** Every key that the text gives support to. */
export function supportedKeys(text: string): ReadonlySet<string> {
  const links = urls(text);
  const days = dates(links.rest);
  const keys = new Set<string>();
  const add = (found: readonly SourceClaim[]) => {
    for (const claim of found) for (const key of claim.keys) keys.add(key);
  };
  add(links.claims);
  add(days.claims);
  for (const {
    keys: [key = ''],
  } of days.claims)
    addDateParts(key, keys);
  add(numbers(days.rest).claims);
  for (const [word] of text.matchAll(/[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:['’-][\p{L}\p{N}]+)*/gu)) {
    keys.add(`name ${nameKey(word)}`);
    for (const part of word.split('-')) keys.add(`name ${nameKey(part)}`);
    const value = numberWords.get(word.toLowerCase());
    if (value !== undefined) keys.add(`number ${value}`);
  }
  return keys;
}

/** A whole date supports its year, its month and its day of the month said alone. */
function addDateParts(key: string, keys: Set<string>): void {
  const [y = '', m = '', d = ''] = key.replace('date ', '').split('-');
  keys.add(`date ${y}-${m}-`);
  keys.add(`date -${m}-${d}`);
  if (y !== '') keys.add(`number ${y}`);
  if (d !== '') keys.add(`number ${d}`);
  const name = monthNames[Number(m) - 1];
  if (name !== undefined) keys.add(`name ${name}`);
}
