/** Mending JSON that has a slip: commas, quotes, comments, Python's words. Only where what was meant is certain. */
import { jsonrepair } from 'jsonrepair';
import { parseJson } from './json.ts';

/** Longer ones are not mended: the library reads some texts in more than linear time. */
const mostCharacters = 20_000;

/** Says whether a text is what was asked for. Where nobody can say, only what could mean nothing else is mended. */
export type Follows = (json: string) => boolean;

/** The JSON itself where the text is JSON, or the JSON that it was meant to be; undefined where that is not certain. */
export function mendedJson(text: string, follows?: Follows): string | undefined {
  if (parseJson(text).ok) return text;
  if (text.length > mostCharacters || text.includes(apostrophe)) return undefined;
  return withoutGrouping(text, follows) ?? repaired(text, follows);
}

function repaired(text: string, follows?: Follows): string | undefined {
  const { bare, quotes } = outsideStrings(text);
  // An elision stands for something that is not there; NaN has no spelling in JSON.
  if (/\.{3}|…|\b(?:NaN|Infinity)\b/.test(bare)) return undefined;
  // A number cut off may have had more digits.
  if (!/["'”’}\]]\s*$|(?:true|false|null|True|False|None)\s*$/.test(bare)) return undefined;
  if (follows === undefined && (quotes % 2 === 1 || /'[^']*'[^']*'(?![^']*')/.test(evenOut(bare)))) return undefined;
  let json: string;
  try {
    json = withApostrophes(jsonrepair(withoutApostrophes(withOwnBackslashes(text))));
  } catch {
    // What it cannot mend, or is nested too deep for it.
    return undefined;
  }
  if (!parseJson(json).ok || !sameContent(text, json) || !hasOnlyOwnQuotes(text, json)) return undefined;
  if (follows) return follows(json) ? json : undefined;
  return hasDoubtfulNumber(bare) ? undefined : json;
}

/** Stands for an apostrophe, which the library takes for the end of a string in single quotes. */
const apostrophe = '\uE000';

function withoutApostrophes(text: string): string {
  return text.replace(/(?<=[\p{L}\p{N}])'(?=\p{L})/gu, apostrophe);
}

function withApostrophes(json: string): string {
  return json.replaceAll(apostrophe, "'");
}

/** Whether each quotation mark inside a string stands in the text, beside the same letters. */
function hasOnlyOwnQuotes(text: string, json: string): boolean {
  const plain = text.replace(/\\+(?=["'])/g, '');
  const marks = json.match(/[\p{L}\p{N}]{0,3}\\"[\p{L}\p{N}]{0,3}/gu) ?? [];
  return marks.every((each) => plain.includes(each.replace('\\', '')));
}

const escapes = /\\(u[0-9a-fA-F]{4}|.)/gs;

/**
 * A backslash that stands for itself (`\d`, `\sqrt`, `\(x\)`) is written twice: the library would drop it, and leave another pattern or formula.
 * Beside one of those, `\b` and `\f` are no control characters and `\.` is no mark of Markdown, which by itself may lose its backslash.
 */
function withOwnBackslashes(text: string): string {
  const isOwn = (next: string): boolean => /^(?:[^\W_bfnrt]|[()[\]{}])$/.test(next);
  if (![...text.matchAll(escapes)].some(([, next = '']) => isOwn(next))) return text;
  return text.replace(escapes, (found, next: string) => (/^(?:["'\\/nrt]|u.{4})$/.test(next) ? found : `\\${found}`));
}

const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** An unquoted value with a digit in it that is no number may be one misspelt: "007", "1 155", "3 km". */
function hasDoubtfulNumber(bare: string): boolean {
  return [...bare.matchAll(/[:[,]([^,{}[\]":'“‘/]{1,400})(?!\s*:)/g)]
    .map(([, value = '']) => value.trim())
    .some((value) => /\d/.test(value) && !number.test(value));
}

/** Single quotes where their number is odd: one of them is an apostrophe. */
function evenOut(bare: string): string {
  return (bare.match(/'/g)?.length ?? 0) % 2 === 1 ? "'''" : '';
}

/** `{"n": 1,155}`: a number with its thousands set apart, which a schema settles where it takes a whole number and no fraction. */
function withoutGrouping(text: string, follows?: Follows): string | undefined {
  const grouped = /(:\s*-?\d{1,3})((?:,\d{3})+)(?=\s*[,}])/g;
  if (!follows || !grouped.test(text)) return undefined;
  const joined = text.replace(grouped, (_, head: string, rest: string) => head + rest.replaceAll(',', ''));
  const fraction = text.replace(
    grouped,
    (_, head: string, rest: string) => head + rest.replace(',', '.').replaceAll(',', ''),
  );
  if (!parseJson(joined).ok || !follows(joined)) return undefined;
  return follows(fraction) ? undefined : joined;
}

/** Whether two texts have the same words and numbers in the same order; comments are no content, and Python's words are JSON's. */
function sameContent(text: string, json: string): boolean {
  return contentOf(withoutComments(text)) === contentOf(json);
}

function contentOf(text: string): string {
  return (
    text
      .replace(/\\u([0-9a-fA-F]{4})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
      .replace(/\\[nrtbf]/g, ' ')
      .replace(/\bTrue\b/g, 'true')
      .replace(/\bFalse\b/g, 'false')
      .replace(/\bNone\b/g, 'null')
      .match(/[\p{L}\p{M}\p{N}]+/gu)
      ?.join('') ?? ''
  );
}

function withoutComments(text: string): string {
  const pieces: string[] = [];
  let from = 0;
  visitOutsideStrings(text, 0, (character, at) => {
    if (character !== '/' || at < from) return true;
    const end = text[at + 1] === '/' ? text.indexOf('\n', at) : text[at + 1] === '*' ? text.indexOf('*/', at) + 2 : -1;
    if (text[at + 1] !== '/' && text[at + 1] !== '*') return true;
    pieces.push(text.slice(from, at));
    from = end < 2 ? text.length : end;
    return true;
  });
  return pieces.join('') + text.slice(from);
}

/** What stands in no string, and how many quotation marks there are. */
function outsideStrings(text: string): { readonly bare: string; readonly quotes: number } {
  const pieces: string[] = [];
  const plain = withoutComments(text);
  const quotes = plain.replace(/\\./gs, '').match(/"/g)?.length ?? 0;
  let last = -1;
  visitOutsideStrings(plain, 0, (character, at) => {
    // A string that was left out is shown by its marks.
    pieces.push(at > last + 1 ? `""${character}` : character);
    last = at;
    return true;
  });
  return { bare: `${pieces.join('')}${last < plain.length - 1 ? '"' : ''}`, quotes };
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
