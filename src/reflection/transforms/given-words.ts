/**
 * Inserts what the caller gave word for word: the prompt or a phrase at the start, a phrase at the end. It replaces the same words in another spelling,
 * or becomes a sentence or line of its own. Each function returns candidate texts, the best first; none where a model must do it.
 */
import { fences } from '../checks/blocks.ts';
import type { Span } from '../checks/check.ts';
import { folded } from '../checks/literal.ts';
import { isSalutation, isSignOff, signOffOf } from '../checks/sentences/lines.ts';

const word = /[\p{L}\p{N}\p{M}]+/gu;

/** The text after the prompt. */
export function promptFirst(text: string, prompt: string): string[] {
  const wanted = prompt.trim();
  if (text.trim() === '' || wanted === '') return [];
  const variant = sameWordsFirst(text, wanted);
  const rest = (variant ? restAfter(text, variant, wanted) : text).trim();
  return variant && rest === ''
    ? [wanted]
    : spellings(text, wanted).flatMap((each) => [`${each}\n\n${rest}`, `${each}\n${rest}`]);
}

/** The text with the phrase as its beginning. */
export function phraseFirst(text: string, phrase: string): string[] {
  const wanted = phrase.trim();
  const variant = sameWordsFirst(text, wanted);
  if (variant) return spellings(text, wanted).map((each) => each + restAfter(text, variant, wanted));
  const greets = isSalutation(wanted) || isSalutation(`${wanted},`);
  const greetsTwice = greets && isSalutation(text.trimStart().split('\n', 1)[0] ?? '');
  if (!mayStandAlone(wanted, text) || greetsTwice || !(greets || endsLikeLine(wanted))) return [];
  const rest = text.trimStart();
  return spellings(text, wanted).flatMap((each) => [`${each}\n\n${rest}`, `${each}\n${rest}`, `${each} ${rest}`]);
}

/** The text with the phrase as its end. */
export function phraseLast(text: string, phrase: string): string[] {
  const wanted = phrase.trim();
  const whole = text.trimEnd();
  const variant = sameWordsLast(whole, wanted);
  if (variant) {
    const closers = /^[.!?…,;:。！？]*(["'”’»*_)]*)$/.exec(whole.slice(variant[1]))?.[1] ?? '';
    return spellings(text, wanted).map((each) => whole.slice(0, variant[0]) + each + closers);
  }
  const signsTwice = isSignOff(wanted) && signOffOf(whole) !== undefined;
  const isFragment = /^\p{Ll}/u.test(wanted) && !endsLikeLine(wanted) && /\p{Lu}/u.test(text);
  if (!mayStandAlone(wanted, text) || isFragment || signsTwice) return [];
  const quotes = /^".*"$/s.test(whole.trimStart()) && whole.trimStart().length > 2 ? '"' : '';
  const inner = quotes === '' ? whole : whole.slice(0, -1).trimEnd();
  const isOneParagraph = !inner.trim().includes('\n') && /[.!?…。！？]["'”’»*_)]*$/.test(inner);
  return spellings(text, wanted).flatMap((each) => {
    const joined = [`${inner}\n\n${each}`, `${inner} ${each}`, `${inner}\n${each}`].map((all) => all + quotes);
    return isOneParagraph ? [joined[1] ?? '', joined[0] ?? ''] : joined;
  });
}

/** As it was given, or else in the one case that the whole text is in. */
function spellings(text: string, wanted: string): string[] {
  if (!/\p{Lu}/u.test(text)) return [wanted, wanted.toLowerCase()];
  return /\p{Ll}/u.test(text) ? [wanted] : [wanted, wanted.toUpperCase()];
}

/** Whether code may add the phrase: it adds no claim, is not a bare label, and does not stand in the text already. */
function mayStandAlone(phrase: string, text: string): boolean {
  const isVerdict =
    /^(?:yes|no|true|false|correct|incorrect|ja|nein|sí|no|oui|non|sim|não|si|예|네|아니요|はい|いいえ|是|否|不)(?![\p{L}\p{N}])/iu.test(
      phrase,
    ) && phrase.length < 40;
  const isLabel = /[:：]$/.test(phrase) || /^(?:p\.?\s?)+s[.:]*$/i.test(phrase);
  const says = (phrase.match(/\p{L}/gu)?.length ?? 0) >= 2;
  const isOpen = fences(text).at(-1)?.closed === false;
  const isData = /^\s*[{[]/.test(text);
  return (
    says && !isVerdict && !isLabel && !isOpen && !isData && text.trim() !== '' && !folded(text).includes(folded(phrase))
  );
}

/** It ends with a mark, so that what stands beside it does not run into it. */
function endsLikeLine(phrase: string): boolean {
  return /[.!?…,。！？،,]["'”’»*_)]*$/.test(phrase);
}

/** Where the text begins with the phrase's words, whatever their case and the signs between them. */
function sameWordsFirst(text: string, phrase: string): Span | undefined {
  const wanted = wordsOf(phrase);
  const lead = /^[\s"'“‘«*_#>(~`-]{0,40}/.exec(text)?.[0].length ?? 0;
  let at = 0;
  for (const { 0: found, index } of text.slice(lead, lead + phrase.length * 2 + 100).matchAll(word)) {
    if ((at === 0 && index > 0) || plain(found) !== wanted[at]) return undefined;
    at += 1;
    if (at === wanted.length) return [lead, lead + index + found.length];
  }
  return undefined;
}

/** Where the text ends with the phrase's words. */
function sameWordsLast(text: string, phrase: string): Span | undefined {
  const wanted = wordsOf(phrase);
  const from = Math.max(0, text.length - phrase.length * 2 - 100);
  const all = Array.from(text.slice(from).matchAll(word), ({ 0: found, index }) => ({ found, at: from + index }));
  const last = all.slice(-wanted.length);
  const [first, final] = [last[0], last.at(-1)];
  if (wanted.length === 0 || !first || !final || (first === all[0] && from > 0)) return undefined;
  if (!last.every(({ found }, index) => plain(found) === wanted[index]) || last.length < wanted.length)
    return undefined;
  // Signs that open the phrase are its own.
  let start = first.at;
  const opening = /^[^\p{L}\p{N}\p{M}]*/u.exec(phrase)?.[0] ?? '';
  if (text.slice(0, start).endsWith(opening)) start -= opening.length;
  return [start, final.at + final.found.length];
}

/** What follows the words, without the marks that closed what opened before them, and without a second end mark. */
function restAfter(text: string, [start, end]: Span, wanted: string): string {
  const opened = text.slice(0, start).replace(/[^"'“‘«*_~`(]/g, '');
  const rest = text.slice(end);
  const closing = /^([.!?…,;:。！？]*)(["'”’»*_~`)]*)([.!?…,;:。！？]*)/.exec(rest);
  const [all = '', before = '', closers = '', after = ''] = closing ?? [];
  const marks = endsWithMark(wanted) ? '' : before + after;
  return marks + (opened === '' ? closers : '') + rest.slice(all.length);
}

function endsWithMark(phrase: string): boolean {
  return /[^\p{L}\p{N}\p{M}\s]$/u.test(phrase);
}

function wordsOf(phrase: string): string[] {
  return Array.from(phrase.matchAll(word), ([found]) => plain(found));
}

function plain(found: string): string {
  return found.normalize('NFC').toLowerCase();
}
