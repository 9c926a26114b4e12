/** The value of one side of a claim, by each way of reading its percentages, with a range for what rounding of the shown numbers leaves open. */
import type { Span } from '../check.ts';
import type { NumberToken, Operator } from './tokens.ts';

/** A value, and between which values it lies when shown decimals were rounded. */
export interface Range {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** What a side comes to by each way of reading the percentages in it; without them all are the same. */
export interface Readings {
  /** 20 % is 0.2, but an added or subtracted percentage is a share of the value before it: `50 + 20%` is 60. */
  readonly relative: Range;
  /** 20 % is 0.2. */
  readonly fraction: Range;
  /** 20 % is 20. */
  readonly plain: Range;
}

/** One side of a claim. */
export interface Side {
  readonly readings: Readings;
  /** It is a percentage: `8%`, `(5% + 3%)`. */
  readonly percent: boolean;
  /** The first number in it. */
  readonly head: Range;
  readonly operators: ReadonlySet<Operator>;
  readonly count: number;
  /** Digits after the point, when it is one number. */
  readonly decimals: number;
  readonly units: readonly string[];
  readonly span: Span;
}

export function numberSide({ value, decimals, percent, unit, span }: Omit<NumberToken, 'glued'>): Side {
  const slack = decimals > 0 ? 0.5 * 10 ** -decimals : 0;
  const plain: Range = { value, low: value - slack, high: value + slack };
  const fraction: Range = percent
    ? { value: value / 100, low: (value - slack) / 100, high: (value + slack) / 100 }
    : plain;
  return {
    readings: { relative: fraction, fraction, plain },
    percent,
    head: plain,
    operators: new Set(),
    count: 1,
    decimals,
    units: unit,
    span,
  };
}

export function negative(side: Side): Side {
  const negate = ({ value, low, high }: Range): Range => ({ value: -value, low: -high, high: -low });
  const { relative, fraction, plain } = side.readings;
  return {
    ...side,
    readings: { relative: negate(relative), fraction: negate(fraction), plain: negate(plain) },
    head: negate(side.head),
  };
}

/** Both sides with the operator between them; undefined where there is no value, or none that a number can hold. */
export function combine(left: Side, operator: Operator, right: Side | undefined): Side | undefined {
  if (!right) return undefined;
  const isSum = operator === '+' || operator === '-';
  const isRelative = isSum && right.percent && !left.percent;
  const relative = isRelative
    ? changed(left.readings.relative, operator, right.readings.relative)
    : compute(left.readings.relative, operator, right.readings.relative);
  const fraction = compute(left.readings.fraction, operator, right.readings.fraction);
  const plain = compute(left.readings.plain, operator, right.readings.plain);
  if (!relative || !fraction || !plain) return undefined;
  return {
    readings: { relative, fraction, plain },
    percent: isSum && left.percent && right.percent,
    head: left.head,
    // To add a percentage is to multiply.
    operators: new Set([...left.operators, operator, ...(isRelative ? (['*'] as const) : []), ...right.operators]),
    count: left.count + right.count,
    decimals: Math.max(left.decimals, right.decimals),
    // A side with more kinds of units than these is not judged by them.
    units: [...new Set([...left.units, ...right.units])].slice(0, 8),
    span: [left.span[0], right.span[1]],
  };
}

/** `a ± p%` as `a · (1 ± p / 100)`. */
function changed(left: Range, operator: Operator, share: Range): Range | undefined {
  const factor = compute({ value: 1, low: 1, high: 1 }, operator, share);
  return factor && compute(left, '*', factor);
}

const formulas: Readonly<Record<Operator, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '^': (left, right) => left ** right,
};

function compute(left: Range, operator: Operator, right: Range): Range | undefined {
  const formula = formulas[operator];
  const value = formula(left.value, right.value);
  const corners = [left.low, left.high].flatMap((one) => [right.low, right.high].map((other) => formula(one, other)));
  const divisorMayBeZero = operator === '/' && right.low <= 0 && right.high >= 0;
  if (divisorMayBeZero || ![value, ...corners].every((each) => Number.isFinite(each) && Math.abs(each) < 1e15))
    return undefined;
  return { value, low: Math.min(...corners), high: Math.max(...corners) };
}
