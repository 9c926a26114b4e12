/** What of a model's words may be shown: never its thinking, never the markers of our prompts. */
import { withoutCode } from './checks/blocks.ts';
import { tidy, withoutMetaTalk } from './edits.ts';
import { unfenced, withoutControlTokens, withoutTags } from './fence.ts';
import { answerLine } from './prompts/draft.ts';
import type { Strategy } from './strategies.ts';
import { parseTags } from './tags.ts';

/** The parts of a reflection's context that decide what may be shown. */
interface Surroundings {
  readonly strategy: Pick<Strategy, 'draft'>;
  readonly request: { readonly stop?: readonly string[] | undefined };
  readonly conversation: string;
  readonly tools: { readonly nonce: string | undefined };
}

// The agreed line, alone or with the answer behind a colon. Reasoning that only speaks of it does not count.
const answerLines = new RegExp(`^[^\\S\\n]{0,3}${answerLine}[^\\S\\n]*(?::[^\\S\\n]*|$)`, 'gm');

/** What of a draft's text is the answer; null where its form was not kept, or nothing but thinking is there, and the answer must be asked for. */
export function visibleAnswer(context: Surroundings, text: string): string | null {
  switch (context.strategy.draft) {
    case 'plain':
      return shown(context, text);
    case 'reasoned': {
      const last = [...text.matchAll(answerLines)].at(-1);
      const answer = last ? cutAtStop(context, readable(context, text.slice(last.index + last[0].length))) : '';
      return answer === '' ? null : answer;
    }
    case 'tagged': {
      const { status, answer } = parseTags(text);
      return status === 'missing_output' || status === 'empty' ? null : cutAtStop(context, readable(context, answer));
    }
  }
}

/** A plain answer without thinking that its model was trained to write first; null where nothing else is there. */
export function shown(context: Surroundings, said: string): string | null {
  // Where tags or reasoning were asked for, every tag counts as one.
  const isTagged = context.strategy.draft === 'plain' ? isInTagForm : hasTags;
  const text = withoutThinking(said, context.conversation, isTagged);
  return text === null ? null : readable(context, text);
}

/** The text that a reviser or a repair wrote to stand in the place of `before`: no talk about it, and no thinking where the text is not about tags. */
export function mendedText(context: Surroundings, said: string, before: string): string {
  const isTagged = (text: string) => privateTag.test(text) || isInTagForm(text);
  return withoutMetaTalk(unfenced(withoutThinking(said, before, isTagged) ?? '', context.tools.nonce), before);
}

/** An answer up to the caller's first stop sequence. */
export function cutAtStop({ request }: Surroundings, answer: string): string {
  const ends = (request.stop ?? []).map((stop) => answer.indexOf(stop)).filter((at) => at >= 0);
  return ends.length === 0 ? answer : answer.slice(0, Math.min(...ends)).trimEnd();
}

/** Tidy, and without the markers of a prompt. */
function readable(context: Surroundings, said: string): string {
  return tidy(unfenced(said, context.tools.nonce));
}

/** `about` is the text that the words answer or replace: where it mentions these tags itself, they are content and stay. */
function withoutThinking(said: string, about: string, isTagged: (text: string) => boolean): string | null {
  const text = /<\/?think>/.test(about) ? said : afterThinkBlock(said);
  if (text === null || !isTagged(text) || hasTags(about)) return text;
  const { status, answer } = parseTags(text);
  return status === 'missing_output' || status === 'empty' ? null : answer;
}

const privateTag = /<\/?(?:thinking|reflection)\s{0,8}>/i;
const wholeOutput = /^\s*<output\s{0,8}>[\s\S]*<\/output\s{0,8}>\s*$/i;
const endOfLine = /^[^\S\n]*(?:\n|$|<output\s{0,8}>)/i;

/**
 * Whether a text is written in the tags, rather than about them (`<output>` is an element of HTML, too): it begins with a thought, or all of it is
 * output, or its first tag of thought ends one that began in the model's template, at the end of a line.
 */
function isInTagForm(text: string): boolean {
  const first = privateTag.exec(text);
  if (!first) return wholeOutput.test(text);
  if (first[0].startsWith('</')) return endOfLine.test(text.slice(first.index + first[0].length));
  return text.slice(0, first.index).trim() === '';
}

/**
 * What follows `<think>…</think>`, as distilled reasoning models begin; null while it is not closed. Many chat templates write the opening tag into
 * the prompt, so the closing one ends thinking by itself. Within code it is ordinary text.
 */
function afterThinkBlock(said: string): string | null {
  const text = withoutCode(said);
  const end = text.indexOf('</think>');
  if (text.trimStart().startsWith('<think>')) return end < 0 ? null : said.slice(end + '</think>'.length);
  const isUnopened = end >= 0 && !text.slice(0, end).includes('<think>');
  return isUnopened ? said.slice(end + '</think>'.length) : said;
}

function hasTags(text: string): boolean {
  return withoutTags(text) !== withoutControlTokens(text);
}
