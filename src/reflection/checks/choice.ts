/** Whether an answer is, or clearly ends in, exactly one of a closed list of choices. */
import * as z from 'zod/mini';
import { lines } from './blocks.ts';
import type { CheckDefinition, Span } from './check.ts';
import { flag, phrase, settings } from './fields.ts';
import { folded, occurrences, stripped } from './literal.ts';
import { sentences } from './sentences.ts';
import { excerpt, failed, passed } from './verdict.ts';

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

function quotedList(choices: readonly string[]): string {
  return choices.map((each) => `"${each}"`).join(', ');
}

/** The text without what a choice may be wrapped in: quotes, emphasis, brackets, an end mark. */
function bare(text: string): string {
  return stripped(folded(text).replace(/\\(?:boxed|text)\{/g, '{'), '"\'*_`()[]{}<>$.!,;:');
}

/** The choice that this text is, wrapping and end mark aside. */
function exactly(text: string, choices: readonly string[]): string | undefined {
  // Nothing much longer than the longest choice can be one.
  if (text.trim().length > Math.max(...choices.map((choice) => choice.length)) * 2 + 40) return undefined;
  return (
    choices.find((choice) => folded(choice) === folded(text)) ?? choices.find((choice) => bare(choice) === bare(text))
  );
}

interface Mention {
  readonly choice: string;
  readonly span: Span;
}

/** Every choice that stands in the text, a longer one hiding the shorter ones in it, in order. */
function mentions(text: string, choices: readonly string[]): Mention[] {
  const all = choices.flatMap((choice) =>
    // A choice of one letter is named in its own case: "a" is no mention of A.
    occurrences(text, choice, { wholeWord: true, caseSensitive: choice.length === 1 }).map((span) => ({
      choice,
      span,
    })),
  );
  all.sort((one, other) => one.span[0] - other.span[0] || other.span[1] - one.span[1]);
  const kept: Mention[] = [];
  for (const mention of all) if (mention.span[0] >= (kept.at(-1)?.span[1] ?? 0)) kept.push(mention);
  return kept;
}

const cue =
  /\b(?:answer|choice|option|verdict|label|conclusion|category)\b(?:\s+(?:is|would be|must be))?\s*[:=]?\s*[\s"'*_`([{$\\]{0,12}(?:boxed\{)?/giu;

/** The one choice that the answer comes to, or undefined when that is not clear. */
export function conclusion(text: string, choices: readonly string[]): string | undefined {
  const [start, end] = lines(text).at(-1) ?? [0, 0];
  const lastLine = text.slice(start, end);
  const alone = exactly(lastLine, choices);
  if (alone !== undefined) return alone;
  const lastSentence = sentences(text).at(-1);
  const last = lastSentence && lastSentence[0] > start ? text.slice(...lastSentence) : lastLine;
  const named = mentions(last, choices);
  const afterCue = [...last.matchAll(cue)].at(-1);
  const cued = afterCue && named.find(({ span }) => span[0] === afterCue.index + afterCue[0].length);
  if (cued) return cued.choice;
  const distinct = new Set(named.map(({ choice }) => choice));
  const final = named.at(-1);
  const isLast = final && bare(last.slice(final.span[1])) === '';
  return distinct.size === 1 && isLast ? final.choice : undefined;
}

export const choice: CheckDefinition<typeof closed> = {
  summary:
    'The answer is exactly one of these choices, or clearly ends in one ("The answer is B."); with `whole` it must be nothing else.',
  schema: closed,
  requirement: ({ choices, whole }) =>
    `${whole ? 'Answer with exactly' : 'End the answer with exactly'} one of ${quotedList(choices)}${whole ? ' and nothing else' : ''}.`,
  run: (text, settings) => {
    const { choices, whole } = settings;
    const chosen = exactly(text, choices) ?? (whole ? undefined : conclusion(text, choices));
    const expected = { one_of: choices };
    if (chosen !== undefined) return passed({ message: `The answer is "${chosen}".`, measured: chosen, expected });
    const list = quotedList(choices);
    const message = whole
      ? `Answer with exactly one of ${list} and nothing else.`
      : `End the answer with exactly one of ${list}, as its last words.`;
    const tail = lines(text).at(-1);
    return failed({ message, measured: tail ? excerpt(text.slice(...tail)) : '', expected, span: tail ?? null });
  },
};
