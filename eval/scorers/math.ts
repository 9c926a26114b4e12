/**
 * Scores of MATH: the last `\boxed{…}`, or else the last `Answer:` line, held against the gold answer by the data set's own equivalence.
 * https://github.com/hendrycks/math/blob/main/modeling/math_equivalence.py
 */
import { strip } from '../python/text.ts';

/** The last `\boxed…` or `\fbox…` with what is in its braces; null where there is none, or its braces do not close. */
export function lastBoxed(text: string): string | null {
  const spaced = text.lastIndexOf('\\boxed ');
  if (spaced >= 0) return `\\boxed ${text.slice(spaced + '\\boxed '.length).split('$')[0] ?? ''}`;
  const start =
    Math.max(text.lastIndexOf('\\boxed'), -1) >= 0 ? text.lastIndexOf('\\boxed') : text.lastIndexOf('\\fbox');
  if (start < 0) return null;
  let depth = 0;
  for (let index = start; index < text.length; index += 1) {
    if (text[index] === '{') depth += 1;
    if (text[index] !== '}') continue;
    depth -= 1;
    if (depth === 0) return text.slice(start, index + 1);
  }
  return null;
}

/** What is in a box; undefined where it is none of the form that the reference takes. */
export function unboxed(boxed: string): string | undefined {
  if (boxed.startsWith('\\boxed ')) return boxed.slice('\\boxed '.length);
  return boxed.startsWith('\\boxed{') && boxed.endsWith('}') ? boxed.slice('\\boxed{'.length, -1) : undefined;
}

/** The answer of a response, or null. */
export function extractMath(response: string): string | null {
  const boxed = lastBoxed(response);
  const content = boxed === null ? undefined : unboxed(boxed);
  if (content !== undefined) return content;
  const line = [...response.matchAll(/answer\s*:\s*([^\n]+)/gi)].at(-1)?.[1];
  return line === undefined ? null : withoutMarks(line);
}

/** A sentence's full stop, emphasis and dollar signs are no part of an answer. */
function withoutMarks(line: string): string {
  return strip(line)
    .replace(/^\*+|\*+$/g, '')
    .trim()
    .replace(/^\$+([^$]*)\$+\.?$/, '$1')
    .replace(/\.$/, '');
}

/** Whether two answers are the same, written in either way. What cannot be read is compared as it is. */
export function isEquivalent(one: string | null, other: string | null): boolean {
  if (one === null || other === null) return one === other;
  const [left, right] = [stripped(one), stripped(other)];
  return left === undefined || right === undefined ? one === other : left === right;
}

/** In the form in which answers are compared; undefined where the reference breaks off. */
function stripped(text: string): string | undefined {
  const plain = text
    .replaceAll('\n', '')
    .replaceAll('\\!', '')
    .replaceAll('\\\\', '\\')
    .replaceAll('tfrac', 'frac')
    .replaceAll('dfrac', 'frac')
    .replaceAll('\\left', '')
    .replaceAll('\\right', '')
    .replaceAll('^{\\circ}', '')
    .replaceAll('^\\circ', '')
    .replaceAll('\\$', '');
  const withoutUnits = beforeUnits(plain);
  if (withoutUnits === undefined) return undefined;
  let left = withoutUnits.replaceAll('\\%', '').replaceAll(' .', ' 0.').replaceAll('{.', '{0.');
  if (left === '') return left;
  if (left.startsWith('.')) left = `0${left}`;
  const sides = left.split('=');
  if (sides.length === 2 && (sides[0] ?? '').length <= 2) left = sides[1] ?? '';
  const rooted = withBracedRoots(left);
  if (rooted === undefined) return undefined;
  const fractions = withBracedFractions(rooted.replaceAll(' ', ''));
  if (fractions === undefined) return undefined;
  return asFraction(fractions === '0.5' ? '\\frac{1}{2}' : fractions);
}

/** Units stand behind `\text{ `. More than one of them is more than the reference can read. */
function beforeUnits(text: string): string | undefined {
  const parts = text.split('\\text{ ');
  if (parts.length === 1) return text;
  return parts.length === 2 ? parts[0] : undefined;
}

/** `\sqrt3` as `\sqrt{3}`. Undefined for a root of nothing. */
function withBracedRoots(text: string): string | undefined {
  const [first = '', ...roots] = text.split('\\sqrt');
  const braced: string[] = [];
  for (const root of roots) {
    const of = first2(root)[0];
    if (of === undefined) return undefined;
    braced.push(of === '{' ? `\\sqrt${root}` : `\\sqrt{${of}}${root.slice(of.length)}`);
  }
  return first + braced.join('');
}

/** `\frac12` as `\frac{1}{2}`. What is too short is left as it is. Undefined for a fraction of nothing. */
function withBracedFractions(text: string): string | undefined {
  const [first = '', ...fractions] = text.split('\\frac');
  const braced: string[] = [];
  for (const fraction of fractions) {
    const [over, under] = first2(fraction);
    if (over === undefined) return undefined;
    if (over === '{') {
      braced.push(`\\frac${fraction}`);
      continue;
    }
    if (under === undefined) return text;
    const rest = fraction.slice(over.length + under.length);
    braced.push(under === '{' ? `\\frac{${over}}{${rest}` : `\\frac{${over}}{${under}}${rest}`);
  }
  return first + braced.join('');
}

/** Its first two letters (code points). */
function first2(text: string): readonly [string | undefined, string | undefined] {
  const [one, two] = Array.from(text.slice(0, 4));
  return [one, two];
}

/** `1/2` as `\frac{1}{2}`, where both are whole numbers written as Python writes them. */
function asFraction(text: string): string {
  const [over = '', under, ...more] = text.split('/');
  if (under === undefined || more.length > 0) return text;
  const isWhole = (part: string): boolean => /^-?(?:0|[1-9]\d*)$/.test(part) && part !== '-0';
  return isWhole(over) && isWhole(under) ? `\\frac{${over}}{${under}}` : text;
}

export interface MathVerdict {
  readonly correct: boolean;
  /** Null where no answer was found: it is wrong. */
  readonly extracted: string | null;
}

/** `gold`: the answer, as the data set has it. */
export function scoreMath(response: string, gold: string): MathVerdict {
  const extracted = extractMath(response);
  return { correct: extracted !== null && isEquivalent(extracted, gold), extracted };
}
