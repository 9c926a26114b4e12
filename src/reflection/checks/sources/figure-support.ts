/** Whether a figure of an answer stands in the sources, can be reckoned from them, or stands nowhere. */
import type { Figure, Reading, Support } from './found-claims.ts';
import { isYear, type KnownFigures, type Quantity } from './knowledge.ts';
import { converted, mayCountTheSame, type Unit } from './units.ts';

/** What stands around a figure in the answer. */
export interface Surroundings {
  /** "about", "over", "almost" stands before it. */
  readonly isRough: boolean;
  /** "over", "more than" stands before it. */
  readonly isFloor: boolean;
  /** The sentence says that something was reckoned: "in total", "more than", "on average". */
  readonly isReckoned: boolean;
  /** The other figures of its sentence or row, and of the whole answer. */
  readonly row: readonly Quantity[];
  readonly answer: readonly Quantity[];
}

export function figureSupport(figure: Figure, known: KnownFigures, around: Surroundings): Support {
  const found = figure.readings.map((reading) => readingSupport(reading, known, around));
  if (found.includes('supported')) return 'supported';
  return found.includes('unsure') ? 'unsure' : 'unsupported';
}

/** Whether the figure stands in the sources as it is, without calculation. */
export function isWritten(figure: Figure, known: KnownFigures): boolean {
  return figure.readings.some((reading) => reading.type === 'figure' && isKnownNumber(reading, known));
}

function isKnownNumber({ value, units }: Quantity, known: KnownFigures): boolean {
  // A bare number is a share seldom: "350 employees" bears out no "350 %", and "12 %" no "12 offices".
  return (known.numbers.get(value) ?? []).some(
    (each) => mayCountTheSame(each, units) && each.includes('percent') === units.includes('percent'),
  );
}

function readingSupport(reading: Reading, known: KnownFigures, around: Surroundings): Support {
  switch (reading.type) {
    case 'figure':
      return numberSupport(reading, known, around);
    case 'date':
      return dateSupport(reading, known);
    case 'time':
      return timeSupport(reading.minutes, known);
    case 'period': {
      const overlaps = known.periods.some(({ from, to }) => from <= reading.to && to >= reading.from);
      const isKnown = overlaps || [...known.years].some((year) => year >= reading.from && year <= reading.to);
      return isKnown ? 'supported' : 'unsupported';
    }
    case 'digits':
      return known.digits.includes(reading.digits) || known.digits.includes(reading.digits.slice(-8))
        ? 'supported'
        : 'unsupported';
  }
}

function dateSupport({ year, month, day }: Extract<Reading, { type: 'date' }>, known: KnownFigures): Support {
  const same = known.dates.filter(
    (date) =>
      date.month === month && (day === 0 || date.day === day) && (year === 0 || date.year === 0 || date.year === year),
  );
  if (same.some((date) => year === 0 || date.year === year)) return 'supported';
  if (same.length > 0) return known.years.has(year) ? 'supported' : 'unsupported';
  if (day === 0) return known.months.has(month) && known.years.has(year) ? 'unsure' : 'unsupported';
  return 'unsupported';
}

/** From one time of the sources to another. */
function areBetween(minutes: readonly number[], known: KnownFigures): boolean {
  const times = [...known.times].slice(0, 60);
  return times.some((from) => times.some((to) => minutes.includes(to - from)));
}

/** "2.5 hours" from 9:00 to 11:30. */
function isBetweenTimes(value: number, units: readonly Unit[], known: KnownFigures): boolean {
  const minutes = [units.includes('hour') ? value * 60 : 0, units.includes('minute') ? value : 0];
  return areBetween(
    minutes.filter((each) => each > 0),
    known,
  );
}

function timeSupport(minutes: readonly number[], known: KnownFigures): Support {
  if (minutes.some((each) => known.times.has(each % 1440))) return 'supported';
  // "1 h 30" may be from one time to another.
  if (areBetween(minutes, known)) return 'unsure';
  // "9:30" may be minutes and seconds, or a ratio.
  const [first = 0] = minutes;
  const isNumber = first % 60 === 0 && known.numbers.has(first / 60);
  return isNumber ? 'unsure' : 'unsupported';
}

function numberSupport({ value, units }: Quantity, known: KnownFigures, around: Surroundings): Support {
  if (isKnownNumber({ value, units }, known)) return 'supported';
  if (value === 0 || (value === 1 && units.length === 0)) return 'unsure';
  const quantities = allQuantities(known);
  const isNear = quantities.some((quantity) => isSameElsewhere({ value, units }, quantity, around));
  if (isNear) return 'unsure';
  if (isBetweenTimes(value, units, known)) return 'unsure';
  if (isAge(value, units, known) || isAgeNow(value, units, known, around.isRough)) return 'unsure';
  return isReckonedFrom({ value, units }, known, around) ? 'unsure' : 'unsupported';
}

