/** What IFEval's reference finds with patterns that try long texts over and over; here each is found in one go. */
import { isBlank, lstripOf, rstripOf, space } from '../../python/text.ts';

/** Matches of `\[.*?\]`. */
export function countPlaceholders(text: string): number {
  let count = 0;
  for (const line of text.split('\n')) {
    let at = line.indexOf('[');
    while (at >= 0) {
      const end = line.indexOf(']', at);
      if (end < 0) break;
      count += 1;
      at = line.indexOf('[', end);
    }
  }
  return count;
}

/** Whether a match of `<<[^\n]+>>` has more in it than its marks. On a line there is one match at most: it goes up to the last `>>`. */
export function hasTitle(text: string): boolean {
  return text.split('\n').some((line) => {
    const start = line.indexOf('<<');
    const end = line.lastIndexOf('>>');
    if (start < 0 || end < start + 3) return false;
    return !isBlank(rstripOf(lstripOf(line.slice(start, end + 2), '<'), '>'));
  });
}

const notSpace = new RegExp(`[^${space}]`, 'g');

/** Matches of `^\s*\*[^\*].*$` and of `^\s*-.*$` on lines. The white space may hold whole lines, and what follows the star may be the end of its line. */
export function countBullets(text: string): number {
  return countBulletsOf(text, '*') + countBulletsOf(text, '-');
}

function countBulletsOf(text: string, mark: '*' | '-'): number {
  let count = 0;
  let lineStart = 0;
  while (lineStart < text.length) {
    notSpace.lastIndex = lineStart;
    const at = notSpace.exec(text)?.index;
    if (at === undefined) break;
    const after = text.charAt(at + 1);
    const found = text.charAt(at) === mark && (mark === '-' || (after !== '' && after !== '*'));
    if (found) count += 1;
    const end = lineEnd(text, found && mark === '*' ? at + 2 : at);
    // A match whose last letter is the end of a line stands in front of a new one.
    lineStart = text.charAt(end - 1) === '\n' && found ? end : end + 1;
  }
  return count;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

/** Matches of `\*[^\n\*]*\*` and of `\*\*[^\n\*]*\*\*` that are not blank within. */
export function countHighlights(text: string): number {
  const single = text.match(/\*[^\n*]*\*/g) ?? [];
  const double = text.match(/\*\*[^\n*]*\*\*/g) ?? [];
  return [...single, ...double].filter((found) => !isBlank(found.replaceAll('*', ''))).length;
}
