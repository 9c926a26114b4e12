/** The dates, times of day, decades and centuries that a text states. */
import type { Span } from '../check.ts';
import { type Figure, type Reading, type Taken, take } from './found-claims.ts';

const monthNames = [
  'january jan januar jänner janvier janv enero ene',
  'february feb februar februaries février févr fevrier febrero',
  'march mar märz mrz mars marzo',
  'april apr avril avr abril abr',
  'may mai mayo',
  'june jun juni juin junio',
  'july jul juli juillet juil julio',
  'august aug août aout agosto ago',
  'september sep sept septembre septiembre setiembre',
  'october oct oktober okt octobre octubre',
  'november nov novembre noviembre',
  'december dec dezember dez décembre déc decembre diciembre dic',
];

const monthNumbers = new Map(
  monthNames.flatMap((names, index) => names.split(' ').map((name) => [name, index + 1] as const)),
);

const month = `((?<!\\p{L})(?:${[...monthNumbers.keys()].sort((one, other) => other.length - one.length).join('|')})(?!\\p{L}))\\.?`;
const day = '(?<![\\d.,:])([0-3]?\\d)(?:st|nd|rd|th|er|\\.|º)?';
const to = '(?:–|-|—|~|to|bis|and|und|et|au|y|al|a|or|through|until|/|,)';
const year = '([12]\\d{3})(?!\\d)';

type Part = 'year' | 'month' | 'day' | 'other';

/** Patterns and what their groups are; `other` is the other day of a range. */
const datePatterns: readonly (readonly [pattern: RegExp, order: readonly Part[]])[] = [
  [
    new RegExp(
      `(?:${day}\\s?${to}\\s?(?:el\\s|le\\s|den\\s|the\\s)?)?${day}\\s(?:of\\s|de\\s)?${month}(?:,?\\s(?:de\\s|del\\s)?${year})?`,
      'giu',
    ),
    ['other', 'day', 'month', 'year'],
  ],
  [
    new RegExp(
      `${month}\\s${day}(?!\\d|[:.,]\\d)(?:\\s?${to}\\s?([0-3]?\\d)(?:st|nd|rd|th)?(?!\\d|[:.]\\d|\\s?%))?(?:,?\\s${year})?`,
      'giu',
    ),
    ['month', 'day', 'other', 'year'],
  ],
  [new RegExp(`${month},?\\s(?:of\\s|de\\s|del\\s)?${year}`, 'giu'), ['month', 'year']],
  [/(?<!\d)([12]\d{3})([-/.])([01]?\d)\2([0-3]?\d)(?!\d)/g, ['year', 'other', 'month', 'day']],
  [/(?<![\d.,/-])([0-3]?\d)[./-]\s?([01]?\d)[./-]\s?([12]\d{3}|\d\d)(?![\d])/g, ['day', 'month', 'year']],
  [/(?<![\d.,/-])([01]?\d)\/([0-3]?\d)\/([12]\d{3}|\d\d)(?!\d)/g, ['month', 'day', 'year']],
  [/(?<![\d.,])([0-3]?\d)\.\s?([01]?\d)\.(?!\d)/g, ['day', 'month']],
  [
    /(?:(?<!\d)([12]\d{3})\s?[년年]\s?)?(?<!\d)([01]?\d)\s?[월月](?![간間])(?:\s?([0-3]?\d)\s?[일日号](?:\s?(?:\([^)\n]{1,4}\)|（[^）\n]{1,4}）))?(?:\s?(?:~|〜|～|-|–|から|부터|至|到|,|、|과|와)\s?([0-3]?\d)\s?[일日号])?|\s?([0-3]?\d)\s?(?:~|〜|～|-|–)\s?([0-3]?\d)\s?[일日号])?/g,
    ['year', 'month', 'day', 'other', 'day', 'other'],
  ],
  [/(?<![\d./])([01]?\d)\/([0-3]?\d)(?![\d/])/g, ['month', 'day']],
];

/** Every date, taken out of the text. */
export function dates(text: string): Taken<Figure> {
  let rest = text;
  const found: Figure[] = [];
  for (const [pattern, order] of datePatterns) {
    const taken = take(rest, pattern, (match, span) => dateOf(match, order, span));
    found.push(...taken.found);
    rest = taken.rest;
  }
  return { found, rest };
}

function dateOf(match: RegExpExecArray, order: readonly Part[], span: Span): Figure | undefined {
  const part = (name: Part): number => {
    for (const [index, each] of order.entries())
      if (each === name && match[index + 1] !== undefined) return partValue(match[index + 1]);
    return 0;
  };
  const [givenYear, month, day, other] = [part('year'), part('month'), part('day'), part('other')];
  const year = givenYear > 0 && givenYear < 100 ? 2000 + givenYear : givenYear;
  if (month === 0 && day === 0) return undefined;
  const readings: Reading[] = [{ type: 'date', year, month, day }];
  // 03/04/2024 is either of two days.
  if (/^\d{1,2}[/.-]\s?\d/.test(match[0]) && day > 0) readings.push({ type: 'date', year, month: day, day: month });
  // 3/14 may be a fraction, 14.3. the number at a sentence's end.
  if (year === 0 && /^\d{1,2}\/\d{1,2}$/.test(match[0]))
    readings.push({ type: 'figure', value: month / day, units: [] });
  if (year === 0 && /^\d{1,2}\.\d{1,2}\.$/.test(match[0]))
    readings.push({ type: 'figure', value: Number(match[0].slice(0, -1)), units: [] });
  if (other > 0 && day > 0) readings.push({ type: 'date', year, month, day: other });
  const valid = readings.filter((reading) => reading.type !== 'date' || (reading.month <= 12 && reading.day <= 31));
  return valid.length === 0 ? undefined : { span, readings: valid, isWord: false };
}

