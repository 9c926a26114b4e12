/**
 * What of a draft a revision must keep, whatever the reason for it: its content words in proportion to what the failed checks ask to go, its links,
 * numbers, names and code. A mended check does not allow other content.
 */
import type { Span } from '../checks/check.ts';
import { contentWords, shared, sizeOf } from './content-words.ts';
import type { Demand } from './demand.ts';
import { citationPattern, mailPattern, urlPattern } from './verbatim-values.ts';

/** The texts, and what may change between them. */
export interface ContentInput {
  readonly before: string;
  readonly after: string;
  /** What the failed checks ask. */
  readonly demand: Demand;
  /** The places that confirmed issues quote. */
  readonly quoted: readonly Span[];
  /** Where words and values may come from besides the draft: the request and the sources. */
  readonly known: string;
}

/** The share that must stay of what no check asks to go. A rewording keeps about three quarters, another answer a third at most. */
const keptShare = 0.6;
/** The share that must stay of sentences that hold what is refuted. */
const refutedShare = 0.5;
/** A revision that keeps less than this share of the words replaces the text, whatever the strategy. */
const replacedShare = 0.2;
/** A text with fewer content words may change as a whole where a strategy needs no evidence. */
const fewWords = 6;
/** The share of numbers, links and names that must stay where some of the text has to go. */
const invariantShare = 0.7;
/** All links must stay unless more than this share of the text has to go. */
const linkShare = 0.3;
/** The share of names that must stay: some capitalised words are common words. */
const nameShare = 0.75;
/** What a translation must keep. It may spell numbers out and write names in another way. */
const translated = { numbers: 0.6, names: 0.34, least: 0.4, most: 2.5, words: 0.35 } as const;
/** The share of data's words that must stand in the draft or the request. */
const dataShare = 0.6;
/** The share of words that must stay when prose becomes JSON without a schema. It is lower where nearly all numbers stay. */
const proseShare = { words: 0.5, withNumbers: 0.25, numbers: 0.8, fewestNumbers: 3 } as const;

/** Why the revision gives up what it must keep, or null where it keeps enough. */
export function losesContent(input: ContentInput): string | null {
  switch (input.demand.rewrites) {
    case 'choice':
      return null;
    case 'translation':
      return losesInTranslation(input);
    case 'data':
    case 'record':
      return losesInData(input);
    case 'pattern':
      return comesFromElsewhere(input.after, input) ? 'the revision says what stood nowhere' : null;
    case null:
      return losesWords(input) ?? losesValues(input);
  }
}

/** Whether next to nothing of the text is left. */
export function isReplaced({ before, after, demand }: ContentInput): boolean {
  if (demand.rewrites !== null) return false;
  const words = contentWords(before);
  const size = sizeOf(words);
  return size > fewWords && shared(words, contentWords(after)) < replacedShare * (1 - demand.removes) * size;
}

function losesWords({ before, after, demand, quoted }: ContentInput): string | null {
  const kept = contentWords(after);
  const stays = 1 - demand.removes;
  // Half a word less, to allow for rounding in short texts.
  const enough = (words: number, from: number) => words >= keptShare * stays * from - 0.5;
  const outside = contentWords(without(before, [...demand.spans, ...quoted]));
  const all = contentWords(without(before, quoted));
  const [asked, whole] = [sizeOf(outside), sizeOf(all)];
  const share = shared(outside, kept);
  if (!enough(share, asked)) return tellShare(share, asked);
  const refuted = refutedShare * (whole - asked);
  const total = shared(all, kept);
  return enough(total, asked + refuted) ? null : tellShare(total, whole);
}

function tellShare(kept: number, of: number): string {
  return `the revision keeps ${Math.round((100 * kept) / Math.max(1, of))} % of what nothing asks to go`;
}

