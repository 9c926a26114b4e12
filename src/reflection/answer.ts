/**
 * The final answer inside a text, for closed tasks: what votes are counted by and what a revision may not change lightly.
 * Fails closed: where two readings are possible there is no answer. The last statement counts, never the first.
 */
import type { Task } from './task.ts';

const announced = /(?:answer|result|total)\b(?:\s+(?:is|are|was|equals|would be))?\s*[:=]?\s*/gi;

/** The answer in a form in which equal answers are equal strings, or null where the text gives none. */
export function extractAnswer(text: string, task: Task): string | null {
  const tail = announcedTail(text);
  switch (task.class) {
    case 'number':
      return numberIn(tail, 'first') ?? numberIn(lastSentence(text), 'last');
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
  const boxed = /\\boxed\{([^{}]{1,80})\}/g;
  const lastBoxed = [...text.matchAll(boxed)].at(-1)?.[1];
  if (lastBoxed) return lastBoxed;
  const marked = [...text.matchAll(/^####\s*(.{1,80})$/gm)].at(-1)?.[1];
  if (marked) return marked;
  const match = [...text.matchAll(announced)].at(-1);
  if (!match) return '';
  return text.slice(match.index + match[0].length).split('\n', 1)[0] ?? '';
}

function lastSentence(text: string): string {
  const sentences = text.trim().split(/(?<=[.!?])\s+|\n+/);
  return sentences.at(-1) ?? '';
}

function numberIn(text: string, which: 'first' | 'last'): string | null {
  const found = [...text.matchAll(/[-−]?\d[\d,]*(?:\.\d+)?/g)].map((match) => match[0]);
  const chosen = which === 'first' ? found[0] : found.at(-1);
  if (chosen === undefined) return null;
  const value = Number(chosen.replaceAll(',', '').replace('−', '-'));
  return Number.isFinite(value) ? String(value) : null;
}

/** Exactly one of the choices, standing as a word of its own. */
function choiceIn(text: string, choices: readonly string[]): string | null {
  const found = choices.filter((choice) => standsAlone(text, choice));
  return found.length === 1 ? (found[0] ?? null) : null;
}

function standsAlone(text: string, choice: string): boolean {
  // One letter is told from the article "A" by its company: brackets, punctuation, bold, or nothing else at all.
  const letter = /^[A-Z]$/.test(choice);
  if (letter) return new RegExp(`(?:^|[\\s(*"'])\\(?${choice}(?:[).:*"',]|\\s*$)`, 'm').test(text.trim());
  const at = text.toLowerCase().indexOf(choice.toLowerCase());
  if (at < 0) return false;
  const isWordPart = (character: string | undefined) => character !== undefined && /[\p{L}\p{N}]/u.test(character);
  return !isWordPart(text[at - 1]) && !isWordPart(text[at + choice.length]);
}

function yesNoIn(text: string): string | null {
  const found = new Set((text.match(/\b(?:yes|no|true|false)\b/gi) ?? []).map((word) => word.toLowerCase()));
  const [only] = found;
  return found.size === 1 && only ? only : null;
}
