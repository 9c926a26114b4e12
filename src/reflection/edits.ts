/** Patch-style revisions: the reviser names what to replace and code replaces it, so that everything else stays untouched. */
import type { AppliedEdit } from './events.ts';
import { locate } from './quote.ts';

export interface Edit {
  readonly search: string;
  readonly replace: string;
}

export interface Edited {
  readonly text: string;
  readonly applied: readonly AppliedEdit[];
  /** How many edits named text that does not stand there, or stands there more than once. */
  readonly missed: number;
}

const mostEdits = 16;
const block = /^<{3,9} ?SEARCH\s*\n([\s\S]*?)\n?={3,9}\s*\n([\s\S]*?)\n?>{3,9} ?REPLACE\s*$/gm;

/** The search/replace blocks in a reviser's words; none when it wrote the text out instead. */
export function parseEdits(said: string): Edit[] {
  return [...said.matchAll(block)]
    .map((match) => ({ search: match[1] ?? '', replace: match[2] ?? '' }))
    .filter((edit) => edit.search.trim() !== '')
    .slice(0, mostEdits);
}

/** Applies edits one after another. An edit whose place is not certain is left out: code never guesses where. */
export function applyEdits(text: string, edits: readonly Edit[], reason: string): Edited {
  const applied: AppliedEdit[] = [];
  let edited = text;
  for (const edit of edits) {
    const span = onlyPlace(edit.search, edited);
    if (!span) continue;
    edited = edited.slice(0, span[0]) + edit.replace + edited.slice(span[1]);
    applied.push({ reason, kind: 'replace' });
  }
  return { text: edited, applied, missed: edits.length - applied.length };
}

function onlyPlace(search: string, text: string): readonly [number, number] | null {
  const place = locate(search, text);
  if (!place) return null;
  return locate(search, text.slice(place[1])) ? null : place;
}

const preamble =
  /^(?:sure|certainly|of course|okay|here(?:'s| is| are)|below is|the (?:revised|corrected|improved|updated))\b[^\n]{0,120}:\s*\n+/i;
const apology =
  /^(?:you(?:'re| are) (?:right|correct)|i apologi[sz]e|sorry (?:for|about)|thank you for)\b[^\n]{0,160}\n+/i;
const afterword =
  /\n+(?:let me know|i hope this|please let me know|i(?:'ve| have) (?:made|revised|corrected|updated)|note: i (?:have|changed))\b[^\n]*\s*$/i;

/** A reviser's text without talk about the revision. Stripping never empties it. */
export function withoutMetaTalk(said: string): string {
  const text = said.trim().replace(apology, '').replace(preamble, '').replace(afterword, '').trim();
  return text === '' ? said.trim() : text;
}

/** A continuation joined to what was cut, without the words that it repeats. */
export function joinContinuation(cut: string, continuation: string): string {
  const most = Math.min(200, cut.length, continuation.length);
  for (let overlap = most; overlap >= 8; overlap -= 1) {
    if (cut.endsWith(continuation.slice(0, overlap))) return cut + continuation.slice(overlap);
  }
  return cut + continuation;
}
