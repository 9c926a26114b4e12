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

/** Where something begins that may become a tag or a marker; the end where nothing does. */
function openedAt(text: string): number {
  const tag = text.indexOf('<', Math.max(text.lastIndexOf('>') + 1, text.length - longestTag));
  return Math.min(tag < 0 ? text.length : tag, markerAt(text));
}

/** How the marker begins that stands around a source in a prompt; see `fenced`. */
const markerStarts = ['[source ', '[end of source '] as const;
/** The longest marker, in characters. */
const longestMarker = 300;

/** A marker at the beginning of a line may be the whole line, and a line that is one is left out. */
function markerAt(text: string): number {
  const line = text.lastIndexOf('\n') + 1;
  if (mayBeMarker(text.slice(line).trimStart())) return line;
  const bracket = text.lastIndexOf('[');
  const isOpen = bracket >= 0 && !text.includes(']', bracket);
  return isOpen && mayBeMarker(text.slice(bracket)) ? bracket : text.length;
}

function mayBeMarker(text: string): boolean {
  if (!text.startsWith('[') || text.length > longestMarker) return false;
  return markerStarts.some((start) => text.startsWith(start) || start.startsWith(text));
}
