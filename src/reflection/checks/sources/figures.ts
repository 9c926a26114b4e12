/** Everything that a text states in figures: dates, times, telephone numbers and numbers, each with the ways it can be read. */
import { dates, periods, times } from './dates.ts';
import { type Figure, type Reading, type Taken, take } from './found-claims.ts';
import { eastAsianNumberWords, numberWords, type SpokenLanguage } from './number-words.ts';
import { type Unit, unitsAfter, unitsBefore } from './units.ts';

/** Full-width digits and signs as plain ones, each character keeping its place. */
export function withPlainDigits(text: string): string {
  return text.replace(/[０-９％．，：]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0));
}

/** Everything in figures, in order of its kind; words for numbers in these languages, too. */
export function figuresOf(text: string, languages: readonly SpokenLanguage[]): Figure[] {
  const telephones = take(text, telephone, telephoneOf);
  const days = dates(telephones.rest);
  const clock = times(days.rest);
  const spans = periods(clock.rest);
  const { found: written, rest } = numbers(spans.rest);
  const spoken = [...languages.flatMap((language) => numberWords(rest, language)), ...eastAsianNumberWords(rest)].map(
    ({ start, end, value }): Figure => {
      const units = unitsAfter(text.slice(end, end + 40));
      return { span: [start, end], readings: [{ type: 'figure', value, units }], isWord: true };
    },
  );
  return [...telephones.found, ...days.found, ...clock.found, ...spans.found, ...written, ...spoken];
}

const telephone =
  /(?<![\p{Script=Latin}\d.,/-])(?:\+|\(?0)\d{0,5}\)?(?:[\s./-]{0,2}\(?\d{1,6}\)?){1,7}(?![\d%])|(?<![\p{Script=Latin}\d.,/-])(?:\d{3}-\d{3}-\d{4}|\d{4}-\d{4}|1[58]\d\d-\d{4})(?!\d)/gu;

function telephoneOf(match: RegExpExecArray, span: Figure['span']): Figure | undefined {
  const digits = match[0].replace(/\D/g, '');
  if (digits.length < 7 || digits.length > 15 || /\d[.]\d{4}$/.test(match[0]) || /^0[.,]\d/.test(match[0]))
    return undefined;
  // "0 20 30" in a table, or dates, are none: a telephone number is written close together.
  if (/\n/.test(match[0]) || /^0?\d[./-]\d{1,2}[./-]\d{2,4}$/.test(match[0])) return undefined;
  return { span, readings: [{ type: 'digits', digits }], isWord: false };
}

const numeral = "(?:\\d{1,3}(?:[ \\u00a0\\u202f\\u2009]\\d{3})+(?!\\d)(?:[.,]\\d+)?|\\d+(?:[.,’']\\d+)*)";
const eastAsianScale = '만|억|조|천|백만|천만|万|萬|億|亿|千|兆';
const latinScale =
  'thousand|million|billion|trillion|bn|mn|mio|mrd|tsd|k|tausend|millionen|milliarden?|mille|millions?|milliards?|mil millones|mil|mill[oó]n|millones|m(?=€)|b|m';
const number = new RegExp(
  `(?<![\\p{Script=Latin}\\p{Script=Cyrillic}\\d_]|\\d[.,])(?<first>${numeral})(?:\\s?(?<scale>${eastAsianScale})(?<more>(?:\\s?\\d[\\d,]{0,12}(?:천|만|千|万)?){0,3})|[\\s-]?(?<latin>${latinScale})(?![\\p{L}\\d²/'’]))?`,
  'giu',
);

const scales: Readonly<Record<string, number>> = {
  k: 1e3,
  thousand: 1e3,
  tsd: 1e3,
  tausend: 1e3,
  mille: 1e3,
  mil: 1e3,
  m: 1e6,
  mn: 1e6,
  mio: 1e6,
  million: 1e6,
  millionen: 1e6,
  millions: 1e6,
  millón: 1e6,
  millon: 1e6,
  millones: 1e6,
  bn: 1e9,
  b: 1e9,
  mrd: 1e9,
  billion: 1e9,
  milliard: 1e9,
  milliards: 1e9,
  milliarde: 1e9,
  milliarden: 1e9,
  'mil millones': 1e9,
  trillion: 1e12,
  천: 1e3,
  千: 1e3,
  만: 1e4,
  万: 1e4,
  萬: 1e4,
  백만: 1e6,
  천만: 1e7,
  억: 1e8,
  億: 1e8,
  亿: 1e8,
  조: 1e12,
  兆: 1e12,
};

