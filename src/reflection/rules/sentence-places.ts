/** Roughly where the sentences of a text are: every full stop and every new line ends one. Checks that count sentences use `checks/sentences/`. */
import type { Span } from '../checks/check.ts';
import { firstFrom } from '../checks/sorted-places.ts';

/** Where sentences end: the places of their last characters. */
export function sentenceEnds(text: string): number[] {
  return Array.from(text.matchAll(/[\n。！？]|[.!?](?=\s|$)/g), ({ index }) => index);
}

/** From the sentence's end before the span to the end at or after it. `ends` are the text's, `length` is its length. */
export function sentenceAround(ends: readonly number[], [from, to]: Span, length: number): Span {
  const before = ends[firstFrom(ends, from) - 1] ?? -1;
  const end = ends[firstFrom(ends, Math.max(from, to - 1))] ?? length - 1;
  return [before + 1, end + 1];
}

/** The same for a single span of a text. */
export function sentenceAt(text: string, span: Span): Span {
  return sentenceAround(sentenceEnds(text), span, text.length);
}
