/** What running a check takes at most, besides what patterns and schemas count themselves. */
import type { CheckContext } from './check.ts';
import type { CheckType, DeclaredCheck } from './checks.ts';

/** In steps of 60 ns, measured on the worst answers of 100 kB that we could construct. */
interface Steps {
  /** For each character of the answer. */
  readonly character: number;
  /** For each mark that may end a sentence or a line. */
  readonly end?: number;
  readonly digit?: number;
  /** For each character of the answer and each of the phrases that are looked for. */
  readonly phrase?: number;
}

const ordinary: Steps = { character: 2 };

const measured: Readonly<Partial<Record<CheckType, Steps>>> = {
  words: { character: 3 },
  sentences: { character: 8, end: 50 },
  arithmetic: { character: 2, digit: 90 },
  sources: { character: 40, end: 20 },
  choice: { character: 8, end: 60, phrase: 0.06 },
  postscript: { character: 8 },
  bullets: { character: 3 },
  language: { character: 6 },
  code_fence: { character: 6 },
};

/** A phrase may begin to match at each character of the answer, all the way to its end. */
const stepsPerPhraseCharacter = 0.02;

/** Checks whose settings are not phrases to look for. */
const countThemselves: readonly CheckType[] = ['regex', 'json_schema'];

/** To be paid before the check is run. */
export function stepsOf(check: DeclaredCheck, text: string, context: CheckContext): number {
  const { character, end, digit, phrase = stepsPerPhraseCharacter } = measured[check.type] ?? ordinary;
  const phrases = countThemselves.includes(check.type) ? 0 : JSON.stringify(check).length;
  const ends = end === undefined ? 0 : end * countOf(text, '.!?\n。！？');
  const digits = digit === undefined ? 0 : digit * countOf(text, '0123456789');
  const question = check.type === 'repeats_prompt' ? context.question.length * character : 0;
  return Math.ceil(text.length * (character + phrases * phrase) + ends + digits + question);
}

function countOf(text: string, characters: string): number {
  let count = 0;
  for (const character of text) if (characters.includes(character)) count += 1;
  return count;
}
