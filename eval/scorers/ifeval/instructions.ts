/** IFEval's 25 instructions: what each is told, and whether a response follows it. https://github.com/google-research/google-research/blob/master/instruction_following_eval/instructions.py */
import * as z from 'zod';
import { escaped } from '../../../src/reflection/checks/literal.ts';
import { isPythonJson } from '../../python/json.ts';
import {
  isBlank,
  isLower,
  isUpper,
  lstripOf,
  space,
  splitWords,
  strip,
  stripOf,
  word,
  wordBorder,
} from '../../python/text.ts';
import { detectLanguage } from './langdetect.ts';
import { countBullets, countHighlights, countPlaceholders, hasTitle } from './marks.ts';
import { sentences } from './punkt.ts';
import { wordTokens } from './word-tokenize.ts';

/** What is checked of a response. */
export type Check = (response: string) => boolean;

/** Reads an instruction's own arguments. Throws a `ZodError`. */
type Instruction = (kwargs: unknown) => Check;

function instruction<Kwargs>(
  schema: z.ZodType<Kwargs>,
  follows: (response: string, kwargs: Kwargs) => boolean,
): Instruction {
  return (kwargs) => {
    const read = schema.parse(kwargs);
    return (response) => follows(response, read);
  };
}

const none = z.strictObject({});
const count = z.int().min(0);
const relation = z.enum(['less than', 'at least']);
const texts = z.array(z.string());

function holds(found: number, is: z.output<typeof relation>, wanted: number): boolean {
  return is === 'less than' ? found < wanted : found >= wanted;
}

/** A pattern for these very letters in either case. To Python an `i` is also the Turkish letters without and with a dot. */
function inEitherCase(text: string): string {
  return escaped(text).replace(/i/gi, '[iıİ]');
}

/** The reference counts a text without letters that tell its language as followed. */
function isIn(language: string, response: string): boolean {
  const found = detectLanguage(response);
  return found === null || found === language;
}

const wordPattern = new RegExp(`[${word}]+`, 'gu');
const paragraphRule = new RegExp(`[${space}]?\\*\\*\\*[${space}]?`);
const anyPostscript = new RegExp(`p\\.[${space}]?p\\.[${space}]?s`);
const simplePostscript = new RegExp(`p\\.[${space}]?s\\.`);

