/** Whether an answer is, or comes to, exactly one of a closed list of choices. */
import * as z from 'zod/mini';
import { lines } from '../blocks.ts';
import { allQuoted, someQuoted } from '../bounded-text.ts';
import type { CheckDefinition, Verdict } from '../check.ts';
import { flag, phrase, settings } from '../fields.ts';
import { folded } from '../literal.ts';
import { loadedLater } from '../loaded-later.ts';
import { excerpt, failed, passed, skipped } from '../verdict.ts';
import type { Conclusion } from './conclusion.ts';

/** The wording of many languages is a large module. */
const reader = loadedLater(() => import('./conclusion.ts'));

/** Reads which of the choices the answer comes to; to be called where the check is prepared. */
export function conclusion(text: string, choices: readonly string[]): Conclusion {
  return reader.loaded().conclusion(text, choices);
}

const closed = settings({
  choices: z.array(phrase, 'expected a list of texts').check(
    z.minLength(2, 'expected at least two choices'),
    z.maxLength(100, 'expected at most 100 choices'),
    z.refine(
      (choices) => new Set(choices.map(folded)).size === choices.length,
      'expected choices that differ in more than case',
    ),
  ),
  whole: flag(false),
});

export const choice: CheckDefinition<typeof closed> = {
  summary:
    'The answer comes to exactly one of these choices ("The answer is B.", "Yes, you can …"); with `whole` it is that choice, letter for letter. A choice that is negated, hedged or only mentioned is none.',
  schema: closed,
  prepare: reader.prepare,
  requirement: ({ choices, whole }) =>
    `${whole ? 'Answer with exactly' : 'End the answer with exactly'} one of ${allQuoted(choices)}${whole ? ' and nothing else' : ''}.`,
  run: (text, { choices, whole }) => (whole ? isChoice(text, choices) : comesToChoice(text, choices)),
};

function isChoice(text: string, choices: readonly string[]): Verdict {
  return choices.includes(text)
    ? chosen(text, choices)
    : undecided(text, choices, `Answer with exactly one of ${someQuoted(choices)} and nothing else.`);
}

function comesToChoice(text: string, choices: readonly string[]): Verdict {
  const found = conclusion(text, choices);
  switch (found.kind) {
    case 'chosen':
      return chosen(found.choice, choices);
    case 'unclear':
      return skipped('It is not clear which of the choices the answer comes to.', { one_of: choices });
    case 'none':
      return undecided(text, choices, `End the answer with exactly one of ${someQuoted(choices)}, as its last words.`);
  }
}

function chosen(choice: string, choices: readonly string[]): Verdict {
  return passed({ message: `The answer is "${choice}".`, measured: choice, expected: { one_of: choices } });
}

function undecided(text: string, choices: readonly string[], message: string): Verdict {
  const tail = lines(text).at(-1);
  const measured = tail ? excerpt(text.slice(...tail)) : '';
  return failed({ message, measured, expected: { one_of: choices }, span: tail ?? null });
}
