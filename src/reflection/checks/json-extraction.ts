/** Getting JSON out of what a model wrote around it, and mending the commas that JSON does not allow. */
import { fences } from './blocks.ts';
import { parseJson } from './json.ts';

/** How many places where JSON may begin are tried. */
const mostCandidates = 8;

/** The JSON in the text, as it is written there but for forbidden commas; undefined when there is none. Only objects and arrays are looked for inside prose. */
export function extractJson(text: string): string | undefined {
  for (const candidate of candidates(text)) {
    const mended = [candidate, withoutTrailingCommas(candidate)].find((json) => parseJson(json).ok);
    if (mended !== undefined) return mended;
  }
  return undefined;
}

function* candidates(text: string): Generator<string> {
  yield text.trim();
  for (const { body } of fences(text).slice(0, mostCandidates)) yield text.slice(...body).trim();
  let from = 0;
  for (let tried = 0; tried < mostCandidates; tried += 1) {
    const start = nextOpening(text, from);
    if (start === undefined) return;
    const end = balancedEnd(text, start);
    if (end !== undefined) yield text.slice(start, end);
    from = start + 1;
  }
}

function nextOpening(text: string, from: number): number | undefined {
  const found = ['{', '['].map((bracket) => text.indexOf(bracket, from)).filter((at) => at >= 0);
  return found.length === 0 ? undefined : Math.min(...found);
}

/** The offset after the bracket that closes the one at `start`, strings set aside. */
function balancedEnd(text: string, start: number): number | undefined {
  let depth = 0;
  let inString = false;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (inString) {
      if (character === '\\') at += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') depth -= 1;
    if (depth === 0) return at + 1;
  }
  return undefined;
}

/** The text without commas right before a closing bracket; strings are left alone. */
function withoutTrailingCommas(text: string): string {
  let mended = '';
  let from = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '\\' && inString) at += 1;
    else if (character === '"') inString = !inString;
    else if (character === ',' && !inString && /^\s{0,200}[}\]]/.test(text.slice(at + 1, at + 202))) {
      mended += text.slice(from, at);
      from = at + 1;
    }
  }
  return mended + text.slice(from);
}
