/**
 * Sentences as NLTK's Punkt cuts English, with small lists of our own in place of its trained parameters, and no pairs of words that go together.
 * Kiss and Strunk, Unsupervised Multilingual Sentence Boundary Detection, 2006; https://github.com/nltk/nltk/blob/3.8/nltk/tokenize/punkt.py
 */
import { isLower, isUpper, rstrip, space } from '../../python/text.ts';
import { abbreviations, ordinaryWords, starters, wordsInNames } from './punkt-lists.ts';

/** Marks that may end a sentence: behind each stands what cannot be in a word, or white space and another word. */
const marks = new RegExp(`[.?!](?=[)";}\\]*:@'({\\[?!]|[${space}]+[^${space}])`, 'g');
const spaceAndWord = new RegExp(`([${space}]+)[^${space}]+`, 'y');

const nonWord = '[?!)";}\\]*:@\'({\\[]';
const manyMarks = `--|\\.\\.|\\.[${space}]\\.[${space}]\\.`;
const wordEnd = `[${space}]|$|${nonWord}|${manyMarks}|,(?=$|[${space}]|${nonWord}|${manyMarks})`;
const tokens = new RegExp(
  `-{2,}|\\.{2,}|(?:\\.[${space}]){2,}\\.|(?=[^("\`{[:;&#*@)}\\]\\-,])[^${space}]+?(?=${wordEnd})|[^${space}]`,
  'gu',
);
const number = /^-?[.,]?\p{Nd}[\p{Nd},.-]*\.?$/u;
/** A letter and a full stop, as in "J. Bach". A Roman or other numeral of one sign counts as a letter. */
const initial = /^[\p{L}\p{Nl}\p{No}_]\.$/u;

interface Slice {
  readonly start: number;
  readonly stop: number;
}

export function sentences(text: string): string[] {
  return realigned(text, slices(text)).map(({ start, stop }) => text.slice(start, stop));
}

function slices(text: string): Slice[] {
  const found: Slice[] = [];
  let start = 0;
  for (const candidate of candidates(text)) {
    if (!hasBreak(text.slice(candidate.word.start, candidate.contextEnd))) continue;
    found.push({ start, stop: candidate.markEnd });
    start = candidate.nextStart;
  }
  return [...found, { start, stop: rstrip(text).length }];
}

interface Candidate {
  /** The word in front of the mark. */
  readonly word: Slice;
  readonly markEnd: number;
  /** Where the next sentence starts, if there is a break here. */
  readonly nextStart: number;
  /** The end of what is looked at behind the mark. */
  readonly contextEnd: number;
}

/** Of several marks in one word only the last is a candidate. */
function* candidates(text: string): Generator<Candidate> {
  let previous: Candidate | undefined;
  let word: Slice = { start: 0, stop: 0 };
  for (const { index } of text.matchAll(marks)) {
    const start = wordStart(text, word, index);
    if (previous !== undefined && word.stop <= start) yield previous;
    word = { start, stop: index };
    previous = { word, markEnd: index + 1, ...behind(text, index + 1) };
  }
  if (previous !== undefined) yield previous;
}

/** White space right behind the word before counts for none: so it is in the reference. */
function wordStart(text: string, before: Slice, end: number): number {
  for (let index = end - 1; index > before.stop; index -= 1) {
    if (' \t\n\r\v\f'.includes(text.charAt(index))) return index + 1;
  }
  return before.start;
}

function behind(text: string, markEnd: number): Pick<Candidate, 'nextStart' | 'contextEnd'> {
  spaceAndWord.lastIndex = markEnd;
  const found = spaceAndWord.exec(text);
  if (found === null) return { nextStart: markEnd, contextEnd: markEnd + 1 };
  return { nextStart: markEnd + (found[1] ?? '').length, contextEnd: markEnd + found[0].length };
}

interface Token {
  readonly text: string;
  /** In lower case; every number is the same. */
  readonly type: string;
  readonly role: 'break' | 'abbreviation' | 'ellipsis' | 'word';
}

function hasBreak(context: string): boolean {
  const words = context.split('\n').flatMap((line) => Array.from(line.matchAll(tokens), ([word]) => token(word)));
  return words.some((one, index) => {
    const next = words[index + 1];
    return next !== undefined && isBreakBetween(one, next);
  });
}

/** What can be said of a word alone. */
function token(text: string): Token {
  const lower = text.toLowerCase();
  return { text, type: number.test(lower) ? '##number##' : lower, role: roleOf(text, lower) };
}

function roleOf(text: string, lower: string): Token['role'] {
  if (text === '.' || text === '?' || text === '!') return 'break';
  if (/^\.\.+$/.test(text)) return 'ellipsis';
  if (!text.endsWith('.') || text.endsWith('..')) return 'word';
  const stem = lower.slice(0, -1);
  const last = stem.slice(stem.lastIndexOf('-') + 1);
  return abbreviations.has(stem) || abbreviations.has(last) ? 'abbreviation' : 'break';
}

/** What the word behind it makes of a word. */
function isBreakBetween(one: Token, next: Token): boolean {
  if (!one.text.endsWith('.')) return one.role === 'break';
  const type = withoutPeriod(one.type);
  const nextType = next.role === 'break' ? withoutPeriod(next.type) : next.type;
  const isInitial = initial.test(one.text);
  const nextIsUpper = isUpper(firstLetter(next.text));
  const opens = opensSentence(next, nextType);
  if ((one.role === 'abbreviation' || one.role === 'ellipsis') && !isInitial) {
    if (opens === true || (nextIsUpper && starters.has(nextType))) return true;
  }
  if (isInitial || type === '##number##') {
    if (opens === false) return false;
    if (opens === undefined && isInitial && nextIsUpper && isName(nextType)) return false;
  }
  return one.role === 'break';
}

/** Whether a word is never seen in lower case. */
function isName(type: string): boolean {
  return !starters.has(type) && !ordinaryWords.has(type) && !wordsInNames.has(type);
}

/** Whether its spelling shows that a word starts a sentence; undefined where it does not tell. */
function opensSentence(word: Token, type: string): boolean | undefined {
  if (';:,.!?'.includes(word.text)) return false;
  const first = firstLetter(word.text);
  if (isUpper(first) && ordinaryWords.has(type)) return true;
  return isLower(first) ? false : undefined;
}

function firstLetter(text: string): string {
  return String.fromCodePoint(text.codePointAt(0) ?? 0);
}

function withoutPeriod(type: string): string {
  return type.length > 1 && type.endsWith('.') ? type.slice(0, -1) : type;
}

/** Closing quotation marks and brackets belong to the sentence that they close. Empty sentences are dropped. */
function realigned(text: string, found: readonly Slice[]): Slice[] {
  const kept: Slice[] = [];
  let moved = 0;
  for (const [index, slice] of found.entries()) {
    const start = slice.start + moved;
    const next = found[index + 1];
    const closing = next === undefined ? undefined : closingMarks(text.slice(next.start, next.stop));
    moved = closing?.[0].length ?? 0;
    if (next !== undefined && closing !== undefined) kept.push({ start, stop: next.start + rstrip(closing[0]).length });
    else if (start < slice.stop) kept.push({ start, stop: slice.stop });
  }
  return kept;
}

const closers = new RegExp(`^["')\\]}]+(?:[${space}]+|(?=--)|$)`);

function closingMarks(sentence: string): RegExpExecArray | undefined {
  return closers.exec(sentence) ?? undefined;
}
