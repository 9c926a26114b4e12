/** How a draft and the answer differ: a unified diff for people, and the changed places for the accept gate. */
import { createTwoFilesPatch, diffWordsWithSpace } from 'diff';
import type { Span } from './checks/check.ts';

/** A unified diff from `draft` to `output`; empty when they are the same. */
export function unifiedDiff(draft: string, output: string): string {
  if (draft === output) return '';
  return createTwoFilesPatch('draft', 'output', draft, output, undefined, undefined, { context: 2 });
}

export interface TextChange {
  /** The replaced text's place in the old text; empty where something was only added. */
  readonly span: Span;
  readonly removed: string;
  readonly added: string;
}

/** The changes that turn `before` into `after`, word by word. */
export function textChanges(before: string, after: string): TextChange[] {
  const changes: TextChange[] = [];
  let position = 0;
  let open: { start: number; removed: string; added: string } | undefined;
  const close = () => {
    if (open)
      changes.push({ span: [open.start, open.start + open.removed.length], removed: open.removed, added: open.added });
    open = undefined;
  };
  for (const part of diffWordsWithSpace(before, after)) {
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

/** The share of characters that changed, 0 for the same text and 1 for nothing in common; white space counts as one blank. */
export function changedShare(before: string, after: string): number {
  const old = before.replace(/\s+/g, ' ').trim();
  const fresh = after.replace(/\s+/g, ' ').trim();
  if (old === fresh) return 0;
  const changed = textChanges(old, fresh).reduce(
    (sum, change) => sum + Math.max(change.removed.length, change.added.length),
    0,
  );
  return Math.min(1, changed / Math.max(old.length, fresh.length, 1));
}
