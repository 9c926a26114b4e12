/** Finding and computing what an answer claims to be equal: `3 × (4 + 1) = 15`, chains of such, with a range for what rounding of the shown numbers leaves open. */
import { isMathWord, type NumberToken, type Operator, type Token, tokenize } from './arithmetic-tokens.ts';
import { lines, withoutFences } from './blocks.ts';
import type { Span } from './check.ts';

/** A value, and between which values it lies when shown decimals were rounded. */
export interface Range {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** What a side comes to by each way of reading the percentages in it; without them all are the same. */
export interface Readings {
  /** 20 % is 0.2, but added or taken away it is of what stands before it: `50 + 20%` is 60. */
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

export interface Claim {
  readonly left: Side;
  readonly right: Side;
  readonly approximate: boolean;
}

/** Every claim of equality between arithmetic in the answer's prose; what cannot be read for certain is left out. */
export function claims(text: string): Claim[] {
  const prose = withoutFences(text);
  return lines(prose).flatMap(([start, end]) => {
    const line = prose.slice(start, end);
    return /[=≈≅]|\\approx/.test(line) ? claimsOf(tokenize(line, start)) : [];
  });
}

function claimsOf(tokens: readonly Token[]): Claim[] {
  const found: Claim[] = [];
  const reader = new Reader(tokens);
  while (!reader.atEnd) {
    if (!reader.mayBegin()) reader.skip();
    else found.push(...reader.chain());
  }
  return found;
}

const deepest = 40;

/** A recursive-descent reader. Every method gives undefined where the tokens are no arithmetic; `chain` always moves on. */
class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get atEnd(): boolean {
    return this.#at >= this.#tokens.length;
  }

  get #next(): Token | undefined {
    return this.#tokens[this.#at];
  }

  skip(): void {
    this.#at += 1;
  }

