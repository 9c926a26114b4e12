/**
 * Every check there is, as one table: how it is named, what it may be told, and the verifier. `checkSchema` is what a request may declare.
 */
import * as z from 'zod/mini';
import { arithmetic } from './arithmetic/arithmetic.ts';
import { longest, withoutMiddle } from './bounded-text.ts';
import type { CheckContext, Verdict } from './check.ts';
import { choice } from './choice/choice.ts';
import { codeFence } from './code-fence.ts';
import { endsWith, forbiddenCharacters, quoted, startsWith } from './edges.ts';
import { json, jsonSchema } from './json/json.ts';
import { forbiddenWords, keywordCount, keywords } from './keywords.ts';
import { language } from './language/language.ts';
import { paragraphStartsWith, postscript, repeatsPrompt, twoResponses } from './layout.ts';
import { characterCount, letterCount, lineCount, paragraphCount, sentenceCount, wordCount } from './length.ts';
import { capitalWords, lowercase, uppercase } from './letter-case.ts';
import { bulletCount, highlightCount, placeholderCount, sectionCount, title } from './markup.ts';
import { regex } from './regex.ts';
import { sources } from './sources/sources.ts';

/**
 * A row as look-ups see it. `checkSchema` pairs each type with its own settings, which the compiler cannot follow through a look-up.
 */
interface Row {
  readonly summary: string;
  readonly schema: z.ZodMiniType;
  readonly prepare?: () => Promise<void>;
  requirement(settings: unknown): string;
  run(text: string, settings: unknown, context: CheckContext): Verdict;
}

/** The table. A key is the `type` that callers write. */
export const checks = {
  words: wordCount,
  sentences: sentenceCount,
  paragraphs: paragraphCount,
  lines: lineCount,
  characters: characterCount,
  letter_count: letterCount,
  keywords,
  forbidden_words: forbiddenWords,
  keyword_count: keywordCount,
  lowercase,
  uppercase,
  capital_words: capitalWords,
  starts_with: startsWith,
  ends_with: endsWith,
  quoted,
  forbidden_characters: forbiddenCharacters,
  bullets: bulletCount,
  sections: sectionCount,
  title,
  highlights: highlightCount,
  placeholders: placeholderCount,
  postscript,
  paragraph_starts_with: paragraphStartsWith,
  two_responses: twoResponses,
  repeats_prompt: repeatsPrompt,
  json,
  json_schema: jsonSchema,
  regex,
  language,
  arithmetic,
  code_fence: codeFence,
  sources,
  choice,
} satisfies Record<string, Row>;

export type CheckType = keyof typeof checks;

/** The same table as look-ups see it: a verifier takes the settings of any check. */
export const rows: Readonly<Record<CheckType, Row>> = checks;

const id = z.optional(
  z
    .string('expected a text')
    .check(z.regex(/^[\w.:-]{1,64}$/, 'expected 1 to 64 letters, digits, "_", "-", "." or ":"')),
);

/** What every declared check has besides its row's settings. */
function head<const Type extends CheckType>(type: Type) {
  return { type: z.literal(type), id };
}

const names = Object.keys(checks).join(', ');

/** What a request may declare. */
export const checkSchema = z.discriminatedUnion(
  'type',
  [
    z.safeExtend(checks.words.schema, head('words')),
    z.safeExtend(checks.sentences.schema, head('sentences')),
    z.safeExtend(checks.paragraphs.schema, head('paragraphs')),
    z.safeExtend(checks.lines.schema, head('lines')),
    z.safeExtend(checks.characters.schema, head('characters')),
    z.safeExtend(checks.letter_count.schema, head('letter_count')),
    z.safeExtend(checks.keywords.schema, head('keywords')),
    z.safeExtend(checks.forbidden_words.schema, head('forbidden_words')),
    z.safeExtend(checks.keyword_count.schema, head('keyword_count')),
    z.safeExtend(checks.lowercase.schema, head('lowercase')),
    z.safeExtend(checks.uppercase.schema, head('uppercase')),
    z.safeExtend(checks.capital_words.schema, head('capital_words')),
    z.safeExtend(checks.starts_with.schema, head('starts_with')),
    z.safeExtend(checks.ends_with.schema, head('ends_with')),
    z.safeExtend(checks.quoted.schema, head('quoted')),
    z.safeExtend(checks.forbidden_characters.schema, head('forbidden_characters')),
    z.safeExtend(checks.bullets.schema, head('bullets')),
    z.safeExtend(checks.sections.schema, head('sections')),
    z.safeExtend(checks.title.schema, head('title')),
    z.safeExtend(checks.highlights.schema, head('highlights')),
    z.safeExtend(checks.placeholders.schema, head('placeholders')),
    z.safeExtend(checks.postscript.schema, head('postscript')),
    z.safeExtend(checks.paragraph_starts_with.schema, head('paragraph_starts_with')),
    z.safeExtend(checks.two_responses.schema, head('two_responses')),
    z.safeExtend(checks.repeats_prompt.schema, head('repeats_prompt')),
    z.safeExtend(checks.json.schema, head('json')),
    z.safeExtend(checks.json_schema.schema, head('json_schema')),
    z.safeExtend(checks.regex.schema, head('regex')),
    z.safeExtend(checks.language.schema, head('language')),
    z.safeExtend(checks.arithmetic.schema, head('arithmetic')),
    z.safeExtend(checks.code_fence.schema, head('code_fence')),
    z.safeExtend(checks.sources.schema, head('sources')),
    z.safeExtend(checks.choice.schema, head('choice')),
  ],
  `expected a check: an object whose type is one of ${names}`,
);

export type DeclaredCheck = z.output<typeof checkSchema>;

const named = z.catch(z.array(z.catch(z.object({ type: z.string() }), { type: '' })), []);

/** Loads what the named checks need beyond this file. Takes `checks` as somebody sent it; what is no check is for the schema to refuse. */
export async function prepareChecks(declared: unknown): Promise<void> {
  const asked = new Set(named.parse(declared).map((check) => check.type));
  const needed = Object.entries(rows).filter(([type]) => asked.has(type));
  await Promise.all(needed.map(([, row]) => row.prepare?.()));
}

/** What the declared checks ask, as instructions for a model that writes. */
export function requirementsOf(declaredChecks: readonly DeclaredCheck[]): string[] {
  return declaredChecks.map((check) => withoutMiddle(rows[check.type].requirement(check), longest.requirement));
}
