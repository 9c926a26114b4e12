/** How many of something a sentence asks for: "at least three", "fewer than 6", "between 40 and 60", "exactly two", "300+". */

export interface Bounds {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly exactly?: number | undefined;
}

export interface CountFound {
  readonly bounds: Bounds;
  /** In the sentence. */
  readonly from: number;
  readonly to: number;
}

const small =
  'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty'.split(
    ' ',
  );
const tens = { thirty: 30, forty: 40, fifty: 50, sixty: 60, seventy: 70, eighty: 80, ninety: 90 } as const;
const named: Readonly<Record<string, number>> = {
  ...Object.fromEntries(small.map((word, index) => [word, index + 1])),
  ...tens,
  'a single': 1,
  single: 1,
  'a dozen': 12,
  'a hundred': 100,
  'one hundred': 100,
  'two hundred': 200,
  'three hundred': 300,
  'five hundred': 500,
  'a thousand': 1_000,
  'one thousand': 1_000,
};

/** For patterns; long names first, so that "one hundred" is not "one". */
export const number = `(?:\\d{1,2},\\d{3}|\\d{1,5}|${Object.keys(named)
  .toSorted((one, other) => other.length - one.length)
  .join('|')})`;

/** Where a number may stand. `numberOf` says whether it is one: compiled for every form and unit, all names would take a tenth of a second. */
const anyNumber = '(?:\\d[\\d,]{0,6}|[a-z]+(?: (?:hundred|thousand|dozen|single))?)';

export function numberOf(text: string): number | undefined {
  const digits = text.replaceAll(',', '');
  return /^\d+$/.test(digits) ? Number(digits) : named[text.toLowerCase()];
}

type Reader = (first: number, second: number) => Bounds;

/** `N` is a number, `M` another, `U` the unit. Of two that overlap the longer is meant: "no more than N", not "more than N". */
const forms: readonly (readonly [pattern: string, read: Reader])[] = [
  ['(?:between|from|in the range of|ranging from) N (?:and|to|-|–) M U', (min, max) => ({ min, max })],
  ['N(?: ?(?:-|–|to) ?)M U', (min, max) => ({ min, max })],
  ['N or M U', (min, max) => (max === min + 1 ? { min, max } : {})],
  ['(?:exactly|precisely|just exactly) N (?:different |distinct |separate )?U', (exactly) => ({ exactly })],
  [
    '(?:at least|no (?:fewer|less) than|not (?:fewer|less) than|a minimum of|minimum of|minimum) N U',
    (min) => ({ min }),
  ],
  ['(?:more than|over|greater than|longer than|exceed|exceeds|exceeding) N U', (min) => ({ min: min + 1 })],
  ['(?:at most|no more than|not more than|a maximum of|maximum of|maximum|max|up to|within) N U', (max) => ({ max })],
  ['(?:less than|fewer than|under|below|shorter than) N U', (max) => ({ max: max - 1 })],
  ['N(?:\\+| or more) U', (min) => ({ min })],
  ['N or (?:less|fewer) U', (max) => ({ max })],
  ['N U (?:or more|at (?:the )?least|at (?:the )?minimum|minimum)', (min) => ({ min })],
  ['N U (?:or (?:less|fewer)|at (?:the )?most|at (?:the )?maximum|maximum|max)', (max) => ({ max })],
  ['N U exactly', (exactly) => ({ exactly })],
  ['(?:limit (?:\\w+ ){0,4}?|(?:should|must|to) be limited )to N U', (max) => ({ max })],
  ['(?:only|just) N U', (exactly) => ({ exactly })],
  ['N U only', (exactly) => ({ exactly })],
];

/** What is made of a unit, which is a pattern, kept: V8 takes long to compile patterns, and there are few units. */
export function compiledOnce<Made>(make: (unit: string) => Made): (unit: string) => Made {
  const made = new Map<string, Made>();
  return (unit) => {
    const known = made.get(unit) ?? make(unit);
    made.set(unit, known);
    return known;
  };
}

const formsFor = compiledOnce((unit) =>
  forms.map(([pattern, read]) => {
    const source = pattern
      .replace('N', `(?:a total of )?(?<first>${anyNumber})`)
      .replace('M', `(?<second>${anyNumber})`)
      .replace('U', `(?:${unit})`)
      .replaceAll(' ', '\\s{1,3}')
      .replaceAll('\\s{1,3}?', '\\s?');
    return [new RegExp(`\\b${source}(?![\\w-])`, 'gi'), read] as const;
  }),
);

const bareFor = compiledOnce((unit) => new RegExp(`\\b(?<first>${number})[\\s-]${unit}`, 'i'));

/** The first number that stands before a unit with nothing around it that compares. */
export function bareCountOf(sentence: string, unit: string): CountFound | undefined {
  const match = bareFor(unit).exec(sentence);
  const exactly = numberOf(match?.groups?.['first'] ?? '');
  if (!match || exactly === undefined) return undefined;
  return { bounds: { exactly }, from: match.index, to: match.index + match[0].length };
}

/** All that a sentence says of a unit, which is a pattern; each place once. */
export function countsOf(sentence: string, unit: string): CountFound[] {
  const all: CountFound[] = [];
  for (const [pattern, read] of formsFor(unit)) {
    for (const match of sentence.matchAll(pattern)) {
      const { first = '', second = '' } = match.groups ?? {};
      const [one, other] = [numberOf(first), numberOf(second)];
      if (one === undefined || (second !== '' && other === undefined)) continue;
      const [from, to] = [match.index, match.index + match[0].length];
      const said = read(one, other ?? one);
      const bounds = isNegated(sentence.slice(0, from)) ? negated(said) : said;
      if (bounds && isPossible(bounds)) all.push({ bounds, from, to });
    }
  }
  const longestFirst = all.toSorted((one, other) => other.to - other.from - (one.to - one.from));
  const found: CountFound[] = [];
  for (const each of longestFirst) {
    if (!found.some(({ from, to }) => each.from < to && from < each.to)) found.push(each);
  }
  return found.toSorted((one, other) => one.from - other.from);
}

const negation = /(?:\b(?:not|never|can ?not|without|avoid)|n['’]t)\b(?:(?!\b(?:and|but|then|so)\b)[^,;:.!?]){0,60}$/i;

/** Whether what follows is what is not to be. */
export function isNegated(before: string): boolean {
  return negation.test(before);
}

/** "Not more than 5" allows 5. Nothing for what cannot be turned round. */
export function negated({ min, max, exactly }: Bounds): Bounds | undefined {
  if (exactly !== undefined || (min !== undefined && max !== undefined)) return undefined;
  if (min !== undefined) return { max: min - 1 };
  return max === undefined ? undefined : { min: max + 1 };
}

export function isPossible({ min, max, exactly }: Bounds): boolean {
  if (min === undefined && max === undefined && exactly === undefined) return false;
  if ((max ?? 1) < 0 || (exactly ?? 0) < 0) return false;
  return min === undefined || max === undefined || min <= max;
}

/** How often: "at least twice", "no more than 3 times", "once or less", "10 or more times". */
export function timesOf(sentence: string): CountFound | undefined {
  const words = sentence.replace(/\b(?:once|twice|thrice)\b/gi, (word) => spelledTimes[word.toLowerCase()] ?? word);
  const [only, ...more] = countsOf(words, 'times?|occurrences|instances');
  if (more.length > 0) return undefined;
  if (only) return { ...only, to: Math.min(sentence.length, only.to) };
  return undefined;
}

/** As long as they are, so that places stay where they are. */
const spelledTimes: Readonly<Record<string, string>> = { once: '1 times', twice: '2 times', thrice: '3 times' };