function partValue(part = ''): number {
  const digits = /\d+/.exec(part)?.[0];
  return digits === undefined ? (monthNumbers.get(part.toLowerCase().replace(/\.$/, '')) ?? 0) : Number(digits);
}

/** Months that a text names, alone or in dates. */
export function monthsNamed(text: string): ReadonlySet<number> {
  return new Set(Array.from(text.matchAll(/\p{L}{3,10}/gu), ([word]) => monthNumbers.get(word.toLowerCase()) ?? 0));
}

const timePatterns: readonly RegExp[] = [
  /(?<half>오전|오후|午前|午後|上午|下午|晚上|早上|中午|凌晨|아침|저녁|밤|새벽)\s?(?<hour>[0-2]?\d)(?:\s?(?:시|時|点|點)(?:\s?(?:(?<minute>[0-5]?\d)\s?[분分]?|(?<thirty>반|半)))?|:(?<colon>[0-5]\d))/gu,
  /(?<![\d.:])(?<hour>[0-2]?\d)(?:[:：h]|\sh\s?)(?<minute>[0-5]\d)(?::[0-5]\d)?(?!\d)(?:\s?(?<half>[ap]\.?m\b\.?|uhr|h\b))?/giu,
  /(?<![\d.:])(?<hour>[0-2]?\d)\.(?<minute>[0-5]\d)\s?(?<half>[ap]\.?m\b\.?|uhr|h\b)/giu,
  /(?<![\d.:])(?<hour>[01]?\d)\s?(?<half>[ap]\.?m\b\.?)/giu,
  /(?<![\d.:])(?<hour>[0-2]?\d)\s?(?<half>uhr)(?:\s(?<minute>[0-5]\d)(?!\d))?/giu,
  /(?<![\d.:])(?<hour>[0-2]?\d)\s?(?:시(?!간)|時(?!間)|点(?=[\d半整钟]|到|至|开|结))(?:\s?(?:(?<minute>[0-5]?\d)\s?[분分]|(?<thirty>반|半)))?/gu,
];

const morning = /^(?:a|오전|午前|上午|早上|凌晨|아침|새벽)/iu;
const evening = /^(?:p|오후|午後|下午|晚上|저녁|밤|中午)/iu;

/** Every time of day, taken out of the text. */
export function times(text: string): Taken<Figure> {
  let rest = text;
  const found: Figure[] = [];
  for (const pattern of timePatterns) {
    const taken = take(rest, pattern, ({ groups = {} }, span): Figure | undefined => {
      const hour = Number(groups['hour']);
      const minute = groups['thirty'] === undefined ? Number(groups['minute'] ?? groups['colon'] ?? 0) : 30;
      if (hour > 24) return undefined;
      const half = groups['half'] ?? '';
      const hours = evening.test(half)
        ? [(hour % 12) + 12]
        : morning.test(half)
          ? [hour % 12]
          : [hour, (hour + 12) % 24];
      // "9:30" may be nine hours and a half, or a ratio of two numbers.
      const minutes = hours.map((each) => each * 60 + minute);
      return { span, readings: [{ type: 'time', minutes }], isWord: false };
    });
    found.push(...taken.found);
    rest = taken.rest;
  }
  return { found, rest };
}

/** Centuries and decades: "the 20th century", "the 1860s", "the 19th and 20th centuries", "19. Jahrhundert", "1990년대". */
export function periods(text: string): Taken<Figure> {
  const century =
    /(?<!\d)(\d{1,2})(?:st|nd|rd|th)(?=(?:\s(?:and|or|to)\s(?:the\s)?\d{1,2}(?:st|nd|rd|th))?[\s-]centur(?:y|ies)\b)|(?<!\d)(\d{1,2})(?:\.\sJahrhundert\w*|e\ssiècle|\s?세기|\s?世紀|\s?世纪)/giu;
  const centuries = take(text, century, (match, span) => {
    const number = Number(match[1] ?? match[2]);
    return periodOf(span, (number - 1) * 100, number * 100);
  });
  const decade =
    /(?<!\d)(\d{3}0)(?:['’]?s\b|er\b(?:\s?Jahre\w*)?|\s?年代|\s?년대)|(?<=\b(?:années|años)\s)(\d{3}0)(?!\d)/giu;
  const decades = take(centuries.rest, decade, (match, span) => {
    const first = Number(match[1] ?? match[2]);
    // The 1900s may be ten years or a hundred.
    return periodOf(span, first, first + (first % 100 === 0 ? 99 : 9));
  });
  return { found: [...centuries.found, ...decades.found], rest: decades.rest };
}

function periodOf(span: Span, from: number, to: number): Figure {
  return { span, readings: [{ type: 'period', from, to }], isWord: false };
}
