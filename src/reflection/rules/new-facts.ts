/** What a revision brings in: new links, numbers and names must stand in the draft, the request or a source. */
import { numbersIn } from '../answer.ts';
import { distinctMatches, mailPattern, urlPattern } from './verbatim-values.ts';

export interface NewFactsInput {
  readonly before: string;
  readonly after: string;
  /** The request, the requirements and the sources. */
  readonly known: string;
  /** Whether a confirmed correction, or a calculation that code did again, supports new numbers and names. */
  readonly corrected: boolean;
  /** Whether names are looked up as well. A mend of form in another language or with a heading has other capitals. */
  readonly names: boolean;
}

/** An apostrophe or a fixed space parts thousands: 1’155. */
const numberPattern = /(?<![\w.])\d(?:[\d.,]|['’\u00a0\u202f](?=\d{3}))*\d|\b\d\b/g;
// Two capitalised words in a row, or one inside a sentence, are probably a name.
const namePattern = /(?<=[\p{Ll},;] )\p{Lu}[\p{L}'’-]{2,}(?: \p{Lu}[\p{L}'’-]+)*/gu;
/** Numbers of form: of a list, of a heading ("SECTION 2"), in a placeholder. */
const formNumbers = [
  /^[^\p{L}\p{N}\n]{0,8}\d{1,3}[.):][^\S\n]/gmu,
  /^[^\p{L}\p{N}\n]{0,8}\p{L}{2,24}[^\S\n]?\d{1,2}(?=[^\p{L}\p{N}\n]{0,6}$|[^\p{L}\p{N}\n]{0,2}[:–—])/gmu,
  /^\p{Script=Han}\d{1,2}\p{L}/gmu,
  /\[[^\]\n]{1,60}\]/g,
];
/** Small numbers as words, each place a number from one on. */
const spelled = [
  'one two three four five six seven eight nine ten eleven twelve',
  'ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf',
  'un deux trois quatre cinq six sept huit neuf dix onze douze',
  'un dos tres cuatro cinco seis siete ocho nueve diez once doce',
].map((words) => words.split(' '));

/** The links, numbers and names that nothing supports. */
export function newFacts({ before, after, known, corrected, names }: NewFactsInput): string[] {
  const material = `${before}\n${known}`.toLowerCase();
  const values = new Set([...numbersIn(material), ...digitsIn(material), ...spelledIn(material)]);
  const isKnown = (number: string) => values.has(numbersIn(number)[0] ?? number) || values.has(digits(number));
  const prose = formNumbers.reduce((rest, pattern) => rest.replace(pattern, '\n'), after);
  return [
    ...[urlPattern, mailPattern]
      .flatMap((pattern) => distinctMatches(after, pattern))
      .filter((address) => !material.includes(address.toLowerCase())),
    ...(corrected ? [] : distinctMatches(prose, numberPattern).filter((number) => !isKnown(number))),
    ...(corrected || !names
      ? []
      : distinctMatches(after, namePattern).filter((name) => !material.includes(name.toLowerCase()))),
  ];
}

/** 3,5 is 3.5, and 1,155 is 1.155. */
function digitsIn(text: string): string[] {
  return (text.match(numberPattern) ?? []).map(digits);
}

function digits(number: string): string {
  return number.replace(/\D/g, '');
}

function spelledIn(text: string): string[] {
  const words = new Set(text.match(/\p{L}+/gu));
  return spelled.flatMap((row) => row.flatMap((word, index) => (words.has(word) ? [String(index + 1)] : [])));
}

/** A word, and the capitalised one after it. */
const placedName = /(?<![\p{L}\p{M}])([\p{L}\p{M}]+) (?=(\p{Lu}[\p{L}\p{M}]{2,}))/gu;
/** Above this share of its words a text has capitals that are no names: in German, and in titles. */
const mostCapitals = 0.2;

/**
 * Names that stand where the text had others: "Nadia Rose" for "Nadia Rowe". Only a name that is gone, and that nothing asks to go, is looked for, so
 * that a heading or a title may be put in.
 */
export function otherNames({
  before,
  after,
  known,
  unwanted,
}: Pick<NewFactsInput, 'before' | 'after' | 'known'> & { readonly unwanted: readonly string[] }): string[] {
  const wordsOf = (text: string) => text.toLowerCase().match(/[\p{L}\p{M}]+/gu) ?? [];
  const [words, kept] = [wordsOf(before), new Set(wordsOf(after))];
  const [given, mayGo] = [new Set([...words, ...wordsOf(known)]), new Set(unwanted.flatMap(wordsOf))];
  const gone = new Set<string>();
  let capitals = 0;
  for (const [, beside = '', name = ''] of before.matchAll(placedName)) {
    capitals += 1;
    const lower = name.toLowerCase();
    if (!kept.has(lower) && !mayGo.has(lower)) gone.add(beside.toLowerCase());
  }
  if (capitals > words.length * mostCapitals) return [];
  return Array.from(after.matchAll(placedName), ([, beside = '', name = '']) => ({ beside, name }))
    .filter(({ beside, name }) => gone.has(beside.toLowerCase()) && !given.has(name.toLowerCase()))
    .map(({ name }) => name);
}