const listed = new WeakMap<KnownFigures, readonly Quantity[]>();

function allQuantities(known: KnownFigures): readonly Quantity[] {
  const before = listed.get(known);
  if (before) return before;
  const all = [...known.numbers]
    .flatMap(([value, units]) => units.map((each): Quantity => ({ value, units: each })))
    .slice(0, 1_000);
  listed.set(known, all);
  return all;
}

/** The same quantity, rounded, as a share or in another unit. */
function isSameElsewhere(claim: Quantity, source: Quantity, { isRough, isFloor }: Surroundings): boolean {
  if (mayCountTheSame(claim.units, source.units)) {
    if (isRounding(claim.value, source.value, isRough)) return true;
    if (isFloor && isRoundedDown(claim.value, source.value)) return true;
    const isShare = claim.units.includes('percent') !== source.units.includes('percent');
    const share = claim.units.includes('percent') ? source.value * 100 : source.value / 100;
    if (isShare && claim.value === Number(share.toPrecision(12))) return true;
  }
  if (claim.units.includes('cent') && source.units.length === 0)
    return claim.value === Number((source.value * 100).toPrecision(12));
  return claim.units.some((to) => source.units.some((from) => isConversion(claim.value, to, source.value, from)));
}

function isConversion(claimed: number, to: Unit, value: number, from: Unit): boolean {
  const exact = converted(value, from, to);
  if (exact === undefined || exact === 0) return false;
  const isOtherSystem = !Number.isInteger(Number(exact.toPrecision(6)));
  return (
    Math.abs(claimed - exact) <=
    Math.abs(exact) * (isOtherSystem || significant(exact) > significant(claimed) ? 0.04 : 1e-9)
  );
}

/** `312` of `312.4`, `4.8 million` of `4,812,300`; said to be rough, `300`, too. Years are not rounded. */
function isRounding(claimed: number, exact: number, isRough: boolean): boolean {
  if (claimed === exact || exact === 0) return false;
  const error = Math.abs(claimed - exact) / Math.abs(exact);
  if (isRough && !isYear(exact)) return error <= 0.06 || (error <= 0.12 && significant(claimed) === 1);
  if (isYear(exact) && isYear(claimed)) return false;
  const step = 10 ** -decimals(claimed);
  if (decimals(exact) > decimals(claimed) && Math.abs(claimed - exact) < step) return error <= 0.06;
  const trailing = Number.isInteger(claimed) ? trailingZeros(claimed) : 0;
  return exact >= 1000 && trailing >= 2 && error <= 0.03 && Math.abs(claimed - exact) <= 10 ** trailing;
}

/** "More than 300" for 350, "over 4 million" for 4.8 million: cut after the first digit. */
function isRoundedDown(claimed: number, exact: number): boolean {
  return (
    claimed >= 10 &&
    significant(claimed) === 1 &&
    !isYear(exact) &&
    claimed < exact &&
    exact - claimed < claimed &&
    String(Math.trunc(exact))[0] === String(claimed)[0]
  );
}

function decimals(value: number): number {
  return /\.(\d+)$/.exec(String(value))?.[1]?.length ?? 0;
}

function trailingZeros(value: number): number {
  const digits = String(value).slice(-15);
  return digits.length - digits.replace(/0+$/, '').length;
}

function significant(value: number): number {
  return String(value).replace('.', '').replace(/^0+/, '').replace(/0+$/, '').length;
}

/** From a year to another one. */
function isAge(value: number, units: readonly Unit[], known: KnownFigures): boolean {
  if (value > 150 || (!units.includes('year') && (units.length > 0 || value < 15))) return false;
  const years = [...known.years].slice(0, 60);
  return years.some((year) => years.some((other) => other - year === value || other - year - 1 === value));
}

/** The years that "now" may be: "90 years ago" depends on a day that is not given. */
const nowFrom = 2015;
const nowTo = 2045;

function isAgeNow(value: number, units: readonly Unit[], known: KnownFigures, isRough: boolean): boolean {
  if (!units.includes('year') || (value < 10 && !isRough)) return false;
  return [...known.years].some((year) => year + value >= nowFrom && year + value <= nowTo);
}

