/** The part of a plain draft that may be shown while it is still written: nothing that a later word could take back. Pure. */
import { tidy } from '../../reflection/edits.ts';
import { noTexts, partialAnswer } from '../../reflection/partial-answer.ts';

/** The longest tag or token of a chat template that is taken out of answers, in characters. */
const longestTag = 48;

/** Tags at the beginning may turn out to be the form of the answer or a part of it, which only its end shows. */
const beginsWithTag = /^\s*(?:<think>[\s\S]*?<\/think>\s*)?<\/?(?:thinking|reflection|output)\s{0,8}>/i;

export function settledText(draft: string): string {
  const text = draft.slice(0, openedAt(draft));
  // What may be hidden stands in tags or between markers in square brackets.
  if (!/[<[]/.test(text)) return tidy(text);
  if (beginsWithTag.test(text)) return '';
  return partialAnswer(noTexts, (pass) => (pass === 'draft' ? text : '')).output;
}

/** Where something begins that may become a tag or a marker's line; the end where nothing does. */
function openedAt(text: string): number {
  const tag = text.indexOf('<', Math.max(text.lastIndexOf('>') + 1, text.length - longestTag));
  const line = text.lastIndexOf('\n') + 1;
  return Math.min(tag < 0 ? text.length : tag, mayBeMarker(text.slice(line).trimStart()) ? line : text.length);
}

/** How the line begins that stands around a source in a prompt; see `fenced`. */
const markerStarts = ['[source ', '[end of source '] as const;
/** The longest such line, in characters. */
const longestMarker = 300;

function mayBeMarker(line: string): boolean {
  if (!line.startsWith('[') || line.length > longestMarker) return false;
  return markerStarts.some((start) => line.startsWith(start) || start.startsWith(line));
}