const numberPattern = /\p{N}[\p{N}.,'’]*/gu;
/** A space that does not break the line, between groups of thousands. */
const thousandsSpace = /(?<=\p{N})[\u00a0\u202f](?=\p{N}{3})/gu;
/** Numbers of a list, which a change of form takes away or puts in. */
const listMark = /^[^\S\n]*(?:[-*+•][^\S\n]+)?\(?\d{1,3}[.):][^\S\n]/gm;
const insideName = /(?<=[\p{Ll}\p{M},;] )\p{Lu}[\p{L}\p{M}]{2,}/gu;

/** Links, citations, numbers, names and code that nothing speaks against. */
function losesValues({ before, after, demand, quoted }: ContentInput): string | null {
  const outside = without(before, [...demand.spans, ...quoted]);
  const asserted = without(before, [
    ...demand.unwantedPlaces.map((place) => wholeName(before, place)),
    ...demand.refuted,
    ...quoted,
  ]);
  // Where some of the text has to go, the values in it go with it.
  const share = demand.removes === 0 ? 1 : (1 - demand.removes) * invariantShare;
  const losses = [
    lostOf(linksBut(before, demand, quoted), linksOf(after), demand.removes < linkShare ? 1 : share),
    demand.freesNumbers ? null : lostOf(numbersOf(asserted), numbersOf(after), share),
    lostOf(namesOf(outside), wordsOf(after), Math.min(share, nameShare)),
    demand.unwantedPlaces.length === 0 ? null : lostOf(certainNames(asserted), wordsOf(after), share),
    lostOf(codeLines(outside), linesOf(after), Math.min(share, invariantShare)),
  ];
  const lost = losses.find((loss) => loss !== null);
  return lost ? `the revision loses ${lost}` : null;
}

/** The links, but those that hold an unwanted word themselves. */
function linksBut(text: string, { refuted, unwanted }: Demand, quoted: readonly Span[]): ReadonlySet<string> {
  const words = unwanted.map((word) => word.toLowerCase());
  const links = linksOf(without(text, [...refuted, ...quoted]));
  return new Set([...links].filter((link) => !words.some((word) => link.toLowerCase().includes(word))));
}

/** How many characters beside an unwanted word are read for the rest of its name. */
const nameRoom = 80;

/** An unwanted word that is a part of a name, with the other words of the name: "Nadia Rowe" for "Rowe". */
function wholeName(text: string, [start, end]: Span): Span {
  if (!/\p{Lu}/u.test(text.charAt(start))) return [start, end];
  const before = /(?:(?<![\p{L}\p{M}])\p{Lu}[\p{L}\p{M}.]{0,30} ){1,3}$/u.exec(
    text.slice(Math.max(0, start - nameRoom), start),
  );
  const after = /^(?: \p{Lu}[\p{L}\p{M}]{1,30}(?![\p{L}\p{M}])){1,3}/u.exec(text.slice(end, end + nameRoom));
  return [start - (before?.[0].length ?? 0), end + (after?.[0].length ?? 0)];
}

/** The parts that are gone, where fewer than this share of them stay. */
function lostOf(parts: ReadonlySet<string>, kept: ReadonlySet<string>, share: number): string | null {
  const lost = [...parts].filter((part) => !kept.has(part));
  return parts.size - lost.length < Math.floor(parts.size * share) ? lost.slice(0, 3).join(', ') : null;
}

function losesInTranslation({ before, after }: ContentInput): string | null {
  const ratio = weight(after) / Math.max(1, weight(before));
  if (ratio < translated.least || ratio > translated.most)
    return `the translation is ${ratio.toFixed(2)} times as long`;
  const distinct = contentWords(after).size / Math.max(1, contentWords(before).size);
  if (distinct < translated.words) return 'the translation says the same again and again';
  const share = (parts: ReadonlySet<string>, kept: ReadonlySet<string>) =>
    [...parts].filter((part) => kept.has(part)).length / Math.max(1, parts.size);
  const checks = [
    ['links', linksOf(before), linksOf(after), 1],
    ['code', codeLines(before), linesOf(after), invariantShare],
    ['numbers', numbersOf(before), numbersOf(after), translated.numbers],
    ['names', properNames(before), wordsOf(after), translated.names],
  ] as const;
  const lost = checks.find(([, parts, kept, least]) => parts.size > 0 && share(parts, kept) < least);
  return lost ? `the translation loses ${lost[0]}` : null;
}

/** JSON must say what the text said. JSON that was mended must stay the same JSON. */
function losesInData(input: ContentInput): string | null {
  const { before, after, demand, quoted } = input;
  const start = before.search(/[{[]/);
  const data = start < 0 ? '' : before.slice(start, Math.max(before.lastIndexOf('}'), before.lastIndexOf(']')) + 1);
  // The text is mostly data already, with a few words around it.
  if (/["\d]/.test(data) && data.length > before.length / 3) return losesWords({ ...input, before: data, quoted: [] });
  const values = leavesOf(after);
  if (comesFromElsewhere(values, input)) return 'the revision says what stood nowhere';
  if (demand.rewrites === 'record') return null;
  const outside = without(before, quoted);
  const words = shareOf(contentWords(outside), contentWords(after));
  const [numbers, kept] = [numbersOf(outside), numbersOf(after)];
  const isRecord =
    numbers.size >= proseShare.fewestNumbers &&
    [...numbers].filter((number) => kept.has(number)).length >= proseShare.numbers * numbers.size;
  return words < (isRecord ? proseShare.withNumbers : proseShare.words)
    ? 'the revision leaves out most of what the text says'
    : null;
}

function shareOf(words: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): number {
  return shared(words, other) / Math.max(1, sizeOf(words));
}

/** The texts and numbers in JSON, one a line; other text as it is. */
function leavesOf(text: string): string {
  const bare = text.replace(/^\s*```\w*\n|\n```\s*$/g, '');
  const leaves: string[] = [];
  try {
    JSON.parse(bare, (_, value: unknown) => {
      if (typeof value === 'string' || typeof value === 'number') leaves.push(String(value));
      return value;
    });
  } catch {
    return text;
  }
  return leaves.join('\n');
}

/** Whether too many of the words stand neither in the draft nor in what is known, or there are none. */
function comesFromElsewhere(said: string, { before, known }: ContentInput): boolean {
  const words = contentWords(said);
  const source = contentWords(`${before}\n${known}`);
  const size = sizeOf(words);
  if (size === 0) return !/[\p{L}\p{N}]/u.test(said);
  return [...words.keys()].filter((word) => source.has(word)).length < dataShare * words.size;
}

/** The length of a text in letters; a character that stands for a syllable or a word counts as more than one. */
function weight(text: string): number {
  const count = (pattern: RegExp) => partsOf(text, pattern).length;
  return (
    count(/[\p{L}\p{N}]/gu) +
    1.8 * count(/[\p{Script=Han}\p{Script=Hangul}]/gu) +
    0.6 * count(/[\p{Script=Hiragana}\p{Script=Katakana}]/gu)
  );
}

function partsOf(text: string, pattern: RegExp): readonly string[] {
  return Array.from(text.matchAll(pattern), ([part]) => part);
}

function linksOf(text: string): ReadonlySet<string> {
  return new Set([urlPattern, mailPattern, citationPattern].flatMap((pattern) => partsOf(text, pattern)));
}

/** Numbers of two digits and more, or with a fraction, in digits alone: 1,155 is 1.155 and 1155. Smaller ones are spelled out as often as not. */
function numbersOf(text: string): ReadonlySet<string> {
  const plain = text.replace(thousandsSpace, '').normalize('NFKC').replace(urlPattern, ' ').replace(listMark, ' ');
  const digits = partsOf(plain, numberPattern).map((number) => number.replace(/\P{N}/gu, ''));
  return new Set(digits.filter((each) => each.length > 1));
}

/** Capitalised words inside sentences; in German these are nouns, which the content is made of as well. */
function namesOf(text: string): ReadonlySet<string> {
  return new Set(partsOf(text, insideName).map((name) => name.toLowerCase()));
}

/** Above this share of its words a text has capitals that are no names: in German, and in titles. */
const mostCapitals = 0.2;

/** The same where capitals are rare enough to be names. */
function certainNames(text: string): ReadonlySet<string> {
  const names = partsOf(text, /(?<=[\p{Ll}\p{M}\p{N},;] )\p{Lu}[\p{L}\p{M}]{2,}/gu);
  const isRare = names.length <= mostCapitals * partsOf(text, /[\p{L}\p{M}]+/gu).length;
  return new Set(isRare ? names.map((name) => name.toLowerCase()) : []);
}

/** The same for a translation: nothing where every noun is capitalised. */
function properNames(text: string): ReadonlySet<string> {
  const names = namesOf(text);
  const words = partsOf(text, /(?<=\p{Ll} )\p{L}{4,}/gu).length;
  return names.size < 2 || names.size > words * 0.3 ? new Set() : names;
}

function wordsOf(text: string): ReadonlySet<string> {
  return new Set(partsOf(text.toLowerCase(), /[\p{L}\p{M}]+/gu));
}

function codeLines(text: string): ReadonlySet<string> {
  const parts = text.split(/^[^\S\n]{0,12}(?:```|~~~)[^\n]*$/m);
  return new Set(parts.filter((_, index) => index % 2 === 1).flatMap((part) => [...linesOf(part)]));
}

function linesOf(text: string): ReadonlySet<string> {
  return new Set(
    text
      .split('\n')
      .map((line) => line.trim().toLowerCase())
      .filter((line) => /[\p{L}\p{N}]/u.test(line)),
  );
}

function without(text: string, spans: readonly Span[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const [start, end] of spans.toSorted((one, other) => one[0] - other[0])) {
    parts.push(text.slice(from, start));
    from = Math.max(from, end);
  }
  return [...parts, text.slice(from)].join('\n');
}