/** Numbers in figures, however grouped, with "million" and its like reckoned in, and what they count. */
function numbers(text: string): Taken<Figure> {
  const { found, rest } = take(text, number, (match, span) => numberOf(text, match, span));
  return { found: withUnitsOfRanges(text, found), rest };
}

function numberOf(text: string, { groups = {} }: RegExpExecArray, [start, end]: Figure['span']): Figure {
  const first = groups['first'] ?? '';
  const scale = (groups['scale'] ?? groups['latin'] ?? '').toLowerCase();
  const before = unitsBefore(text.slice(Math.max(0, start - 5), start));
  const written = plainReadings(first);
  const isLetter = (scale === 'm' || scale === 'b') && text[end] !== '€';
  const firstEnd = start + first.length;
  const after = unitsAfter(text.slice(isLetter ? firstEnd : end, end + 40));
  const units = before.length > 0 ? before : after;
  const values: number[] = [];
  for (const value of written) {
    // "12 m" are metres or minutes, and only a price may be of millions.
    if (isLetter)
      values.push(
        value,
        ...(before.length > 0 || /^[$€£]/.test(text.slice(end, end + 2).trim()) ? [value * (scales[scale] ?? 1)] : []),
      );
    else values.push(value * (scales[scale] ?? 1) + moreOf(groups['more'] ?? ''));
  }
  const all = isLetter && before.length === 0 ? unitsAfter(text.slice(firstEnd, firstEnd + 40)) : units;
  return {
    span: [start, isLetter ? firstEnd : end],
    readings: values.map((value) => figure(value, all)),
    isWord: false,
  };
}

function figure(value: number, units: readonly Unit[]): Reading {
  return { type: 'figure', value: Number(value.toPrecision(12)), units };
}

/** The "5천" of "3만 5천". */
function moreOf(written: string): number {
  return Array.from(written.matchAll(/(\d[\d,]*)(천|만|千|万)?/g)).reduce(
    (sum, [, digits = '', scale = '']) => sum + Number(digits.replaceAll(',', '')) * (scales[scale] ?? 1),
    0,
  );
}

/** `1,234.5` and `1.234,5` alike; `1,234` and `1.234` may each be either. */
function plainReadings(written: string): readonly number[] {
  const digits = written.replace(/[^\d.,]/g, '');
  const grouped = /^\d{1,3}([.,])\d{3}$/.exec(digits);
  if (grouped) return [Number(digits.replace(/[.,]/, '')), Number(digits.replace(',', '.'))];
  const lastMark = Math.max(digits.lastIndexOf('.'), digits.lastIndexOf(','));
  const mark = digits[lastMark] ?? '';
  const isDecimal = lastMark >= 0 && digits.indexOf(mark) === lastMark;
  const whole = (isDecimal ? digits.slice(0, lastMark) : digits).replace(/[.,]/g, '');
  return [Number(isDecimal ? `${whole}.${digits.slice(lastMark + 1)}` : whole)];
}

/** "10 to 15 minutes": the first counts minutes, too. */
function withUnitsOfRanges(text: string, found: readonly Figure[]): Figure[] {
  const range = /^\s?(?:–|-|—|~|〜|～|to|bis|à|a|and|und|et|y|or|oder|ou|o|에서|から|至|到|x|×|,)?\s?$/u;
  return found.map((each, index) => {
    const next = found[index + 1];
    if (!next || next.span[0] - each.span[1] > 6 || !range.test(text.slice(each.span[1], next.span[0]))) return each;
    const units = next.readings.flatMap((reading) => (reading.type === 'figure' ? reading.units : []));
    const readings = each.readings.map((reading) =>
      reading.type === 'figure' && reading.units.length === 0 ? { ...reading, units } : reading,
    );
    return { ...each, readings };
  });
}
