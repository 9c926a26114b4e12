/** An answer as its conclusion is read from it: sentences without markup, each with the choices that it names taken out. */
import type { Span } from '../check.ts';
import { occurrences } from '../literal.ts';
import { box, mark } from './wording.ts';

export interface Mention {
  readonly choice: string;
  /** Where its mark stands in the sentence. */
  readonly at: number;
}

export interface Statement {
  /** In lower case, with a mark in the place of every choice. */
  readonly text: string;
  /** As `text`, with the choices as they were written. */
  readonly words: string;
  readonly mentions: readonly Mention[];
  /** Whether it begins a line. */
  readonly opens: boolean;
}

/** How much of the beginning and of the end of a long answer is read: conclusions stand nowhere else. */
const mostRead = 20_000;

/** The text with typographic variants, Markdown, LaTeX, HTML and quotation marks set aside. */
export function plain(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\uE000-\uE002]/g, ' ')
    .replace(/\r\n?/g, '\n')
    .replace(/[‘’ʼ´]/g, "'")
    .replace(/~~[^~\n]{0,400}~~/g, ' ')
    .replace(/^[^\S\n]{0,8}(?:```|~~~)[^\n]{0,80}$/gm, '')
    .replace(/\\(?:text|textbf|mathrm|mathbf)\{([^{}]{0,80})\}/g, '$1')
    .replace(/\\boxed\{\s?([^{}\n]{0,120})\}/g, `${box.open}$1${box.close}`)
    .replace(/\\[()[\]]|\$/g, '')
    .replace(/<\/\w{1,20}>/g, '\n')
    .replace(/<(\w{1,20})>/g, '\n$1: ')
    .replace(/[*`"“”„«»「」『』]/g, '')
    .replace(/(?<![\p{L}\p{N}_])_+|_+(?![\p{L}\p{N}_])/gu, '')
    .replace(/(?<![\p{L}\p{N}])'|'(?![\p{L}\p{N}])/gu, '')
    .replace(/^[^\S\n]{0,8}(?:[-+•>#]{1,6}[^\S\n]{1,4}){1,3}/gm, '')
    .replace(/[^\S\n]?[–—―][^\S\n]?|[^\S\n]-{1,3}[^\S\n]/g, ' — ')
    .replace(/[^\S\n]{1,99}/g, ' ');
}

// A cross or a doubting face takes back what stands beside it.
const pictures = /(?![❌❎✖⛔🚫👎⚠❓❔🤔🤷😕🙃])\p{Extended_Pictographic}(?:\p{Emoji_Modifier}|\u200D|\uFE0F)*/gu;

/** The text without pictures that only decorate it: "Negative 😡". Where a choice holds one they stay. */
function withoutPictures(text: string, choices: readonly string[]): string {
  return choices.some((choice) => choice.search(pictures) >= 0) ? text : text.replace(pictures, '');
}

/** The sentences of an answer, in order. */
export function statements(text: string, choices: readonly string[]): Statement[] {
  const read = text.length > 2 * mostRead ? `${text.slice(0, mostRead)}\n${text.slice(-mostRead)}` : text;
  return plain(withoutPictures(read, choices))
    .split('\n')
    .flatMap((line) => sentencesOf(line.trim()).map((words, index) => statement(words, choices, index === 0)));
}

function sentencesOf(line: string): string[] {
  const found: string[] = [];
  let start = 0;
  for (const match of line.matchAll(/[.!?][)\]}\uE002]{0,2} +(?=[^\p{Ll} ])|[。！？।؟](?=.)/gu)) {
    const end = match.index + match[0].length;
    const piece = line.slice(start, end).trim();
    if (goesOn(piece, line.slice(end))) continue;
    found.push(piece);
    start = end;
  }
  found.push(line.slice(start).trim());
  return found.filter((piece) => piece !== '');
}

/** "B. Paris", "No. 5", "Dr. Ada": the full stop ends no sentence. */
function goesOn(piece: string, rest: string): boolean {
  if (/^[([\uE001]?(?:\p{L}|\p{N}{1,2})[)\]\uE002]?\.$/u.test(piece)) return true;
  return (
    /(?:^|\s)(?:dr|mr|mrs|ms|vs|e\.g|i\.e|st)\.$/i.test(piece) || (/(?:^|\s)no\.$/i.test(piece) && /^\d/.test(rest))
  );
}

function statement(words: string, choices: readonly string[], opens: boolean): Statement {
  let text = '';
  let from = 0;
  const mentions: Mention[] = [];
  for (const { choice, span } of mentionsIn(words, choices)) {
    text += words.slice(from, span[0]).toLowerCase();
    mentions.push({ choice, at: text.length });
    text += mark;
    from = span[1];
  }
  return { text: text + words.slice(from).toLowerCase(), words, mentions, opens };
}

/** Every choice that stands in the text, a longer one hiding the shorter ones in it, in order. */
function mentionsIn(text: string, choices: readonly string[]): { readonly choice: string; readonly span: Span }[] {
  const all = choices.flatMap((choice) =>
    occurrences(text, spelling(choice), { wholeWord: false, caseSensitive: readsCase(choice) })
      .filter((span) => standsAlone(text, span, choice))
      .map((span) => ({ choice, span })),
  );
  all.sort((one, other) => one.span[0] - other.span[0] || other.span[1] - one.span[1]);
  const kept: (typeof all)[number][] = [];
  const highest = Math.max(...choices.map(Number));
  for (const mention of all) {
    const last = kept.at(-1);
    const { choice, span } = mention;
    // "4/5", "4 out of 5": the end of the scale is no second answer.
    const isScale =
      last && Number(choice) === highest && /^ ?(?:\/|out of|of) ?$/.test(text.slice(last.span[1], span[0]));
    if (isScale) kept.splice(-1, 1, { choice: last.choice, span: [last.span[0], span[1]] });
    else if (span[0] >= (last?.span[1] ?? 0)) kept.push(mention);
  }
  return kept;
}

/** A choice as it stands in plain text. */
export function spelling(choice: string): string {
  const spelled = plain(choice).trim();
  return spelled === '' ? choice : spelled;
}

const pronouns = new Set('it us or in on at is as by if to an am me he we so do go be i a'.split(' '));

/** A choice of one letter, and one that is a small word of prose in capitals, is named in its own case: "a" is no mention of A. */
function readsCase(choice: string): boolean {
  return Array.from(choice).length === 1 || (choice.toUpperCase() === choice && pronouns.has(choice.toLowerCase()));
}

/** Not a part of a longer word, number or compound: "non-spam", "4.5", "A's". */
function standsAlone(text: string, [start, end]: Span, choice: string): boolean {
  const [previous, next] = [text.slice(Math.max(0, start - 2), start), text.slice(end, end + 2)];
  if (
    /[\p{L}\p{N}]-$/u.test(previous) ||
    /^-[\p{L}\p{N}]/u.test(next) ||
    /^'\p{L}/u.test(next) ||
    /\p{L}'$/u.test(previous)
  )
    return false;
  if (/^\d/.test(choice) && (/\d[.,]$|-$/.test(previous) || /^[.,]\d|^%/.test(next))) return false;
  return !(joins(choice.charAt(0), previous.slice(-1)) || joins(choice.slice(-1), next.charAt(0), true));
}

// In these scripts an ending may follow a word without a space, and Chinese and Japanese words have no spaces between them.
const spaceless = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
const hangul = /\p{Script=Hangul}/u;

/** Whether two characters, a choice's own and the one beside it, belong to one word. */
function joins(own: string, beside: string, isAfter = false): boolean {
  if (!/[\p{L}\p{M}\p{N}_]/u.test(own) || !/[\p{L}\p{M}\p{N}_]/u.test(beside)) return false;
  if (spaceless.test(own) || spaceless.test(beside)) return false;
  if (hangul.test(beside)) return hangul.test(own) && !isAfter;
  return true;
}
