/** Whether the sums in an answer are right. Computed again by code, with the tolerance that the shown digits imply; abstains on whatever may be meant otherwise. */
import { briefly } from '../bounded-text.ts';
import type { Span, Verdict } from '../check.ts';
import { excerpt, failed, passed, skipped } from '../verdict.ts';
import { type Claim, claims } from './claims.ts';
import type { Range, Side } from './sides.ts';
import { measureOf } from './tokens.ts';

type Judgement = 'right' | 'wrong' | 'unsure';

/** Said near a claim, these words mean that it may not be asserted, or not in our arithmetic. */
const reservations =
  /(?<!\p{L})(?:wrong|incorrect|false|mistake|mistaken|error|not|never|instead|isn['’]t|doesn['’]t|if|suppose|assum\w+|imagine|base|binary|hex\w*|octal|mod|modulo|modular|clock|remainder|integer|rounded|floor|falsch|nicht|kein|statt|fehler|incorrect[oa]|fals[oa]|no es|erróne[oa]|faux|fausse|pas|erreur|erroné|errado|sbagliato|неверно|не)(?!\p{L})|틀[렸린리]|아니|아닙|오류|間違|違|誤|ではな|[错不]|≠|≡|%%|…|\.\.\./iu;

/** "2 + 2 = 5?" asks and does not claim. */
const asked = /^[^.!?？。\n]{0,30}[?？]/;

function near(one: number, other: number): boolean {
  return Math.abs(one - other) <= 1e-9 * Math.max(1, Math.abs(one), Math.abs(other));
}

/** Holds one reading of the computed side against one of the shown side. */
function compare(computed: Range, shown: Range, { left, right, approximate }: Claim): Judgement {
  const gap = Math.abs(computed.value - shown.value);
  if (near(computed.value, shown.value)) return 'right';
  const isNumber = right.count === 1;
  // Rounded or cut at the last digit shown. A whole number shown for a fraction is a rounding only where the claim says so or divides.
  const unit = 10 ** -right.decimals;
  const inexact = right.decimals > 0 || approximate || left.operators.has('/');
  if (isNumber && inexact && gap < (right.decimals > 0 ? unit : unit / 2) - 1e-9) return 'right';
  if (approximate)
    return gap <= 0.1 * Math.abs(computed.value)
      ? gap <= 0.01 * Math.abs(computed.value)
        ? 'right'
        : 'unsure'
      : 'wrong';
  if (isNumber && right.decimals === 0 && gap < 1) return 'unsure';
  const isAdditive = !left.operators.has('*') && !left.operators.has('/') && !left.operators.has('^');
  if (isAdditive && isNumber) return 'wrong';
  // The factors may have been rounded, and a result with decimals cut.
  const slack = right.decimals > 0 || !isNumber ? unit : -1e-9;
  return shown.high + slack >= computed.low && shown.low - slack <= computed.high && computed.low < computed.high
    ? 'unsure'
    : 'wrong';
}

/** Claims without an operator ("1 dozen = 12") are no arithmetic. */
function isArithmetic({ left, right }: Claim): boolean {
  return left.operators.size + right.operators.size > 0;
}

/** The side with the operator is what is computed. */
function oriented(claim: Claim): Claim {
  return claim.left.operators.size > 0 ? claim : { ...claim, left: claim.right, right: claim.left };
}

function judge(claim: Claim, text: string): Judgement {
  const { left, right } = oriented(claim);
  const readings = Object.values(left.readings).flatMap((computed) =>
    Object.values(right.readings).map((shown) => compare(computed, shown, { ...claim, left, right })),
  );
  if (readings.includes('right')) return 'right';
  if (readings.includes('unsure') || mixesUnits(left, right)) return 'unsure';
  // "Drop 8 degrees = 2 - 8": a label, not a value.
  if (claim.left.operators.size === 0 && claim.left.units.length > 0) return 'unsure';
  // "5 + 3 = 8 × 2 = 16": a sum carried on, sloppy but not wrong.
  if (right.operators.size > 0 && near(left.readings.plain.value, right.head.value)) return 'unsure';
  // "3-5 = 3 pages": a range, not a difference.
  if (left.readings.plain.value < 0 && right.readings.plain.value >= 0 && /\d[-–]\d/.test(text.slice(...left.span)))
    return 'unsure';
  const [start, end] = spanOf(claim);
  if (asked.test(text.slice(end, end + 40)) || reservations.test(text.slice(Math.max(0, start - 120), end + 80)))
    return 'unsure';
  // A point may group thousands, as in German.
  return /\d\.\d{3}(?!\d)/.test(text.slice(start, end)) ? 'unsure' : 'wrong';
}

/** Whether units are converted on the way: minutes and hours, cents and dollars, dozens. */
function mixesUnits(left: Side, right: Side): boolean {
  const byMeasure = new Map<string, Set<string>>();
  for (const unit of [...left.units, ...right.units]) {
    const measure = measureOf(unit);
    // One letter may be a variable after all: "2 m + 3 = 7".
    if (measure === 'scale' || unit.length === 1) return true;
    if (measure !== undefined)
      byMeasure.set(measure, (byMeasure.get(measure) ?? new Set()).add(unit.replace(/s$/, '')));
  }
  return [...byMeasure.values()].some((units) => units.size > 1);
}

function spanOf({ left, right }: Claim): Span {
  return [Math.min(left.span[0], right.span[0]), Math.max(left.span[1], right.span[1])];
}

/** A computed value as it would be written. */
function shown(value: number): string {
  return String(Number(value.toPrecision(10)));
}

/** The verdict on every calculation of the text. */
export function verifyArithmetic(text: string): Verdict {
  const judged = claims(text)
    .filter(isArithmetic)
    .map((claim) => ({ claim, judgement: judge(claim, text) }))
    .filter(({ judgement }) => judgement !== 'unsure');
  const wrong = judged.filter(({ judgement }) => judgement === 'wrong').map(({ claim }) => claim);
  if (judged.length === 0) return skipped('No calculation was found that can be computed again.');
  const expected = 'right calculations';
  const [first] = wrong;
  if (!first)
    return passed({
      message: 'The calculations are right.',
      measured: { checked: judged.length, wrong: [] },
      expected,
    });
  const parts = wrong.slice(0, 10).map((claim) => {
    const { left } = oriented(claim);
    return `"${excerpt(text.slice(...spanOf(claim)))}": ${excerpt(text.slice(...left.span))} is ${shown(left.readings.relative.value)}`;
  });
  const measured = {
    checked: judged.length,
    wrong: wrong.slice(0, 10).map((claim) => excerpt(text.slice(...spanOf(claim)))),
  };
  return failed({
    message: `Wrong calculation${parts.length === 1 ? '' : 's'}: ${briefly(parts, '; ')}.`,
    measured,
    expected,
    span: spanOf(first),
  });
}
