/** What a passing check says of an answer: that it is true, or only that it has the form that was asked for. */
import type { CheckResult } from '../checks/check.ts';
import type { CheckType } from '../checks/checks.ts';

/** `truth`: the check compares the answer's claims with something outside it. `form`: a wrong answer can pass as well. */
const evidence = {
  words: 'form',
  sentences: 'form',
  paragraphs: 'form',
  lines: 'form',
  characters: 'form',
  letter_count: 'form',
  keywords: 'form',
  forbidden_words: 'form',
  keyword_count: 'form',
  lowercase: 'form',
  uppercase: 'form',
  capital_words: 'form',
  starts_with: 'form',
  ends_with: 'form',
  quoted: 'form',
  forbidden_characters: 'form',
  bullets: 'form',
  sections: 'form',
  title: 'form',
  highlights: 'form',
  placeholders: 'form',
  postscript: 'form',
  paragraph_starts_with: 'form',
  two_responses: 'form',
  repeats_prompt: 'form',
  json: 'form',
  // A schema and an expression describe what any answer may look like, not which one is right.
  json_schema: 'form',
  regex: 'form',
  language: 'form',
  arithmetic: 'truth',
  code_fence: 'form',
  sources: 'truth',
  choice: 'form',
} as const satisfies Record<CheckType, 'truth' | 'form'>;

const truthful: ReadonlySet<string> = new Set(
  Object.entries(evidence).flatMap(([type, kind]) => (kind === 'truth' ? [type] : [])),
);

/** Whether a pass of this check speaks for the truth of the answer. */
export function isEvidenceOfTruth({ type }: Pick<CheckResult, 'type'>): boolean {
  return truthful.has(type);
}
