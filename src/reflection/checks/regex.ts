/** Whether an answer matches a caller's regular expression, or does not. */
import * as z from 'zod/mini';
import type { ComputeBudget } from '../compute-budget.ts';
import type { CheckDefinition, Span } from './check.ts';
import { flag, settings } from './fields.ts';
import { compilePattern, loadPatterns, type Pattern, patternOfRun } from './pattern.ts';
import { excerpt, failed, passed, skipped } from './verdict.ts';

const matching = settings({
  pattern: z.string('expected a text').check(z.minLength(1, 'expected a text that is not empty')),
  flags: z._default(
    z
      .string('expected a text')
      .check(z.regex(/^(?!.*(.).*\1)[ims]{0,3}$/, 'expected some of the flags i, m and s, each once')),
    '',
  ),
  full_match: flag(false),
  should_match: flag(true),
}).check((payload) => {
  const compiled = compilePattern(payload.value.pattern, payload.value.flags);
  if (!compiled.ok)
    payload.issues.push({ code: 'custom', input: payload.value.pattern, path: ['pattern'], message: compiled.problem });
});

export const regex: CheckDefinition<typeof matching> = {
  summary:
    'The answer matches a regular expression in RE2 syntax somewhere (or as a whole with `full_match`), or does not (`should_match: false`).',
  schema: matching,
  prepare: loadPatterns,
  requirement: ({ pattern, flags, full_match, should_match }) =>
    `The answer ${should_match ? 'must' : 'must not'}${full_match ? ', as a whole,' : ''} match the regular expression /${pattern}/${flags}.`,
  run: (text, settings, { computing }) => {
    const { pattern, flags, full_match, should_match } = settings;
    const compiled = patternOfRun(pattern, flags, computing);
    if (!compiled.ok) return skipped(`The pattern cannot be used: ${compiled.problem}.`);
    const span = full_match
      ? wholeMatch(text, compiled.pattern, computing)
      : (compiled.pattern.find(text, computing) ?? null);
    const matches = span !== null;
    const measured = span ? excerpt(text.slice(...span)) : null;
    const expected = { pattern, flags, full_match, should_match };
    if (matches === should_match)
      return passed({
        message: matches ? 'The pattern matches.' : 'The pattern does not match, as wanted.',
        measured,
        expected,
      });
    const what = full_match ? 'as a whole ' : '';
    const message = should_match
      ? `The answer must ${what}match the regular expression ${pattern}; it does not.`
      : `The answer must not ${what}match the regular expression ${pattern}; it does at "${measured}".`;
    return failed({ message, measured, expected, span });
  },
};

/** The text without white space at its edges, where the pattern matches all of that. */
function wholeMatch(text: string, pattern: Pattern, computing: ComputeBudget): Span | null {
  const start = text.length - text.trimStart().length;
  const subject = text.trim();
  return pattern.matches(subject, computing) ? [start, start + subject.length] : null;
}
