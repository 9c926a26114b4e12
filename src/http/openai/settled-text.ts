/** The part of a plain draft that may be shown while it is still written: nothing that a later word could take back. Pure. */
import { tidy } from '../../reflection/edits.ts';
import { noTexts, partialAnswer } from '../../reflection/partial-answer.ts';

/** The longest tag or token of a chat template that is taken out of answers, in characters. */
const longestTag = 48;

export function settledText(draft: string): string {
  const text = draft.slice(0, openedAt(draft));
  // What may be hidden stands in tags or between markers in square brackets.
  if (!/[<[]/.test(text)) return tidy(text);
  return partialAnswer(noTexts, (pass) => (pass === 'draft' ? text : '')).output;
}

/** Where something begins that may become a tag or a marker's line; the end where nothing does. */
function openedAt(text: string): number {
  const tag = text.indexOf('<', Math.max(0, text.length - longestTag));
  const line = text.lastIndexOf('\n') + 1;
  const marker = text.startsWith('[', line) ? line : -1;
  const isOpen = tag >= 0 && !text.slice(tag).includes('>');
  return Math.min(isOpen ? tag : text.length, marker >= 0 ? marker : text.length);
}