/** A sum, a difference, a share or a product of figures that stand together. */
function isReckonedFrom(claim: Quantity, known: KnownFigures, around: Surroundings): boolean {
  const saysWhat = claim.units.length > 0 && claim.units[0] !== 'percent';
  if (isResult(claim, around.row, saysWhat || claim.units.includes('percent'))) return true;
  if (isSumOrDifference(claim, around.row)) return true;
  if (!around.isReckoned) return claim.units.includes('percent') && known.rows.some((row) => isShare(claim.value, row));
  // "7 points more": between two percentages.
  const percentages = [...around.answer, ...known.rows.flat()]
    .filter(({ units }) => units.includes('percent'))
    .slice(0, 24);
  if (mayCountTheSame(claim.units, ['percent']) && isResult(claim, percentages, true)) return true;
  return (
    isResult(claim, around.answer, true) ||
    isTotal(claim, around.answer) ||
    known.rows.some((row) => isResult(claim, row, true) || isTotal(claim, row)) ||
    isBill(claim, known.rows) ||
    isTotal(claim, known.rows.flat())
  );
}

function isResult(claim: Quantity, figures: readonly Quantity[], isReckoned: boolean): boolean {
  if (!isReckoned || figures.length > 40) return false;
  if (claim.units.includes('percent') && isShare(claim.value, figures)) return true;
  return figures.some((one, index) => figures.some((other, place) => place > index && pairGives(claim, one, other)));
}

/** "Of 24, 18 are full-time, so 6 are part-time": of two figures that the sentence itself names. */
function isSumOrDifference({ value, units }: Quantity, named: readonly Quantity[]): boolean {
  return named.some((one, index) =>
    named
      .slice(index + 1)
      .filter((other) => mayCountTheSame(one.units, other.units))
      .filter((other) => mayCountTheSame(units, [...one.units, ...other.units]))
      .some((other) => isClose(value, one.value + other.value) || isClose(value, Math.abs(one.value - other.value))),
  );
}

function pairGives(claim: Quantity, one: Quantity, other: Quantity): boolean {
  const isIt = (value: number) => isClose(claim.value, value);
  const isSame = mayCountTheSame(one.units, other.units);
  if (isSame && mayCountTheSame(claim.units, [...one.units, ...other.units])) {
    if (isIt(one.value + other.value) || isIt(Math.abs(one.value - other.value)) || isIt((one.value + other.value) / 2))
      return true;
  }
  // Only the difference of two years has a meaning.
  if (isYear(one.value) || isYear(other.value)) return false;
  const percent = one.units.includes('percent') !== other.units.includes('percent') ? 100 : 1;
  const product = (one.value * other.value) / percent;
  const isProduct =
    (percent === 100 || one.units.length === 0 || other.units.length === 0) &&
    (isIt(product) ||
      (percent === 100 &&
        [one, other].some(
          ({ value, units }) => !units.includes('percent') && (isIt(value - product) || isIt(value + product)),
        )));
  const isQuotient =
    one.units.length !== other.units.length && (isIt(one.value / other.value) || isIt(other.value / one.value));
  return isProduct || isQuotient;
}

function isShare(percent: number, figures: readonly Quantity[]): boolean {
  return figures.some((one) =>
    figures.some((whole) => {
      if (
        one === whole ||
        whole.value === 0 ||
        isYear(one.value) ||
        isYear(whole.value) ||
        !mayCountTheSame(one.units, whole.units)
      )
        return false;
      const share = (one.value / whole.value) * 100;
      return isClose(percent, share) || isClose(percent, Math.abs(share - 100));
    }),
  );
}

/** The sum, or the mean, of neighbouring figures of one kind. */
function isTotal(claim: Quantity, figures: readonly Quantity[]): boolean {
  const alike = figures
    .filter(({ units, value }) => mayCountTheSame(units, claim.units) && !isYear(value))
    .slice(0, 60);
  return alike.some((_, start) => {
    let sum = 0;
    return alike.slice(start).some(({ value }, count) => {
      sum += value;
      return count > 0 && (isClose(claim.value, sum) || isClose(claim.value, sum / (count + 1)));
    });
  });
}

/** The sum of amounts times prices, of rows that hold one of each. */
function isBill(claim: Quantity, rows: KnownFigures['rows']): boolean {
  const products = rows.flatMap(([one, other, ...more]) =>
    one && other && more.length === 0 ? [{ value: one.value * other.value, units: claim.units }] : [],
  );
  return isTotal(claim, products);
}

/** Whether the claimed value is the exact one, rounded to the digits that it is written with. */
function isClose(claimed: number, exact: number): boolean {
  return Math.abs(claimed - exact) <= 0.5 * 10 ** -decimals(claimed) * (Number.isInteger(exact) ? 1e-6 : 1.02);
}
