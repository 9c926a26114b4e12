/** Upper and lower case. A letter is in the wrong case when changing it would change it: scripts without case are never wrong. */
import { bounded, countRequirement, judgeCount } from './bounds.ts';
import type { CheckDefinition, Span, Verdict } from './check.ts';
import { settings } from './fields.ts';
import { counted, excerpt, failed, passed, skipped, type Unit } from './verdict.ts';
import { words } from './words.ts';

const nothing = settings({});
const letters: Unit = { one: 'letter', many: 'letters' };
const capitals: Unit = { one: 'word in capitals', many: 'words in capitals' };

function judgeCase(text: string, name: string, changed: (character: string) => string): Verdict {
  let at = 0;
  let wrong = 0;
  let first: number | undefined;
  let cased = false;
  for (const character of text) {
    cased ||= character.toLowerCase() !== character.toUpperCase();
    if (changed(character) !== character) {
      first ??= at;
      wrong += 1;
    }
    at += character.length;
  }
  if (first === undefined && !cased) return skipped('The answer has no letters with upper and lower case.', name);
  if (first === undefined) return passed({ message: `Every letter is ${name}.`, measured: 0, expected: name });
  const span = wordAt(text, first);
  const message = `Write every letter in ${name}: "${excerpt(text.slice(...span))}" is not (${counted(wrong, letters)} in all).`;
  return failed({ message, measured: wrong, expected: name, span });
}

/** From the character at `at` to the end of its word. */
function wordAt(text: string, at: number): Span {
  const [rest = ''] = /^\S+/.exec(text.slice(at, at + 60)) ?? [];
  return [at, at + Math.max(1, rest.length)];
}

export const lowercase: CheckDefinition<typeof nothing> = {
  summary: 'Every letter of the answer is lower case.',
  schema: nothing,
  requirement: () => 'Write every letter in lower case.',
  run: (text) => judgeCase(text, 'lower case', (character) => character.toLowerCase()),
};

export const uppercase: CheckDefinition<typeof nothing> = {
  summary: 'Every letter of the answer is upper case.',
  schema: nothing,
  requirement: () => 'Write every letter in upper case.',
  run: (text) => judgeCase(text, 'upper case', (character) => character.toUpperCase()),
};

export const capitalWords: CheckDefinition<typeof bounded> = {
  summary: 'How many words are written in capital letters only ("A" and "I" are).',
  schema: bounded,
  requirement: (settings) => countRequirement(settings, capitals),
  run: (text, settings) => {
    const capital = words(text).filter((span) => {
      const word = text.slice(...span);
      return /\p{Lu}/u.test(word) && !/[\p{Ll}\p{Lt}]/u.test(word);
    });
    return judgeCount(capital, settings, capitals);
  },
};
