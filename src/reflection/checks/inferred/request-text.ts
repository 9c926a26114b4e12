/** A request as sentences, in which what is quoted or given as an example is out of sight: it is talked about, and asks for nothing. */

/** Stands for each letter of what is quoted. */
const hidden = '\uE000';

export interface Sentence {
  /** With what is quoted hidden. Of the same length as `original`. */
  readonly text: string;
  readonly original: string;
  /** Where it begins in the request. */
  readonly start: number;
}

export interface RequestText {
  readonly original: string;
  readonly text: string;
  readonly sentences: readonly Sentence[];
}

/** A phrase in quotation marks, for patterns over hidden text. */
export const quotation = `["“”„'‘’«]${hidden}+["”“'’»]`;

/** What paragraphs may be divided by, and no more of them. */
export const threeAsterisks = /(?<!\*)\*\*\*(?!\*)/;

const anyQuotation = new RegExp(quotation, 'g');

/** Code and markup, then quotation marks of each kind. What is in single ones begins and ends at a word's border: an apostrophe does neither. */
const quoted: readonly RegExp[] = [
  /```[\s\S]*?(?:```|$)/g,
  /<<[^<>\n]{1,80}>>/g,
  /(["“”])(?=\S)[^"“”\n]{1,600}?["“”]/g,
  /«[^«»\n]{1,600}»/g,
  /(?<![\p{L}\p{N}])['‘](?=[^\s'‘’])[^'‘’\n]{1,200}?['’](?![\p{L}\p{N}])/gu,
];

const worked =
  'summari[sz]e|summary|sum up|improve|rewrite|rephrase|paraphrase|translate|fix|proofread|correct|edit|explain|review|shorten|polish|make|analy[sz]e|convert|classify|extract|check|comment on|add';
const documents =
  'texts?|e-?mails?|mails?|worksheets?|threads?|versions?|rules?|guidelines?|notes?|articles?|letters?|transcripts?|contracts?|documents?|paragraphs?|messages?|posts?|reviews?|passages?|instructions?|minutes|logs?|diffs?|chats?';
const handed = `\\b(?:${worked})\\b[^\\n]{0,160}\\b(?:this|these|the following|below|here)\\b[^\\n]{0,80}[:?][ \\t]*\\n|^[^\\n]{0,40}\\b(?:below|here) (?:is|are)\\b[^\\n]{0,300}\\n\\s*\\n|^[^\\n]{0,300}\\b(?:this|these|the following)\\s+(?:[\\w-]+\\s+){0,3}(?:${documents})\\b[^\\n]{0,200}\\n\\s*\\n`;
const again = `\\n[^\\n]{0,120}\\b(?:your (?:entire |whole |full )?(?:response|answer|reply|output|summary|rewrite)|your rewritten)\\b`;

/** A text that is handed over to be worked on, "Summarize this email:", until the request speaks of the answer again. */
const material = new RegExp(`(${handed})([\\s\\S]+?)(?=$(?![\\s\\S])|${again})`, 'gi');

export function readRequest(original: string): RequestText {
  const open = quoted.reduce(
    (seen, pattern) =>
      seen.replace(pattern, (found) => found.slice(0, 1) + hidden.repeat(found.length - 2) + found.slice(-1)),
    original,
  );
  const text = open.replace(material, (_, lead: string, given: string) => lead + given.replace(/[^\n]/g, hidden));
  return { original, text, sentences: sentencesOf(text, original) };
}

/** What stands in the request where `text` hides it, without its marks. */
function shown({ original }: Sentence, from: number, to: number): string {
  return original
    .slice(from, to)
    .replace(/^["“”„'‘’«]|["”“'’»]$/g, '')
    .trim();
}

/** Each phrase in quotation marks of a part of the sentence's `text` that begins at `at`. */
export function quotedIn(sentence: Sentence, part: string, at: number): string[] {
  return [...part.matchAll(anyQuotation)].map(({ 0: quote, index }) =>
    shown(sentence, at + index, at + index + quote.length),
  );
}

/** The end of what a pattern found in the sentence's `text`, as it stands in the request. */
export function shownEnd(sentence: Sentence, match: RegExpExecArray, end: string): string {
  const to = match.index + match[0].length;
  return shown(sentence, to - end.length, to);
}

/** A full stop of these ends no sentence. */
const abbreviated = /(?:\b(?:i\.e|e\.g|etc|vs|approx|no|mr|mrs|ms|dr|st|p\.p\.s|p\.s|p\.p)|\b[a-z])$/i;

/** "Max 40 words: what is rain?" states first and asks then. */
function withoutQuestion(sentence: Sentence): Sentence[] {
  const { text, original, start } = sentence;
  const lead = text.endsWith('?') ? /^[^:?]{3,60}(?=:\s)/.exec(text)?.[0] : undefined;
  if (lead === undefined) return [sentence];
  const rest = lead.length + 1;
  return [
    { text: text.slice(0, rest), original: original.slice(0, rest), start },
    { text: text.slice(rest), original: original.slice(rest), start: start + rest },
  ];
}

function sentencesOf(text: string, original: string): Sentence[] {
  const sentences: Sentence[] = [];
  let from = 0;
  const add = (to: number): void => {
    const lead = /^[\s\-*•>#()[\]]*(?:\d{1,2}[.)]\s+)?/.exec(text.slice(from, to))?.[0].length ?? 0;
    const start = from + lead;
    const part = text.slice(start, to).trimEnd();
    if (part !== '') sentences.push({ text: part, original: original.slice(start, start + part.length), start });
    from = to;
  };
  for (const mark of text.matchAll(/[.!?;。！？]+(?=["”')\]]?(?:\s|$))|\n+|(?<=[。！？])|["”'’](?=\s+[\p{Lu}])/gu)) {
    const { index } = mark;
    // A sentence that is quoted at the end of another ends both.
    if (/["”'’]/.test(mark[0]) && !/[.!?]/.test(original.charAt(index - 1))) continue;
    if (mark[0].startsWith('.') && abbreviated.test(text.slice(Math.max(0, index - 8), index))) continue;
    add(index + mark[0].length);
  }
  add(text.length);
  return sentences.flatMap(withoutQuestion);
}
