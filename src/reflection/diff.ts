/** How a draft and the answer differ, word by word: the changed places, for the accept gate and for those who show them. */
import { diffWordsWithSpace } from 'diff/lib/diff/word.js';
import type { Span } from './checks/check.ts';
import type { ComputeBudget } from './compute-budget.ts';

// Comparing costs the square of the difference. Beyond this many words the texts are reported as one replacement.
const mostDifferentWords = 1_000;

export interface TextChange {
  /** The replaced text's place in the old text; empty where something was only added. */
  readonly span: Span;
  readonly removed: string;
  readonly added: string;
}

/** The changes that turn `before` into `after`, word by word; a rewrite is one change, and so is what there is no computing left to compare. */
export function textChanges(before: string, after: string, computing?: ComputeBudget): TextChange[] {
  const parts = wordParts(before, after, computing);
  if (!parts) return [wholeChange(before, after)];
  const changes: TextChange[] = [];
  let position = 0;
  let open: { start: number; removed: string; added: string } | undefined;
  const close = () => {
    if (open)
      changes.push({ span: [open.start, open.start + open.removed.length], removed: open.removed, added: open.added });
    open = undefined;
  };
  for (const part of parts) {
    if (!part.added && !part.removed) {
      close();
      position += part.value.length;
      continue;
    }
    open ??= { start: position, removed: '', added: '' };
    if (part.removed) {
      open.removed += part.value;
      position += part.value.length;
    } else {
      open.added += part.value;
    }
  }
  close();
  return changes;
}

/** Undefined for texts that have too little in common. A step of computing is a character to part into words, or a pair of differences to try. */
function wordParts(before: string, after: string, computing: ComputeBudget | undefined) {
  const characters = before.length + after.length;
  const left = (computing?.left ?? Number.POSITIVE_INFINITY) - characters;
  if (left <= 0) return undefined;
  const most = Math.min(mostDifferentWords, Math.floor(Math.sqrt(left)));
  const parts = diffWordsWithSpace(before, after, { maxEditLength: most });
  const differences =
    parts?.reduce((sum, { added, removed, count }) => sum + (added || removed ? count : 0), 0) ?? most;
  computing?.settle(characters + differences ** 2);
  return parts;
}

/** One change: everything between the common start and the common end. */
function wholeChange(before: string, after: string): TextChange {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < most - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  const span = [start, before.length - end] as const;
  return { span, removed: before.slice(...span), added: after.slice(start, after.length - end) };
}

/** Two texts with a smaller share of changed characters count as the same, unless a check has another result. */
export const sameText = 0.02;

/** The share of characters that changed, 0 for the same text and 1 for nothing in common; white space counts as one blank. */
export function changedShare(before: string, after: string, computing?: ComputeBudget): number {
  const old = before.replace(/\s+/g, ' ').trim();
  const fresh = after.replace(/\s+/g, ' ').trim();
  if (old === fresh) return 0;
  const changed = textChanges(old, fresh, computing).reduce(
    (sum, change) => sum + Math.max(change.removed.length, change.added.length),
    0,
  );
  return Math.min(1, changed / Math.max(old.length, fresh.length, 1));
}
