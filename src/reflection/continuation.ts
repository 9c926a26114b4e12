/** Joins the rest of a cut answer to it, or drops the rest where it does not continue the answer. Pure. */
import { withoutPreamble } from './edits.ts';
import { continueInstruction } from './prompts/draft.ts';
import { isBetweenWords } from './word-border.ts';

/** An overlap shorter than this may be chance. In characters. */
const leastOverlap = 8;
const mostOverlap = 200;
/** A rest that begins with this many of the answer's first words starts the answer again. */
const restartWords = 5;

const apology =
  /^\W{0,8}(?:i apologi[sz]e|i['’]?m (?:so )?sorry|sorry|apologies|my apologies|i cannot|i can['’]?t|as an ai|es tut mir leid|entschuldigung|lo siento|d[ée]sol[ée]e?|je suis d[ée]sol|죄송|申し訳|抱歉|对不起)/i;
/** "Understood. I will continue from where I left off:", "[continued]", "...": said of the rest, and no part of it. */
const promise =
  /^\s*(?:(?:understood|okay|ok|sure|certainly|of course|got it|alright)[,.!:]?\s+(?:i(?:['’]ll| will| can) (?:now )?(?:continue|go on|carry on|pick up|resume)[^.!:\n]{0,80}|continuing[^.!:\n]{0,60})[.!:]|[[(](?:continu(?:ed|ing|ation)|cont\.?['’]?d?)[\])]:?|(?:\.{3}|…)(?=\s?\p{L}))\s*/iu;
/** Our instruction in the model's words, as sentences of their own. */
const echo =
  /^\s*(?:(?:your|my|the) (?:last |previous )?(?:answer|response|reply|text|message) (?:was|is|got|has been|seems) (?:cut|truncated|interrupted|incomplete)[^.!?:\n]{0,60}[.!?:]\s*)?(?:(?:(?:now|so),? )?(?:please,? )?(?:just )?(?:continue|go on|carry on|resume|proceed|pick up)\b[^.!?:\n]{0,40}\b(?:where|from)\b[^.!?:\n]{0,40}\b(?:stop|stops|stopped|left off|leave off|ended|ends|cut|paused|broke off)\b[^.!?:\n]{0,60}[.!?:]?\s*)?(?:(?:please,? )?(?:do not|don['’]t|never|without) (?:repeat|comment|restart|start|apologi[sz])[^.!?:\n]{0,80}(?:[.!?:]\s*|$)){0,3}/i;
const afterwards =
  /\n\s*\n\W{0,4}(?:your (?:answer|response|reply|text) was (?:cut|truncated)|(?:please )?continue (?:exactly )?(?:from )?where)[\s\S]*$/i;

/**
 * The whole text. Null where the model did not continue it: it wrote nothing, repeated the instruction, apologised or started again.
 * Words that the rest repeats from the end of the cut text are joined once.
 */
export function joinContinuation(cut: string, said: string): string | null {
  const rest = withoutPromise(cut, withoutEcho(cut, said));
  if (rest.trim() === '' || isApology(rest) || begins(rest, cut)) return null;
  const continuation = rest.trimStart() === rest ? withoutPreamble(rest) : rest;
  const most = Math.min(mostOverlap, cut.length, continuation.length);
  for (let overlap = most; overlap >= leastOverlap; overlap -= 1) {
    if (cut.endsWith(continuation.slice(0, overlap))) return cut + continuation.slice(overlap);
  }
  return cut + (isGlued(cut, continuation) ? ' ' : '') + continuation;
}

function withoutPromise(cut: string, said: string): string {
  const found = promise.exec(said)?.[0] ?? '';
  return found === '' ? said : behindTalk(cut, said.slice(found.length));
}

/** What follows talk is a new word, because models that talk begin with one. */
function behindTalk(cut: string, rest: string): string {
  return rest === '' || /\s$/.test(cut) || /^[\s,.;:!?)\]]/.test(rest) ? rest : ` ${rest}`;
}

/** Whether a blank is missing: after a mark, before a capital letter, and between words. In code and data nothing is put in. */
function isGlued(cut: string, rest: string): boolean {
  const line = cut.slice(cut.lastIndexOf('\n') + 1);
  if (/^\s*[{[]/.test(cut) || (cut.split('```').length - 1) % 2 === 1) return false;
  if (!/[`{}=<>\\;]|\w[(_]/.test(line) && isBetweenWords(cut, rest)) return true;
  if (/[`{}()[\]=<>_/@\\]|[,;:.]\p{L}/u.test(line)) return false;
  return (/[,;]$/.test(cut) && /^\p{L}/u.test(rest)) || (/[\p{Ll}.!?]$/u.test(cut) && /^\p{Lu}\p{Ll}/u.test(rest));
}

/** A rest in lower case continues a sentence, so it is no apology: "I am so" goes on with "sorry about the delay". */
function isApology(rest: string): boolean {
  return apology.test(rest) && !/^\s*\p{Ll}/u.test(rest);
}

/** Small models repeat the instruction before the rest or instead of it. A rest in lower case continues a sentence and repeats nothing. */
function withoutEcho(cut: string, said: string): string {
  const text = said.replace(afterwards, '');
  const at = text.indexOf(continueInstruction);
  if (at >= 0 && at < 80) return text.slice(at + continueInstruction.length);
  const echoed = /^\s*\p{Ll}/u.test(text) ? '' : (echo.exec(text)?.[0] ?? '');
  if (echoed.trim() !== '') return behindTalk(cut, text.slice(echoed.length));
  return sharedWords(text.slice(0, continueInstruction.length + 40), continueInstruction) > 0.6 ? '' : text;
}

/** The share of the wanted words that a text holds. */
function sharedWords(text: string, wanted: string): number {
  const has = new Set(wordsOf(text));
  const words = wordsOf(wanted);
  return words.filter((word) => has.has(word)).length / words.length;
}

function begins(rest: string, cut: string): boolean {
  const start = wordsOf(cut.slice(0, 400)).slice(0, restartWords);
  if (start.length < restartWords) return false;
  const again = wordsOf(rest.slice(0, 400))
    .slice(0, 3 * restartWords)
    .join(' ');
  return again.includes(start.join(' '));
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}
