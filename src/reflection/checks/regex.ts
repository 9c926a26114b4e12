/** Whether an answer matches a caller's regular expression, or does not. */
import * as z from 'zod/mini';
import type { CheckDefinition, Span } from './check.ts';
import { flag, settings } from './fields.ts';
import { compilePattern, loadPatterns } from './pattern.ts';
import { excerpt, failed, passed, skipped } from './verdict.ts';

// The product of text and pattern that is still matched in well under a second.
const largestWork = 200_000_000;

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
  run: (text, settings) => {
    const { pattern, flags, full_match, should_match } = settings;
    const compiled = compilePattern(pattern, flags);
    if (!compiled.ok) return skipped(`The pattern cannot be used: ${compiled.problem}.`);
    if (text.length * compiled.pattern.programSize() > largestWork)
      return skipped('The answer is too long for a pattern of this size.');
    const lead = text.length - text.trimStart().length;
    const subject = full_match ? text.trim() : text;
    const matcher = compiled.pattern.matcher(subject);
    const matches = full_match ? matcher.matches() : matcher.find();
    const offset = full_match ? lead : 0;
    const span: Span | null = matches ? [offset + matcher.start(), offset + matcher.end()] : null;
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
