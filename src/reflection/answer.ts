/**
 * The final answer inside a text, for closed tasks. Votes are counted by it, and a revision needs support to change it.
 * Where two readings are possible there is no answer. The last statement counts, not the first.
 */
import type { Task } from './task.ts';

// "In total" and "as a result" announce nothing: a verb or a colon must follow.
const announced = /\b(?:answer|result|total)\b[*_]{0,2}(?:\s+(?:is|are|was|equals|would be)\b|\s{0,8}[:=])\s*:?/gi;

/** The answer in a form in which equal answers are equal strings, or null where the text gives none. */
export function extractAnswer(text: string, task: Task): string | null {
  const tail = announcedTail(text);
  switch (task.class) {
    case 'number':
      if (twoNumbers.test(tail)) return null;
      // What follows the first one explains it: "42, since 6 × 7 is 42".
      return numbersIn(tail)[0] ?? numbersIn(lastSentence(text)).at(-1) ?? null;
    case 'choice':
      return choiceIn(tail, task.choices) ?? choiceIn(text, task.choices) ?? choiceIn(lastSentence(text), task.choices);
    case 'yes_no':
      return yesNoIn(tail) ?? yesNoIn(text);
    default:
      return null;
  }
}

/** What follows the last "the answer is", up to the end of its line; empty when nothing is announced. */
function announcedTail(text: string): string {
  // One pair of braces may stand inside, as in \boxed{\frac{1}{2}}.
  const boxed = /\\boxed\{((?:[^{}]|\{[^{}]{0,40}\}){1,80})\}/g;
  const lastBoxed = [...text.matchAll(boxed)].at(-1)?.[1];
  if (lastBoxed) return lastBoxed;
  const marked = [...text.matchAll(/^####[^\S\n]*(.{1,80})$/gm)].at(-1)?.[1];
  if (marked) return marked;
  const match = [...text.matchAll(announced)].at(-1);
  if (!match) return '';
  return (
    text
      .slice(match.index + match[0].length)
      .trimStart()
      .split('\n', 1)[0] ?? ''
  );
}

function lastSentence(text: string): string {
  const sentences = text.trim().split(/(?<=[.!?])\s+|\n+/);
  return sentences.at(-1) ?? '';
}

/** "3 or 4", "x = 3 and x = 4": two answers are none. */
const twoNumbers = /^\D{0,40}\d[\d.,]*\s{1,8}(?:or|and)\s{1,8}(?:[a-z]\s{0,8}=\s{0,8})?[-−]?\d/i;

// A minus after a letter or digit is a dash: "10-15". A fraction is one number; a power is none that can be read off.
const numeral = /(?<![\d^]|\^[-−{ ])(?:(?<![\p{L}\p{N}])[-−])?\d[\d,]*(?:\.\d+)?(?:\s?\/\s?\d[\d,]*)?(?!\s?\^|\d)/gu;

/** The numbers that a text names, in order, each in a form in which equal ones are equal strings. */
export function numbersIn(text: string): string[] {
  const plain = text.replace(/\\[dt]?frac\{(\d{1,15})\}\{(\d{1,15})\}/g, '$1/$2');
  return [...plain.matchAll(numeral)].flatMap(([written]) => {
    const [whole, parts] = written.replace(/[,\s]/g, '').replace('−', '-').split('/');
    const value = Number(whole) / (parts === undefined ? 1 : Number(parts));
    return Number.isFinite(value) ? [String(value)] : [];
  });
}

/** The one choice that stands in the text as a word of its own. A longer choice hides the shorter ones in it ("very low", "low"). */
function choiceIn(text: string, choices: readonly string[]): string | null {
  let rest = text.trim();
  const found: string[] = [];
  for (const choice of choices.toSorted((one, other) => other.length - one.length)) {
    const without = /^[A-Z]$/.test(choice) ? withoutLetter(rest, choice) : withoutWord(rest, choice);
    if (without !== rest) found.push(choice);
    rest = without;
  }
  const [only, another] = found;
  return only === undefined || another !== undefined || isDenied(text, only) ? null : only;
}

const denial =
  /(?:\b(?:not|never|cannot|neither|nor|rather than|instead of|nicht|kein\w*|keine|no es|nunca|jamais)|n['’]t|ne\s\S{1,12}\spas)\b[^.!?;\n]{0,24}$/i;

/** Whether a text says of a word wherever it stands that it is not so. */
function isDenied(text: string, word: string): boolean {
  const lower = text.toLowerCase();
  const wanted = word.toLowerCase();
  let found = false;
  for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, at + 1)) {
    found = true;
    if (!denial.test(text.slice(Math.max(0, at - 60), at))) return false;
  }
  return found;
}

/** A single letter counts as a choice only beside brackets, punctuation or bold marks, or alone: otherwise "A" may be the article. */
function withoutLetter(text: string, letter: string): string {
  return text.replace(
    new RegExp(`(?:^|[\\s([*"'])\\(?${letter}(?:[)\\].:*"',]|[^\\S\\n]*$|(?=\\s(?:or|and)\\s))`, 'gm'),
    ' ',
  );
}

function withoutWord(text: string, word: string): string {
  const isWordPart = (character: string | undefined) => character !== undefined && /[\p{L}\p{N}]/u.test(character);
  const lower = text.toLowerCase();
  // Some letters become longer in lower case, so offsets would not match: the lower case text is cut.
  const source = lower.length === text.length ? text : lower;
  const wanted = word.toLowerCase();
  const parts: string[] = [];
  let from = 0;
  for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, at + 1)) {
    if (at < from || isWordPart(lower[at - 1]) || isWordPart(lower[at + wanted.length])) continue;
    parts.push(source.slice(from, at));
    from = at + wanted.length;
  }
  return parts.length === 0 ? text : [...parts, source.slice(from)].join(' ');
}

function yesNoIn(text: string): string | null {
  const found = new Set((text.match(/\b(?:yes|no|true|false)\b/gi) ?? []).map((word) => word.toLowerCase()));
  const [only] = found;
  return found.size === 1 && only && !isDenied(text, only) ? only : null;
}

/** A short answer in the form in which equal answers are equal strings; itself where it cannot be read. */
export function readAnswer(said: string, task: Task): string {
  return extractAnswer(`The answer is ${said}`, task) ?? said;
}
