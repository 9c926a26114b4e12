/**
 * The checks that a request asks for in its own words, read by code. What is ambiguous, told of, quoted or asked of something else than the answer
 * yields nothing: a wrong check damages good answers.
 */
import { answerLanguage, choices, repeatedPrompt } from './answer-rules.ts';
import { isNegated, isPossible } from './bounds.ts';
import {
  beginnings,
  capitalWords,
  endings,
  json,
  lowercase,
  paragraphStarts,
  postscript,
  quoted,
  title,
  twoResponses,
  uppercase,
} from './form-rules.ts';
import { koreanBullets, koreanForms, koreanLanguage, koreanLengths, koreanPhrases } from './korean-rules.ts';
import { highlights, lengths, sections } from './length-rules.ts';
import { readRequest } from './request-text.ts';
import type { InferredCheck, InferredSettings, Rule } from './rule.ts';
import { isCode } from './sentence-guards.ts';
import { forbiddenMarks, keywords, letterCounts, markCounts, wordCounts } from './word-rules.ts';

const korean: readonly Rule[] = [koreanLengths, koreanBullets, koreanForms, koreanLanguage, koreanPhrases];

const english: readonly Rule[] = [
  lengths,
  highlights,
  sections,
  keywords,
  wordCounts,
  letterCounts,
  markCounts,
  forbiddenMarks,
  lowercase,
  uppercase,
  capitalWords,
  json,
  quoted,
  title,
  endings,
  beginnings,
  postscript,
  twoResponses,
  paragraphStarts,
  choices,
  answerLanguage,
  repeatedPrompt,
];

/** UTF-16 units. A longer request is mostly material, and a longer sentence is none. */
const longest = { request: 20_000, sentences: 300, sentence: 1_000 } as const;
/** "Do not end with 'Bye'" asks for no ending. The other rules turn their finding round themselves. */
const asserting: ReadonlySet<string> = new Set([
  'keywords',
  'lowercase',
  'uppercase',
  'starts_with',
  'ends_with',
  'quoted',
  'title',
  'postscript',
  'paragraph_starts_with',
  'two_responses',
  'repeats_prompt',
  'json',
  'language',
  'choice',
]);
const most = 32;

/** Reads the last user message. Never more than `most` checks; pure, and linear in the request's length. */
export function inferChecks(request: string): readonly InferredCheck[] {
  if (request.length > longest.request || isCode(request)) return [];
  const read = readRequest(request);
  if (read.sentences.length > longest.sentences) return [];
  const all = read.sentences
    .filter(({ text }) => text.length <= longest.sentence)
    .flatMap((sentence) =>
      rulesFor(sentence.text).flatMap((rule) =>
        rule(sentence, read)
          .filter(({ check, from }) => !asserting.has(check.type) || !isNegated(sentence.text.slice(0, from)))
          .map(({ check, from, to, confidence }): InferredCheck => {
            return { check, span: [sentence.start + from, sentence.start + to], confidence };
          }),
      ),
    );
  return withoutRivals(joined(all)).slice(0, most);
}

function rulesFor(sentence: string): readonly Rule[] {
  return /[\uAC00-\uD7A3]/.test(sentence) ? [...english, ...korean] : english;
}

/** Findings of one thing as one check; where they contradict each other, none. */
function joined(all: readonly InferredCheck[]): InferredCheck[] {
  const groups = Map.groupBy(all, ({ check }) => subjectOf(check));
  return [...groups.values()].flatMap(([first, ...others]) => {
    if (!first) return [];
    let check: InferredSettings | undefined = first.check;
    for (const other of others) check = check && bothOf(check, other.check);
    const confidence = Math.min(first.confidence, ...others.map((other) => other.confidence));
    return check ? [{ ...first, check, confidence }] : [];
  });
}

/** What a check is about: two of the same subject must agree. */
function subjectOf(check: InferredSettings): string {
  if (check.type === 'keyword_count') return `keyword_count ${check.keyword?.toLowerCase()}`;
  if (check.type === 'letter_count') return `letter_count ${check.letter?.toLowerCase()}`;
  if (check.type === 'paragraph_starts_with') return `paragraph ${check.paragraph}`;
  return check.type;
}

function bothOf(one: InferredSettings, other: InferredSettings): InferredSettings | undefined {
  if (JSON.stringify(one) === JSON.stringify(other)) return one;
  if (one.type === 'keywords' && other.type === 'keywords') {
    return { ...one, keywords: union(one.keywords, other.keywords) };
  }
  if (one.type === 'forbidden_words' && other.type === 'forbidden_words') {
    return { ...one, words: union(one.words, other.words) };
  }
  if (one.type === 'forbidden_characters' && other.type === 'forbidden_characters') {
    return { ...one, characters: union(one.characters, other.characters) };
  }
  if (!isCounted(one) || !isCounted(other)) return undefined;
  if (one.exactly !== undefined || other.exactly !== undefined) return undefined;
  const isTwice =
    (one.min !== undefined && other.min !== undefined) || (one.max !== undefined && other.max !== undefined);
  const both = { ...one, ...other };
  return !isTwice && isPossible(both) ? both : undefined;
}

type Counted = Extract<InferredSettings, { readonly min?: unknown }>;

function isCounted(check: InferredSettings): check is Counted {
  return 'min' in check || 'max' in check || 'exactly' in check;
}

function union(one: readonly string[] | undefined, other: readonly string[] | undefined): string[] {
  return [...new Set([...(one ?? []), ...(other ?? [])])];
}

/** Of two that no answer passes together, neither is sure. */
const rivals: readonly (readonly [string, string])[] = [['lowercase', 'uppercase']];

function withoutRivals(checks: readonly InferredCheck[]): readonly InferredCheck[] {
  const types = new Set<string>(checks.map(({ check }) => check.type));
  const dropped = new Set(rivals.filter((pair) => pair.every((type) => types.has(type))).flat());
  return checks.filter(({ check }) => !dropped.has(check.type));
}
