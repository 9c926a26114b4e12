/** How much of a text another still says, by its words. */

/** The share of `before`'s words that `after` has, each as often as it stood, in any order and in either case: 0 to 1. A text without words is kept whole. */
export function wordsKept(before: string, after: string): number {
  if (before === after) return 1;
  const left = countsOf(after);
  const words = wordsOf(before);
  let kept = 0;
  for (const word of words) {
    const count = left.get(word) ?? 0;
    if (count === 0) continue;
    left.set(word, count - 1);
    kept += 1;
  }
  return words.length === 0 ? 1 : kept / words.length;
}

function countsOf(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of wordsOf(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{M}\p{N}_]+/gu) ?? [];
}
