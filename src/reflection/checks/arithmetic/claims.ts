/** Finding and computing what an answer claims to be equal: `3 × (4 + 1) = 15`, chains of such. */
import { lines, withoutFences } from '../blocks.ts';
import { combine, negative, numberSide, type Side } from './sides.ts';
import { isMathWord, type Operator, type Token, tokenize } from './tokens.ts';

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
    return /[=≈≅]|\\approx|\b(?:is|equals|equal to)\b/i.test(line) ? claimsOf(tokenize(line, start)) : [];
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
      if (next?.kind !== 'equals' || (next.isSpoken && !this.#isSaid(start, side))) break;
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

  /** Whether "is" may stand for an equals sign: only after what must be a calculation, unlike "3-5 is 4" and "9/11 is 22". */
  #isSaid(start: number, side: Side): boolean {
    const operators = this.#tokens.slice(start, this.#at).filter((token) => token.kind === 'operator');
    const isSum = operators.every(({ operator, isSpoken }) => isSpoken || operator === '+' || operator === '*');
    return side.operators.size > 0 && isSum;
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
    return side && { ...negative(side), span: [start, side.span[1]] };
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