  /** Whether an expression may begin here: not in the middle of one that could not be read. */
  mayBegin(): boolean {
    const next = this.#next;
    const isStart = next?.kind === 'number' || next?.kind === '(' || next?.kind === 'fraction' || isMinus(next);
    const before = this.#tokens[this.#at - 1];
    if (!isStart || !before) return isStart;
    if (before.kind === 'word') {
      // "25 classmates + his 1 teacher": the sum began before the word.
      const isWithin = this.#tokens[this.#at - 2]?.kind === 'operator';
      return !isWithin && !isMathWord(before.text.toLowerCase()) && !next?.glued;
    }
    // What is left of an equals sign may be a name; what is right of it stands for itself.
    if (before.kind === 'equals') return true;
    return (
      before.kind === 'other' &&
      !(next?.glued && /[\p{L}\d_!%°√∑∫∏#'"]/u.test(before.text)) &&
      before.text !== 'variable'
    );
  }

  /** Sides with equals signs between them, as claims of neighbours. */
  chain(): Claim[] {
    const start = this.#at;
    const sides: Side[] = [];
    const approximate: boolean[] = [];
    for (;;) {
      const side = this.#sum();
      if (!side) break;
      sides.push(side);
      const next = this.#next;
      if (next?.kind !== 'equals') break;
      approximate.push(next.approximate);
      this.skip();
    }
    this.#at = Math.max(this.#at, start + 1);
    if (sides.length <= approximate.length || this.#goesOn()) return [];
    return sides.slice(1).flatMap((right, index) => {
      const left = sides[index];
      return left ? [{ left, right, approximate: approximate[index] === true }] : [];
    });
  }

  /** Whether what follows belongs to the last side and could not be read: a factorial, a variable, another number. */
  #goesOn(): boolean {
    const next = this.#next;
    if (!next || this.#isDash()) return false;
    if (next.kind === 'other') return next.glued && /[!°'"\\_[]/.test(next.text);
    if (next.kind === 'word')
      return (
        next.glued ||
        isMathWord(next.text.toLowerCase()) ||
        next.text.toLowerCase() === 'remainder' ||
        next.text === 'R'
      );
    return next.kind !== ')' && next.kind !== '}' && !(next.kind === '(' && !next.glued);
  }

  #sum(): Side | undefined {
    let side = this.#product();
    while (side) {
      const next = this.#next;
      if (next?.kind !== 'operator' || (next.operator !== '+' && next.operator !== '-') || this.#isDash()) return side;
      this.skip();
      side = combine(side, next.operator, this.#product());
    }
    return side;
  }

  /** `= 8 - so she has eight`: a dash, not a minus. */
  #isDash(): boolean {
    const after = this.#tokens[this.#at + 1];
    return (
      isMinus(this.#next) &&
      after?.kind === 'word' &&
      !after.glued &&
      after.text.length > 1 &&
      !isMathWord(after.text.toLowerCase())
    );
  }

  #product(): Side | undefined {
    let side = this.#signed();
    let isDivided = false;
    while (side) {
      const isJuxtaposed = this.#next?.kind === '(';
      const operator = this.#factor();
      if (!operator) return side;
      // `6 ÷ 2(1 + 2)` is 9 to some and 1 to others.
      if (isJuxtaposed && isDivided) return undefined;
      isDivided ||= operator === '/';
      side = combine(side, operator, this.#signed());
    }
    return side;
  }

  /** Takes the sign of a product or quotient: `×`, `/`, `20% of`, or nothing at all before a bracket. */
  #factor(): Operator | undefined {
    const next = this.#next;
    if (next?.kind === 'operator' && (next.operator === '*' || next.operator === '/')) {
      this.skip();
      return next.operator;
    }
    const before = this.#tokens[this.#at - 1];
    if (next?.kind === 'word' && next.text.toLowerCase() === 'of' && before?.kind === 'number' && before.percent) {
      this.skip();
      return '*';
    }
    return next?.kind === '(' && next.glued ? '*' : undefined;
  }

  #signed(): Side | undefined {
    if (!isMinus(this.#next)) return this.#power();
    const start = this.#next?.span[0] ?? 0;
    this.skip();
    const side = this.#power();
    return side && { ...side, ...negated(side), span: [start, side.span[1]] };
  }

  #power(): Side | undefined {
    const base = this.#atom();
    const next = this.#next;
    if (base && next?.kind === 'power') {
      this.skip();
      return combine(base, '^', numberSide({ ...next, kind: 'number', decimals: 0, percent: false, unit: [] }));
    }
    if (base && next?.kind === 'operator' && next.operator === '^') {
      this.skip();
      return combine(base, '^', this.#next?.kind === '{' ? this.#bracketed('}') : this.#signed());
    }
    return base;
  }

  #atom(): Side | undefined {
    const next = this.#next;
    if (next?.kind === 'number') {
      this.skip();
      return numberSide(next);
    }
    if (next?.kind === '(') return this.#bracketed(')');
    if (next?.kind !== 'fraction') return undefined;
    this.skip();
    const above = this.#next?.kind === '{' ? this.#bracketed('}') : undefined;
    const below = above && this.#next?.kind === '{' ? this.#bracketed('}') : undefined;
    return above && combine(above, '/', below);
  }

  #bracketed(close: ')' | '}'): Side | undefined {
    const start = this.#next?.span[0] ?? 0;
    this.skip();
    if (this.#depth >= deepest) return undefined;
    this.#depth += 1;
    const side = this.#sum();
    this.#depth -= 1;
    const end = this.#next;
    if (!side || end?.kind !== close) return undefined;
    this.skip();
    return { ...side, count: side.count + 1, span: [start, end.span[1]] };
  }
}

function isMinus(token: Token | undefined): boolean {
  return token?.kind === 'operator' && token.operator === '-';
}

function numberSide({ value, decimals, percent, unit, span }: Omit<NumberToken, 'glued'>): Side {
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

function negated(side: Side): Pick<Side, 'readings' | 'head'> {
  const negate = ({ value, low, high }: Range): Range => ({ value: -value, low: -high, high: -low });
  const { relative, fraction, plain } = side.readings;
  return {
    readings: { relative: negate(relative), fraction: negate(fraction), plain: negate(plain) },
    head: negate(side.head),
  };
}

function combine(left: Side, operator: Operator, right: Side | undefined): Side | undefined {
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
