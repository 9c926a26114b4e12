/**
 * Getting JSON out of what a model wrote around it. What is taken is a whole payload, never a part of one, and only where it is certain that it is the
 * answer: the only one that follows the schema, or without a schema the only one there is and most of the text.
 */
import { withoutPreamble } from '../../edits.ts';
import { fences, trimmed } from '../blocks.ts';
import type { Span } from '../check.ts';
import { type Follows, mendedJson, visitOutsideStrings } from './mending.ts';
import { isRejected } from './rejection.ts';

/** A text with more payloads is a document about JSON. */
const mostPayloads = 16;

// What `trim` takes away and parsers refuse, a byte order mark among it, goes with the rest.
const edge = /^[\s\uFEFF]+/;

/** The whole text as JSON, where it is nothing else: what parsers refuse around it and its fence gone, its slips mended. */
export function wholeJson(text: string, follows?: Follows): string | undefined {
  const [start, end] = wholePayload(text);
  const payload = text.slice(start, end);
  return /^[{["]/.test(payload) && closesAtEnd(payload) ? mendedJson(payload, follows) : undefined;
}

/** The one payload in the text that is the answer; undefined when that is not certain. */
export function extractJson(text: string, follows?: Follows): string | undefined {
  const found = payloads(text);
  if (found === undefined || found.some((payload, index) => touches(text, payload, found[index + 1]))) return undefined;
  const read = found.map((span) => ({ span, json: mendedJson(text.slice(...span), follows) }));
  // One that cannot be read may be the answer itself.
  if (
    read.some(
      ({ span, json }) => json === undefined && looksLikeData(text.slice(...span)) && !mayBeOther(text, span, follows),
    )
  )
    return undefined;
  const valid = read.flatMap(({ span, json }) =>
    json === undefined || isMarker(json, follows) ? [] : [{ span, json }],
  );
  if (follows) {
    const following = valid.filter(({ span, json }) => isOffered(text, span) && follows(json));
    const [first] = following;
    return first && new Set(following.map(({ json }) => JSON.stringify(JSON.parse(json)))).size === 1
      ? first.json
      : undefined;
  }
  const [only, another] = valid;
  return only && !another && isOffered(text, only.span) && isMost(text, only.span) ? only.json : undefined;
}

/** A payload that is valid JSON but does not follow the schema is passed over for another one. */
function mayBeOther(text: string, span: Span, follows: Follows | undefined): boolean {
  return follows !== undefined && mendedJson(text.slice(...span)) !== undefined;
}

function wholePayload(text: string): Span {
  const start = edge.exec(text)?.[0].length ?? 0;
  let end = text.length;
  while (end > start && /[\s\uFEFF]/.test(text.charAt(end - 1))) end -= 1;
  const [fence, another] = fences(text.slice(start, end));
  if (!fence || another || !fence.closed || fence.span[0] !== 0 || fence.span[1] < end - start) return [start, end];
  return trimmed(text, [start + fence.body[0], start + fence.body[1]]);
}

/** Whether one payload is all of it: its first bracket is closed by its last character, or never. */
function closesAtEnd(payload: string): boolean {
  const end = payload.startsWith('"') ? undefined : balancedEnd(payload, 0);
  return end === undefined || end === payload.length;
}

/** Every object and array in the text that stands in no other one, in fences and outside; undefined when there are too many. */
function payloads(text: string): readonly Span[] | undefined {
  const found: Span[] = [];
  let from = 0;
  for (const fence of [...fences(text), undefined]) {
    const until = fence ? fence.span[0] : text.length;
    if (!collect(text, from, until, found)) return undefined;
    if (fence && !collect(text, ...fence.body, found)) return undefined;
    from = fence?.span[1] ?? until;
  }
  return found;
}

function collect(text: string, from: number, until: number, found: Span[]): boolean {
  const part = text.slice(from, until);
  let at = 0;
  while (found.length <= mostPayloads) {
    const next = part.slice(at).search(/[{[]/);
    if (next < 0) return true;
    const start = at + next;
    const end = balancedEnd(part, start);
    if (end === undefined) {
      // What begins here and never ends may be an object cut off, and what stands in it is a part of that.
      if (looksLikeData(part.slice(start))) found.push([from + start, until]);
      return true;
    }
    if (!/^\[\s*\d*\s*\]$/.test(part.slice(start, end))) found.push([from + start, from + end]);
    at = end;
  }
  return false;
}

/** Two payloads side by side are lines of JSON, or one value in pieces: neither is the answer. */
function touches(text: string, [, end]: Span, next: Span | undefined): boolean {
  return next !== undefined && /^[\s,;]*$/.test(text.slice(end, next[0]));
}

/** A citation, a year, an empty list or object may stand in prose by chance. */
function isMarker(json: string, follows: Follows | undefined): boolean {
  if (/^(?:\{\s*\}|\[\s*\]|\[\s*[^,[\]{}]*\])$/.test(json)) return !/[{"]/.test(json) || /^\{\s*\}$/.test(json);
  return follows === undefined && /^\[[\d\s,]*\]$/.test(json) && json.length < 6;
}

/** In a broken text: an object or a list of values, and no word in brackets. */
export function looksLikeData(text: string): boolean {
  return /^\{\s*["'“\w-]{1,80}["'”]?\s*:|^\{\s*\\?["'“]|^\[\s*[{["'“]/.test(text.slice(0, 200));
}

function isOffered(text: string, span: Span): boolean {
  return !isExample(text, span) && !isRejected(text, span);
}

/** Said to be something else than the answer. */
function isExample(text: string, [start]: Span): boolean {
  const lead = text.slice(Math.max(0, start - 60), start).replace(/[^\S\n]*(?:```|~~~)\w*\s*$/, '');
  return /(?:example|e\.g\.|for instance|such as|wrong|incorrect|invalid|instead of|not|never|schema|template|sample|format|input|before|old|previous\w*|z\. ?b\.|beispiel|ejemplo|exemple)\W{0,8}$/i.test(
    lead,
  );
}

/** Whether the payload is most of the text, once talk that says nothing is set aside. */
function isMost(text: string, [start, end]: Span): boolean {
  // A preamble goes only before something: the payload stands for it.
  const lead = withoutPreamble(`${text.slice(0, start).replace(/\n?[^\S\n]*(?:```|~~~)\w*\s*$/, '')}{`)
    .slice(0, -1)
    .trim();
  const tail = text
    .slice(end)
    .replace(/^\s*(?:```|~~~)/, '')
    .trim();
  const talk = /^(?:[^\n.\d]{0,60}\b(?:json|object|output|result|response|answer|data)\b[^\n.\d]{0,40}:)$/i.test(lead)
    ? ''
    : lead;
  const rest = /^(?:enjoy|i hope|hope this|let me know|feel free)\b[^\n\d]{0,100}$/i.test(tail) ? '' : tail;
  return end - start > talk.length + rest.length;
}

/** The offset after the bracket that closes the one at `start`. */
export function balancedEnd(text: string, start: number): number | undefined {
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
