/** Whether a revision may change the answer to a closed question: only with witnesses, or a calculation that code has done again. */
import { extractAnswer, numbersIn } from '../answer.ts';
import type { CheckResult } from '../checks/check.ts';
import { isClosed, type Task } from '../task.ts';

/** So many independent answers support a changed one, besides the reviser. */
const enoughWitnesses = 2;

export interface AnswerInput {
  readonly before: string;
  readonly after: string;
  readonly task: Task;
  /** The checks that failed before and pass now. */
  readonly mended: readonly CheckResult[];
  readonly witnesses: readonly string[];
}

/** Why the answer may not change as it does, or null. */
export function changesAnswer({ before, after, task, mended, witnesses }: AnswerInput): string | null {
  // A text that names none of its choices has no answer to lose.
  if (!isClosed(task) || mended.some((check) => check.type === 'choice')) return null;
  const old = extractAnswer(before, task);
  if (old === null) return null;
  const fresh = extractAnswer(withoutPostscript(after), task);
  if (old === fresh) return null;
  if (fresh === null) return stillSays(old, before, after, task) ? null : `the revision loses the answer ${old}`;
  const isComputed = mended
    .filter((check) => check.type === 'arithmetic')
    .map((check) => numbersIn(check.message))
    .some((numbers) => numbers.includes(old) && numbers.includes(fresh));
  if (isComputed) return null;
  const agreeing = witnesses.filter((witness) => witness === fresh).length;
  return agreeing >= enoughWitnesses
    ? null
    : `the answer changes from ${old} to ${fresh} with ${agreeing} of ${enoughWitnesses} supports`;
}

/** What follows the answer is not part of it: a postscript, a closing phrase that a check asked for. */
function withoutPostscript(text: string): string {
  const [found] = [...text.matchAll(/^[^\p{L}\n]{0,6}P\.? ?(?:P\.? ?)?S\b/gmu)];
  return found && found.index > 0 ? text.slice(0, found.index) : text;
}

/** Whether the sentence that gave the answer stands in the other text, and says the same there. */
function stillSays(answer: string, before: string, after: string, task: Task): boolean {
  const folded = (text: string) =>
    text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim();
  const all = ` ${folded(after)} `;
  return before
    .split(/(?<=[.!?])\s+|\n+/)
    .filter((sentence) => extractAnswer(sentence, task) === answer)
    .some((sentence) => all.includes(` ${folded(sentence)} `));
}
