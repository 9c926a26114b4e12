/** A line of an answer as the tokens of arithmetic: numbers with their units, operators, brackets, equals signs, and everything else. */
import type { Span } from '../check.ts';

export type Operator = '+' | '-' | '*' | '/' | '^';

interface Place {
  readonly span: Span;
  /** No white space stands before it. */
  readonly glued: boolean;
}

export interface NumberToken extends Place {
  readonly kind: 'number';
  readonly value: number;
  /** Digits shown after the decimal point. */
  readonly decimals: number;
  readonly percent: boolean;
  /** The words right after it, in lower case. */
  readonly unit: readonly string[];
}

export type Token =
  | NumberToken
  | (Place & { readonly kind: 'operator'; readonly operator: Operator; readonly isSpoken?: boolean })
  | (Place & { readonly kind: 'power'; readonly value: number })
  | (Place & { readonly kind: 'equals'; readonly approximate: boolean; readonly isSpoken?: boolean })
  | (Place & { readonly kind: '(' | ')' | '{' | '}' | 'fraction' })
  | (Place & { readonly kind: 'word' | 'other'; readonly text: string });

const pieces =
  /(?<number>[$€£¥]?(?:\d+(?:[.,:]\d+)*|\.\d+))|(?<latex>\\(?:[a-z]+|.))|(?<word>\p{L}[\p{L}\p{M}'’]*)|(?<equals>[=<>!:]{2,}|->|[=≈≅])|(?<operator>\*\*|[-+*/^×·⋅÷−–])|(?<power>[²³])|(?<bracket>[(){}])|(?<other>[^\s])/gu;

const operators: Readonly<Record<string, Operator>> = {
  '+': '+',
  '-': '-',
  '−': '-',
  '–': '-',
  '*': '*',
  '×': '*',
  '·': '*',
  '⋅': '*',
  '\\times': '*',
  '\\cdot': '*',
  '/': '/',
  '÷': '/',
  '\\div': '/',
  '^': '^',
  '**': '^',
};
// LaTeX that changes the look and not the value.
const invisible = /^\\(?:left|right|[,!;: $])$/;
const plainNumber = /^(?:\d+(?:\.\d+)?|\.\d+)$/;
const groupedNumber = /^\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d+)?$/;

/** Words that say something about the numbers beside them, so that they are no unit: an expression is not read across them. */
const notUnits = new Set(
  'and or of times plus minus divided multiplied by percent half twice double squared cubed than more less over per log ln sin cos tan sqrt mod modulo root choose is are was were so then to in at equals gives makes i a if but which that because with for from'.split(
    ' ',
  ),
);

export function isMathWord(word: string): boolean {
  return /^(?:of|times|plus|minus|divided|multiplied|by|percent|half|twice|double|triple|than|more|less|over|log|ln|sin|cos|tan|sqrt|mod|modulo|root|choose|[b-hj-z])$/.test(
    word,
  );
}

/** The tokens of one line; `offset` is where it begins in the answer. */
export function tokenize(line: string, offset: number): Token[] {
  const tokens: Token[] = [];
  let end = -1;
  for (const match of line.matchAll(pieces)) {
    const place: Place = {
      span: [offset + match.index, offset + match.index + match[0].length],
      glued: match.index === end,
    };
    end = match.index + match[0].length;
    const token = tokenOf(match[0], match.groups ?? {}, line, match.index, place);
    if (token) tokens.push(token);
  }
  return spoken(withUnits(tokens));
}

function tokenOf(
  text: string,
  groups: Readonly<Record<string, string | undefined>>,
  line: string,
  at: number,
  place: Place,
): Token | undefined {
  const { number, latex, word, equals, operator, power, bracket } = groups;
  if (number !== undefined) return numberToken(number, place);
  if (latex !== undefined && invisible.test(latex)) return undefined;
  if (latex === '\\%') return { ...place, kind: 'other', text: '%' };
  if (latex !== undefined && /^\\[dt]?frac$/.test(latex)) return { ...place, kind: 'fraction' };
  // Where a formula begins and ends.
  if (latex !== undefined && /^\\[()[\]]$/.test(latex)) return { ...place, kind: 'other', text: '|' };
  if (latex === '\\approx') return { ...place, kind: 'equals', approximate: true };
  if (equals !== undefined && equals.length === 1) return { ...place, kind: 'equals', approximate: equals !== '=' };
  const known = operators[operator ?? latex ?? ''];
  if (known !== undefined)
    return isOperator(line, at, text) ? { ...place, kind: 'operator', operator: known } : undefined;
  if (
    word !== undefined &&
    /^x$/i.test(word) &&
    /\d\s?$/.test(line.slice(Math.max(0, at - 2), at)) &&
    /^\s?[\d$(]/.test(line.slice(at + 1, at + 3))
  )
    return { ...place, kind: 'operator', operator: '*' };
  if (power !== undefined) return { ...place, kind: 'power', value: power === '²' ? 2 : 3 };
  if (bracket === '(' || bracket === ')' || bracket === '{' || bracket === '}') return { ...place, kind: bracket };
  return { ...place, kind: word === undefined ? 'other' : 'word', text };
}

/** Asterisks also mark emphasis, as in `**8**`: an operator has white space on both sides or on neither, and a number before it. */
function isOperator(line: string, at: number, text: string): boolean {
  if (!text.startsWith('*')) return true;
  const before = line[at - 1] ?? ' ';
  const after = line[at + text.length] ?? ' ';
  if (/\s/.test(before) !== /\s/.test(after)) return false;
  return /\s/.test(before) || (/[\d)%\p{L}]/u.test(before) && /^(?:[\d($-]|\.\d)/.test(line.slice(at + text.length)));
}

function numberToken(text: string, place: Place): Token {
  const digits = text.replace(/^[$€£¥]/, '');
  if (!plainNumber.test(digits) && !groupedNumber.test(digits)) return { ...place, kind: 'other', text };
  const plain = digits.replace(/,/g, '');
  const decimals = plain.includes('.') ? plain.length - plain.indexOf('.') - 1 : 0;
  const unit = /^[$€£¥]/.test(text) ? ['dollar'] : [];
  return { ...place, kind: 'number', value: Number(plain), decimals, percent: false, unit };
}

const spokenOperators: Readonly<Record<string, Operator>> = {
  plus: '+',
  minus: '-',
  times: '*',
  'multiplied by': '*',
  'divided by': '/',
};
const spokenEquals = /^(?:(?:is )?equal to|equals(?: to)?|is)(?: (?:about|approximately|roughly|around|nearly))?$/;

/** Reads "7 plus 8 equals 16": words between two numbers that say what is done with them. */
function spoken(tokens: readonly Token[]): Token[] {
  const read: Token[] = [];
  let index = 0;
  for (let token = tokens[0]; token; token = tokens[index]) {
    const before = read.at(-1)?.kind;
    const end = token.kind === 'word' && (before === 'number' || before === ')') ? endOfWords(tokens, index) : index;
    const next = tokens[end];
    const isStart =
      next?.kind === 'number' || next?.kind === '(' || (next?.kind === 'operator' && next.operator === '-');
    const sign = isStart && end > index ? signOf(token, tokens.slice(index, end)) : undefined;
    read.push(sign ?? token);
    index = sign ? end : index + 1;
  }
  return read;
}

/** Where at most four words from `from` on end. */
function endOfWords(tokens: readonly Token[], from: number): number {
  let end = from;
  while (end < from + 4 && tokens[end]?.kind === 'word') end += 1;
  return end;
}

function signOf(first: Token, words: readonly Token[]): Token | undefined {
  const phrase = words.map((word) => ('text' in word ? word.text.toLowerCase() : '')).join(' ');
  const place: Place = { span: [first.span[0], words.at(-1)?.span[1] ?? first.span[1]], glued: false };
  const operator = spokenOperators[phrase];
  if (operator !== undefined) return { ...place, kind: 'operator', operator, isSpoken: true };
  if (!spokenEquals.test(phrase)) return undefined;
  return { ...place, kind: 'equals', approximate: / (?!to$)\w+$/.test(phrase), isSpoken: true };
}

/** Draws percent signs and units into the numbers before them: `3 apples`, `$4/box`, `20%`, `\text{ km}`. */
function withUnits(tokens: readonly Token[]): Token[] {
  const drawn: Token[] = [];
  let index = 0;
  for (let token = tokens[0]; token; token = tokens[index]) {
    const { number, next } =
      token.kind === 'number' ? unitAfter(token, tokens, index + 1) : { number: token, next: index + 1 };
    drawn.push(number);
    index = next;
  }
  return drawn;
}

function unitAfter(
  number: NumberToken,
  tokens: readonly Token[],
  from: number,
): { readonly number: Token; readonly next: number } {
  let next = from;
  const first = tokens[next];
  const percent =
    (first?.kind === 'other' && first.text === '%') ||
    (first?.kind === 'word' && /^(?:percent|prozent)$/i.test(first.text));
  if (percent) next += 1;
  const unit = [...number.unit];
  const currency = tokens[next];
  if (!percent && currency?.kind === 'other' && /^[$€£¥₹₩₽]$/.test(currency.text) && number.unit.length === 0) {
    unit.push('dollar');
    next += 1;
  }
  while (unit.length < 3) {
    const slash = tokens[next];
    // `4 apples/box`: the slash divides units, not numbers.
    const at =
      slash?.kind === 'operator' && slash.operator === '/' && tokens[next + 1]?.kind === 'word' ? next + 1 : next;
    const word = tokens[at];
    if (word?.kind !== 'word' || !isUnit(word.text.toLowerCase())) break;
    // `2x` is a variable, `5km` is not.
    if (at === from && word.glued && measureOf(word.text.toLowerCase()) === undefined)
      return { number: { ...number, kind: 'other', text: 'variable' }, next };
    unit.push(word.text.toLowerCase());
    next = at + 1;
  }
  const end = tokens[next - 1]?.span[1] ?? number.span[1];
  return {
    number: { ...number, percent, unit, span: percent && unit.length === 0 ? [number.span[0], end] : number.span },
    next,
  };
}

/** A single letter is a variable, if not the sign of a measure. */
function isUnit(word: string): boolean {
  return !notUnits.has(word) && (word.length > 1 || measureOf(word) !== undefined);
}

const measures: Readonly<Record<string, string>> = {
  time: 's sec secs second seconds min mins minute minutes h hr hrs hour hours day days week weeks month months year years decade decades century centuries',
  length:
    'mm cm m km inch inches in foot feet ft yard yards yd mile miles mi meter meters metre metres kilometer kilometers kilometre kilometres',
  mass: 'mg g kg gram grams kilogram kilograms lb lbs pound pounds oz ounce ounces ton tons tonne tonnes',
  volume: 'ml l liter liters litre litres gallon gallons quart quarts pint pints cup cups',
  money: 'cent cents dollar dollars penny pennies nickel nickels dime dimes quarter quarters',
  scale: 'hundred thousand million billion trillion dozen dozens score pair pairs k',
};
const measureByUnit = new Map(
  Object.entries(measures).flatMap(([measure, units]) => units.split(' ').map((unit) => [unit, measure] as const)),
);

/** What a unit measures, when it has other units beside it: minutes and hours measure time, apples nothing. */
export function measureOf(unit: string): string | undefined {
  return measureByUnit.get(unit);
}
