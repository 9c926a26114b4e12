/** Numbers by which an answer counts what it says itself, which state nothing of the sources. */
import { blanked } from '../blocks.ts';
import type { Span } from '../check.ts';

const lineMark = /^[^\S\n]*(?:#{1,6}[^\S\n]+)?\(?\d{1,3}[.)](?=\s)/gm;
const inlineMark = /(?<![^\s(*_])(\d{1,2})[.)](?=[\s*_])/g;
// "Here are 3 key facts:", where a colon or a list follows.
const announcement =
  /(?<![\p{L}\d.,])\d{1,2}(?=\s(?:\p{L}+\s){0,2}(?:facts|points|reasons|steps|ways|items|examples|things|tips|ideas|takeaways|findings|highlights|details|aspects|factors|parts|sections|bullets|sentences|words|lines)\b(?:[^\n:]{0,160}:|[^\n]{0,160}\n\s{0,8}(?:[-*+•]|\d{1,3}[.)])\s))/giu;

/** The text with the numbers of its lists, and of what announces them, blanked out. */
export function withoutCounting(text: string): string {
  const counting = [spansOf(text.matchAll(lineMark)), inlineMarks(text), spansOf(text.matchAll(announcement))];
  return counting.reduce((rest, spans) => blanked(rest, spans), text);
}

function spansOf(matches: Iterable<RegExpExecArray>): Span[] {
  return Array.from(matches, ({ index, 0: { length } }): Span => [index, index + length]);
}

/** The marks of "1. … 2. … 3. …" within lines: only a run from 1 up to at least 2 is a list. */
function inlineMarks(text: string): Span[] {
  const found: Span[] = [];
  let run: Span[] = [];
  const close = (): void => {
    if (run.length > 1) found.push(...run);
    run = [];
  };
  for (const match of text.matchAll(inlineMark)) {
    const ordinal = Number(match[1]);
    if (ordinal === 1) close();
    if (ordinal === run.length + 1) run.push([match.index, match.index + match[0].length]);
  }
  close();
  return found;
}
