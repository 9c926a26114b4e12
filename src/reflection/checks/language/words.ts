/** The words of an answer that show its language, by script, without code, addresses, names and quotations. Pure. */
import { withoutFences } from '../blocks.ts';
import { type Script, scripts } from './evidence.ts';

export interface SpokenWord {
  /** In lower case, composed. */
  readonly text: string;
  readonly script: Script;
  /** Capitalised within a sentence, in capitals, or of mixed case: a name, or an abbreviation. */
  readonly isName: boolean;
}

const aside =
  /https?:\/\/\S+|www\.\S+|[\w.+-]{1,64}@[\w.-]{1,64}|`[^`\n]{0,200}`|[\w-]{1,64}(?:[/\\_.][\w-]{1,64})+(?:\(\))?|\b\w{1,64}\(\)/g;
const quotations =
  /“[^”\n]{1,400}”|„[^“”\n]{1,400}[“”]|«[^»\n]{1,400}»|»[^«\n]{1,400}«|"[^"\n]{1,400}"|「[^」\n]{1,400}」|『[^』\n]{1,400}』|《[^》\n]{1,400}》/g;

/** Scripts that put no space between words: each of their letters counts as a word. */
const unspaced: readonly Script[] = ['Han', 'Kana', 'Hangul', 'Thai'];

const names = Object.keys(scripts).filter((name): name is Script => name in scripts);

/** The answer's own words, without quotations. Where the whole answer is a quotation, the words of the quotation. */
export function spokenWords(text: string): SpokenWord[] {
  const said = withoutFences(text).replace(aside, ' ');
  const own = wordsOf(said.replace(quotations, ' '));
  return own.some(({ isName }) => !isName) ? own : wordsOf(said);
}

function wordsOf(text: string): SpokenWord[] {
  const words: SpokenWord[] = [];
  for (const { 0: run, index } of text.normalize('NFC').matchAll(/[\p{L}\p{M}][\p{L}\p{M}\p{N}'’]*/gu)) {
    for (const piece of piecesOf(run)) {
      const script = scriptOf(piece);
      if (!script) continue;
      const end = index + run.length;
      const around = [text.slice(Math.max(0, index - 3), index), text.slice(end, end + 3)] as const;
      const isName = run === piece && script === 'Latin' && isNamed(run, ...around);
      words.push({ text: piece.toLowerCase(), script, isName });
    }
  }
  return words;
}

/** A run in one piece for each change of script, and for each letter where words are not parted. */
function piecesOf(run: string): string[] {
  const pieces: string[] = [];
  let last: Script | undefined;
  for (const letter of run) {
    const script = scriptOf(letter) ?? last;
    const isApart = script !== undefined && (script !== last || unspaced.includes(script)) && !/\p{M}/u.test(letter);
    if (isApart || pieces.length === 0) pieces.push(letter);
    else pieces.push(`${pieces.pop() ?? ''}${letter}`);
    last = script;
  }
  return pieces;
}

function scriptOf(text: string): Script | undefined {
  return names.find((name) => scripts[name].test(text));
}

/** `before` and `after`: what stands around the word. */
function isNamed(word: string, before: string, after: string): boolean {
  const inner = word.slice(1);
  if (/\p{N}/u.test(word) || inner !== inner.toLowerCase()) return word !== word.toUpperCase() || word.length <= 6;
  const isCapital = word.charAt(0) !== word.charAt(0).toLowerCase();
  return isCapital && (/[^\s.!?:。！？¿¡*#>-]\s{0,2}$/u.test(before) || /^ \p{Lu}\p{Ll}/u.test(after));
}
