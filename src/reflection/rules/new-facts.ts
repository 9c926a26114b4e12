/** What a revision brings in: new links, numbers and names must stand in the draft, the request or a source. */
import { numbersIn } from '../answer.ts';
import { distinctMatches, urlPattern } from './verbatim-values.ts';

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
    ...distinctMatches(after, urlPattern).filter((url) => !material.includes(url.toLowerCase())),
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
