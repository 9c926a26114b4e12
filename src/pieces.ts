/** Cuts a long text for rows that are too short for it. */

/** At most `letters` (UTF-16, two at least) each, in order. A surrogate pair is never cut in two: half of one cannot be stored as UTF-8. */
export function pieces(text: string, letters: number): string[] {
  const cut: string[] = [];
  for (let from = 0; from < text.length; ) {
    const to = Math.min(from + letters, text.length);
    const end = to < text.length && isHighSurrogate(text.charCodeAt(to - 1)) ? to - 1 : to;
    cut.push(text.slice(from, end));
    from = end;
  }
  return cut;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
