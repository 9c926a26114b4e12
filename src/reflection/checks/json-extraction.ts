/** Getting JSON out of what a model wrote around it, and mending the commas that JSON does not allow. */
import { fences } from './blocks.ts';
import { parseJson } from './json.ts';

/** How many places where JSON may begin are tried. */
const mostCandidates = 8;

/** The JSON in the text, as it is written there but for forbidden commas; undefined when there is none. Only objects and arrays are looked for inside prose. */
export function extractJson(text: string): string | undefined {
  for (const candidate of candidates(text, '{[')) {
    const json = mended(candidate);
    if (json !== undefined) return json;
  }
  return undefined;
}

/** The candidate without forbidden commas; undefined when it is no JSON even so. */
export function mended(candidate: string): string | undefined {
  return [candidate, withoutTrailingCommas(candidate)].find((json) => parseJson(json).ok);
}

/**
 * Where the text may hold JSON: all of it, its fences, and what begins with one of the `openings`. What begins there and is never closed goes
 * through `close`, or is left out.
 */
export function* candidates(text: string, openings: '{[' | '{', close?: (cut: string) => string): Generator<string> {
  yield text.trim();
  for (const { body } of fences(text).slice(0, mostCandidates)) yield text.slice(...body).trim();
  let from = 0;
  for (let tried = 0; tried < mostCandidates; tried += 1) {
    const start = nextOpening(text, openings, from);
    if (start === undefined) return;
    const end = balancedEnd(text, start);
    if (end !== undefined) yield text.slice(start, end);
    else if (close) yield close(text.slice(start));
    from = start + 1;
  }
}

function nextOpening(text: string, openings: string, from: number): number | undefined {
  const found = [...openings].map((bracket) => text.indexOf(bracket, from)).filter((at) => at >= 0);
  return found.length === 0 ? undefined : Math.min(...found);
}

/** The offset after the bracket that closes the one at `start`. */
function balancedEnd(text: string, start: number): number | undefined {
  let depth = 0;
  let end: number | undefined;
  visitOutsideStrings(text, start, (character, at) => {
    if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') depth -= 1;
    if (depth === 0) end = at + 1;
    return depth > 0;
  });
  return end;
}

/** The text without commas right before a closing bracket; strings are left alone. */
function withoutTrailingCommas(text: string): string {
  const pieces: string[] = [];
  let from = 0;
  visitOutsideStrings(text, 0, (character, at) => {
    if (character === ',' && /^\s{0,200}[}\]]/.test(text.slice(at + 1, at + 202))) {
      pieces.push(text.slice(from, at));
      from = at + 1;
    }
    return true;
  });
  return pieces.join('') + text.slice(from);
}

/** Visits the characters from `start` on that stand in no JSON string, for as long as `visit` gives true. */
export function visitOutsideStrings(
  text: string,
  start: number,
  visit: (character: string, at: number) => boolean,
): void {
  let inString = false;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (inString) {
      if (character === '\\') at += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (!visit(character, at)) return;
  }
}