export const instructions = {
  'keywords:existence': instruction(z.strictObject({ keywords: texts }), (response, { keywords }) =>
    keywords.every((keyword) => new RegExp(inEitherCase(keyword), 'iu').test(response)),
  ),
  'keywords:frequency': instruction(
    z.strictObject({ keyword: z.string(), frequency: count, relation }),
    (response, { keyword, frequency, relation }) =>
      holds(countOf(new RegExp(inEitherCase(strip(keyword)), 'giu'), response), relation, frequency),
  ),
  'keywords:forbidden_words': instruction(
    z.strictObject({ forbidden_words: texts }),
    (response, { forbidden_words: forbidden }) =>
      !forbidden.some((one) => new RegExp(`${wordBorder}${inEitherCase(one)}${wordBorder}`, 'iu').test(response)),
  ),
  // For what is no letter of ours, such as "#", the reference counts one drawn at random; here it counts as it stands.
  'keywords:letter_frequency': instruction(
    z.strictObject({
      letter: z.string().refine((letter) => Array.from(letter).length === 1, 'One letter is needed.'),
      let_frequency: count,
      let_relation: relation,
    }),
    (response, { letter, let_frequency: wanted, let_relation: relation }) =>
      holds(response.toLowerCase().split(letter.toLowerCase()).length - 1, relation, wanted),
  ),
  'language:response_language': instruction(z.strictObject({ language: z.string() }), (response, { language }) =>
    isIn(language, response),
  ),
  'length_constraints:number_sentences': instruction(
    z.strictObject({ num_sentences: count, relation }),
    (response, { num_sentences: wanted, relation }) => holds(sentences(response).length, relation, wanted),
  ),
  'length_constraints:number_paragraphs': instruction(
    z.strictObject({ num_paragraphs: count }),
    (response, { num_paragraphs: wanted }) => filledParts(response.split(paragraphRule))?.length === wanted,
  ),
  'length_constraints:number_words': instruction(
    z.strictObject({ num_words: count, relation }),
    (response, { num_words: wanted, relation }) => holds(countOf(wordPattern, response), relation, wanted),
  ),
  'length_constraints:nth_paragraph_first_word': instruction(
    z.strictObject({ num_paragraphs: count, nth_paragraph: z.int().min(1), first_word: z.string() }),
    (response, { num_paragraphs: wanted, nth_paragraph: nth, first_word: first }) => {
      const parts = response.split('\n\n');
      const filled = parts.filter((part) => !isBlank(part)).length;
      if (filled !== wanted || nth > filled) return false;
      // The reference counts blank parts along where it takes one.
      const paragraph = parts[nth - 1] ?? '';
      return !isBlank(paragraph) && firstWord(paragraph) === first.toLowerCase();
    },
  ),
  'detectable_content:number_placeholders': instruction(
    z.strictObject({ num_placeholders: count }),
    (response, { num_placeholders: wanted }) => countPlaceholders(response) >= wanted,
  ),
  'detectable_content:postscript': instruction(
    z.strictObject({ postscript_marker: z.string() }),
    (response, { postscript_marker: marker }) => {
      const lower = response.toLowerCase();
      if (marker === 'P.P.S') return anyPostscript.test(lower);
      return marker === 'P.S.' ? simplePostscript.test(lower) : lower.includes(marker.toLowerCase());
    },
  ),
  'detectable_format:number_bullet_lists': instruction(
    z.strictObject({ num_bullets: count }),
    (response, { num_bullets: wanted }) => countBullets(response) === wanted,
  ),
  'detectable_format:constrained_response': instruction(none, (response) =>
    ['My answer is yes.', 'My answer is no.', 'My answer is maybe.'].some((option) => response.includes(option)),
  ),
  'detectable_format:number_highlighted_sections': instruction(
    z.strictObject({ num_highlights: count }),
    (response, { num_highlights: wanted }) => countHighlights(response) >= wanted,
  ),
  'detectable_format:multiple_sections': instruction(
    z.strictObject({ section_spliter: z.string(), num_sections: count }),
    (response, { section_spliter: spliter, num_sections: wanted }) => {
      const name = escaped(strip(spliter));
      return countOf(new RegExp(`${name}[${space}]?\\p{Nd}+`, 'gu'), response) >= wanted;
    },
  ),
  'detectable_format:json_format': instruction(none, (response) => isPythonJson(withoutFence(response))),
  'detectable_format:title': instruction(none, hasTitle),
  'combination:two_responses': instruction(none, (response) => {
    const [one, other, ...more] = filledParts(response.split('******')) ?? [];
    return one !== undefined && other !== undefined && more.length === 0 && strip(one) !== strip(other);
  }),
  'combination:repeat_prompt': instruction(
    z.strictObject({ prompt_to_repeat: z.string() }),
    (response, { prompt_to_repeat: prompt }) => strip(response).toLowerCase().startsWith(strip(prompt).toLowerCase()),
  ),
  'startend:end_checker': instruction(z.strictObject({ end_phrase: z.string() }), (response, { end_phrase: phrase }) =>
    stripOf(strip(response), '"').toLowerCase().endsWith(strip(phrase).toLowerCase()),
  ),
  'change_case:capital_word_frequency': instruction(
    z.strictObject({ capital_frequency: count, capital_relation: relation }),
    (response, { capital_frequency: wanted, capital_relation: relation }) =>
      holds(wordTokens(response).filter(isUpper).length, relation, wanted),
  ),
  'change_case:english_capital': instruction(none, (response) => isUpper(response) && isIn('en', response)),
  'change_case:english_lowercase': instruction(none, (response) => isLower(response) && isIn('en', response)),
  'punctuation:no_comma': instruction(none, (response) => !response.includes(',')),
  'startend:quotation': instruction(none, (response) => {
    const text = strip(response);
    return text.length > 1 && text.startsWith('"') && text.endsWith('"');
  }),
} as const satisfies Readonly<Record<string, Instruction>>;

export type InstructionId = keyof typeof instructions;

/** `pattern`: with the flag `g`. */
function countOf(pattern: RegExp, text: string): number {
  return text.match(pattern)?.length ?? 0;
}

/** The parts between rules; one at either end may be blank. Undefined where one in the middle is. */
function filledParts(parts: readonly string[]): string[] | undefined {
  if (parts.slice(1, -1).some(isBlank)) return undefined;
  return parts.filter((part) => !isBlank(part));
}

/** In lower case, without quotation marks in front, up to its first mark. */
function firstWord(paragraph: string): string {
  const first = lstripOf(lstripOf(splitWords(paragraph)[0] ?? '', "'"), '"');
  const letters = first.split(/[.,?!'"]/)[0] ?? '';
  return Array.from(letters, (letter) => letter.toLowerCase()).join('');
}

/** Without the marks of a code block of Markdown. */
function withoutFence(response: string): string {
  const opened = ['```json', '```Json', '```JSON', '```'].reduce(
    (text, fence) => (text.startsWith(fence) ? text.slice(fence.length) : text),
    strip(response),
  );
  return strip(opened.endsWith('```') ? opened.slice(0, -3) : opened);
}
