/** The dates, centuries, decades and numbers that a text states, each with the keys by which another text is searched for it. */
import { withoutCounting } from './counting.ts';
import { type Found, type SourceClaim, take } from './found-claims.ts';

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
/** Centuries and decades: "the 20th century", "the 1860s", "the 19th and 20th centuries". */
function periods(text: string): Found {
  const centuries = take(
    text,
    /\b(\d{1,2})(?:st|nd|rd|th)(?=(?:\s(?:and|or|to)\s(?:the\s)?\d{1,2}(?:st|nd|rd|th))?[\s-]centur(?:y|ies)\b)/gi,
    'numbers',
    ([, ordinal = '']) => [`century ${ordinal}`, `number ${ordinal}`],
  );
  const decades = take(centuries.rest, /\b(\d{3}0)['’]?s\b/g, 'numbers', ([, first = '']) => [
    `decade ${first}`,
    `number ${first}`,
    // The 1900s may be ten years or a hundred.
    ...(first.endsWith('00') ? [`century ${Number(first) / 100 + 1}`] : []),
  ]);
  return { claims: [...centuries.claims, ...decades.claims], rest: decades.rest };
}

/** The decade and the century of a year. 1900 ends the 19th century by the calendar and begins the 20th in common use. */
function periodsOf(year: number): readonly string[] {
  return [`decade ${year - (year % 10)}`, `century ${Math.ceil(year / 100)}`, `century ${Math.floor(year / 100) + 1}`];
}

/** Every date, period and number of a text. */
export function figures(text: string): Found {
  const days = dates(text);
  const spans = periods(days.rest);
  return { claims: [...days.claims, ...spans.claims, ...numbers(spans.rest)], rest: days.rest };
}

/** Numbers in figures, however grouped, with "million" and its like reckoned in. */
function numbers(text: string): readonly SourceClaim[] {
  const pattern =
    /(?<![\p{L}\d.,])\d+(?:[.,’'\u00a0\u202f]\d+)*(?:\s?(thousand|million|billion|trillion|bn|mn|[kmb])(?![\p{L}]))?/giu;
  return take(withoutCounting(text), pattern, 'numbers', (match) => numberKeys(match[0], match[1])).claims;
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

/** What a source's key supports besides itself: a whole date its year, its month and its day of the month, a year its decade and century. */
export function impliedKeys(key: string): readonly string[] {
  const number = /^number ([1-9]\d{2,3})$/.exec(key)?.[1];
  if (number !== undefined) return periodsOf(Number(number));
  const date = /^date (.*)$/.exec(key)?.[1];
  if (date === undefined) return [];
  const [y = '', m = '', d = ''] = date.split('-');
  const name = monthNames[Number(m) - 1];
  return [
    `date ${y}-${m}-`,
    `date -${m}-${d}`,
    ...(y === '' ? [] : [`number ${y}`, ...periodsOf(Number(y))]),
    ...(d === '' ? [] : [`number ${d}`]),
    ...(name === undefined ? [] : [`name ${name}`]),
  ];
}
