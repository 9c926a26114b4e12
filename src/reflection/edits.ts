/** Patch-style revisions: the reviser names what to replace and code replaces it, so that everything else stays untouched. */
import { withoutTalk } from './meta-talk.ts';
import { locate } from './quote.ts';

/** One change to the text of `base`, giving `subject`. */
export interface AppliedEdit {
  /** The check or issue that asked for it. */
  readonly reason: string;
  /** What was done: a transform's name, `replace` for a reviser's edit, or `rewrite`. */
  readonly kind: string;
}

/** A transform that mends a check's failure. */
export interface CodeEdit extends AppliedEdit {
  /** How many characters (code points) the text lost. */
  readonly removed_characters: number;
  readonly added_characters: number;
}

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
const opening = /^(<{3,9}) ?SEARCH\s*$/;
const middle = /^(={3,9})\s*$/;
const closing = /^>{3,9} ?REPLACE\s*$/;

/** The search/replace blocks in a reviser's words; none when it wrote the text out instead. A block without an end, or with two middles, is none. */
export function parseEdits(said: string): Edit[] {
  const edits: Edit[] = [];
  let block: { readonly marker: string; readonly lines: string[] } | undefined;
  for (const line of said.split(/\r?\n/)) {
    if (edits.length === mostEdits) break;
    const marker = opening.exec(line)?.[1];
    if (marker) block = { marker, lines: [] };
    else if (block && closing.test(line)) {
      const edit = readBlock(block.marker, block.lines);
      if (edit && edit.search.trim() !== '') edits.push(edit);
      block = undefined;
    } else block?.lines.push(line);
  }
  return edits;
}

function readBlock(marker: string, lines: readonly string[]): Edit | null {
  const middles = lines.flatMap((line, index) => {
    const length = middle.exec(line)?.[1]?.length;
    return length === undefined ? [] : [{ index, length }];
  });
  // An underlined headline looks like a middle marker, so a marker as long as the opening one is preferred.
  const exact = middles.filter(({ length }) => length === marker.length);
  const [only, another] = exact.length > 0 ? exact : middles;
  if (!only || another) return null;
  return { search: lines.slice(0, only.index).join('\n'), replace: lines.slice(only.index + 1).join('\n') };
}

/** Whether a text holds edit markers, so that it cannot be shown. */
export function hasEditMarkers(text: string): boolean {
  return text.split('\n').some((line) => opening.test(line) || closing.test(line));
}

/** Applies edits one after another. An edit whose place is not certain is left out: code never guesses where. */
export function applyEdits(text: string, edits: readonly Edit[], reason: string): Edited {
  const applied: AppliedEdit[] = [];
  let edited = text;
  for (const edit of edits) {
    const after = applyOne(edited, edit);
    if (after === null) continue;
    edited = after;
    applied.push({ reason, kind: 'replace' });
  }
  return { text: edited, applied, missed: edits.length - applied.length };
}

function applyOne(text: string, { search, replace }: Edit): string | null {
  const at = text.indexOf(search);
  if (at >= 0) {
    const twice = text.indexOf(search, at + 1) >= 0;
    return twice ? null : text.slice(0, at) + replace + text.slice(at + search.length);
  }
  const place = onlyPlace(search.trim(), text);
  return place && text.slice(0, place[0]) + withoutMargins(search, replace) + text.slice(place[1]);
}

function onlyPlace(wanted: string, text: string): readonly [number, number] | null {
  const place = locate(wanted, text);
  if (!place) return null;
  const isExact = text.slice(...place) === wanted;
  const twice = isExact ? text.includes(wanted, place[0] + 1) : locate(wanted, text.slice(place[0] + 1)) !== null;
  return twice ? null : place;
}

/** The replacement without the white space around `search`, because the place that was found does not include it. */
function withoutMargins(search: string, replace: string): string {
  const before = search.slice(0, search.length - search.trimStart().length);
  const after = search.slice(search.trimEnd().length);
  const start = replace.startsWith(before) ? replace.slice(before.length) : replace.trimStart();
  return start.endsWith(after) ? start.slice(0, start.length - after.length) : start.trimEnd();
}

/** Blank lines before and white space after an answer mean nothing. Indentation of its first line may be code. */
export function tidy(text: string): string {
  return text.replace(/^(?:[^\S\n]*\n)+/, '').trimEnd();
}

const apology = /^(?:you(?:'re| are) (?:right|correct)|i apologi[sz]e|sorry (?:for|about)|thank you for)\b.{0,160}$/i;
const opener = 'sure(?: thing)?|certainly|of course|absolutely|okay|ok|no problem|great question';
const announcement =
  "(?:here(?:['’]s| is| are| it is| they are| you go)|below (?:is|are)|the following (?:is|are))\\b[^:\\n]{0,160}:";
const lineEnd = '[^\\S\\n]*(?:\\n|$)';
const title = `the (?:revised|corrected|improved|updated) (?:text|version|answer|response|draft|passage|paragraph|sentence)\\b[^:\\n]{0,120}:${lineEnd}`;
const preamble = new RegExp(
  `^\\s*(?:(?:${opener})\\b(?:[.!,]?\\s*(?:${announcement}|${title})|[^:\\n]{0,120}:${lineEnd}|[.!]+(?=\\s|$)|${lineEnd})|${announcement}|${title})`,
  'i',
);
// The same where nothing else stands on the line.
const wholePreamble = new RegExp(`${preamble.source}\\s*$`, 'i');
const afterword =
  /^(?:let me know|i hope this|please let me know|i(?:'ve| have) (?:made|revised|corrected|updated)|note: i (?:have|changed))\b/i;

/** "Here are the foods you must not eat:" is a part of the answer: without it the list says the opposite. */
const saysSomething =
  /\b(?:not|no|never|nor|neither|none|cannot|must|should|may|can|need\w*|avoid\w*|without|except|only|unless|why|un(?:safe|true|likely|wanted|healthy)|dangerous|wrong|incorrect|false|fail\w*|bann?ed|forbidden|prohibited|illegal|stop|worst|bad)\b|n['’]t\b|\d{3}|\d\s?[%°]/i;

/** The text without "Sure! Here is the JSON:" and the like before the answer proper; a text that is only that stays as it is. */
export function withoutPreamble(text: string): string {
  const [found = ''] = preamble.exec(text) ?? [];
  if (saysSomething.test(found.replace(/^\s*no problem\b/i, ''))) return text;
  const rest = text.slice(found.length).trimStart();
  return rest === '' ? text : rest;
}

/**
 * A reviser's text without talk about the revision: an apology, a preamble, an afterword, each a line of its own that did not stand in the text
 * `before`. The text never becomes empty.
 */
export function withoutMetaTalk(said: string, before: string): string {
  const isTalk = (line: string, talk: RegExp) => talk.test(line) && !before.includes(line.trim());
  let text = tidy(said);
  for (const talk of [apology, wholePreamble]) {
    const [line = ''] = text.split('\n', 1);
    if (isTalk(line, talk)) text = tidy(text.slice(line.length));
  }
  const last = text.slice(text.lastIndexOf('\n') + 1);
  if (isTalk(last, afterword)) text = text.slice(0, text.length - last.length).trimEnd();
  text = withoutTalk(text, before);
  return text === '' ? said.trim() : text;
}
