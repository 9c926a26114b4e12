/** The transforms that mend a failed check by code, as one table: what each may do, and which checks it may be tried for. */
import { fences } from '../checks/blocks.ts';
import type { CheckType, DeclaredCheck } from '../checks/checks.ts';
import { conclusion } from '../checks/choice/choice.ts';
import { extractJson, wholeJson } from '../checks/json/extraction.ts';
import { occurrences } from '../checks/literal.ts';
import { withoutPreamble } from '../edits.ts';
import type { Cutting } from './cut-rules.ts';
import { phraseFirst, phraseLast, promptFirst } from './given-words.ts';
import { withoutCharacters } from './punctuation.ts';
import { cutAfter, trimmedTo } from './trimming.ts';

/**
 * What a transform may do. `form` keeps every content word: case, wrapping, quotation marks, fences, text the caller gave word for word.
 * `selection` throws text away, so it gives the text back unless it is certain that what goes is no part of the answer.
 */
export type Reach = 'form' | 'selection';

interface Surroundings {
  /** Whether a text passes the check. */
  readonly passes: (text: string) => boolean;
  /** How much a cut may take. */
  readonly cutting: Cutting;
  /** The last user message. */
  readonly question: string;
}

/** One way to mend a check's failure; gives the text back as it was, or no text, where it has nothing to offer. Of several texts the first that helps is taken. */
interface Transform<Check> {
  readonly name: string;
  readonly reach: Reach;
  apply(text: string, check: Check, surroundings: Surroundings): string | readonly string[];
}

const stripPreamble: Transform<unknown> = { name: 'strip_preamble', reach: 'selection', apply: withoutPreamble };

type Json = Extract<DeclaredCheck, { type: 'json' | 'json_schema' }>;

const mendJson: Transform<Json> = {
  name: 'mend_json',
  reach: 'selection',
  apply: (text, check, { passes }) => wholeJson(text, check.type === 'json' ? undefined : passes) ?? text,
};

const takeJson: Transform<Json> = {
  name: 'extract_json',
  reach: 'selection',
  apply: (text, check, { passes }) => extractJson(text, check.type === 'json' ? undefined : passes) ?? text,
};

const closeFence: Transform<unknown> = {
  name: 'close_fence',
  reach: 'form',
  apply: (text) => {
    const open = fences(text).find(({ closed }) => !closed);
    return open ? `${text.trimEnd()}\n${open.mark}` : text;
  },
};

type Ends = Extract<DeclaredCheck, { type: 'ends_with' }>;

const cutAfterPhrase: Transform<Ends> = {
  name: 'cut_after_phrase',
  reach: 'selection',
  apply: (text, { phrase, case_sensitive }, { cutting }) => {
    const last = occurrences(text, phrase, { caseSensitive: case_sensitive, wholeWord: false }).at(-1);
    return last ? cutAfter(text, last, cutting) : [];
  },
};

const wrapInQuotes: Transform<unknown> = {
  name: 'wrap_in_quotes',
  reach: 'form',
  apply: (text) => {
    // A preamble inside the quotation marks would become part of the answer.
    const inner = withoutPreamble(text)
      .trim()
      .replace(/^[“”"]|[“”"]$/g, '')
      .trim();
    return inner === '' ? text : `"${inner}"`;
  },
};

const keepChoice: Transform<Extract<DeclaredCheck, { type: 'choice' }>> = {
  name: 'keep_choice',
  reach: 'selection',
  apply: (text, { choices, whole }) => {
    const found = whole ? conclusion(text, choices) : undefined;
    return found?.kind === 'chosen' ? found.choice : text;
  },
};

const putPromptFirst: Transform<Extract<DeclaredCheck, { type: 'repeats_prompt' }>> = {
  name: 'put_prompt_first',
  reach: 'form',
  apply: (text, { prompt }, { question }) => promptFirst(text, prompt ?? question),
};

const putPhraseFirst: Transform<Extract<DeclaredCheck, { type: 'starts_with' }>> = {
  name: 'put_phrase_first',
  reach: 'form',
  apply: (text, { phrase }) => phraseFirst(text, phrase),
};

const putPhraseLast: Transform<Ends> = {
  name: 'put_phrase_last',
  reach: 'form',
  apply: (text, { phrase }) => phraseLast(text, phrase),
};

type Limited = 'words' | 'sentences' | 'lines' | 'characters' | 'paragraphs';

function trim<Unit extends Limited>(unit: Unit): Transform<Extract<DeclaredCheck, { type: Unit }>> {
  return {
    name: unit === 'paragraphs' ? 'trim_to_paragraph' : 'trim_to_sentence',
    reach: 'selection',
    apply: (text, check, { passes, cutting }) => trimmedTo(unit, text, check, cutting, passes) ?? text,
  };
}

/** What may be tried for a failed check, in this order. A check that is not here can only be mended by new content. */
const transforms: { readonly [Type in CheckType]?: readonly Transform<Extract<DeclaredCheck, { type: Type }>>[] } = {
  words: [stripPreamble, trim('words')],
  sentences: [stripPreamble, trim('sentences')],
  lines: [stripPreamble, trim('lines')],
  characters: [stripPreamble, trim('characters')],
  paragraphs: [stripPreamble, trim('paragraphs')],
  lowercase: [{ name: 'lowercase', reach: 'form', apply: (text) => text.toLowerCase() }],
  uppercase: [{ name: 'uppercase', reach: 'form', apply: (text) => text.toUpperCase() }],
  starts_with: [stripPreamble, putPhraseFirst],
  ends_with: [cutAfterPhrase, putPhraseLast],
  quoted: [stripPreamble, wrapInQuotes],
  forbidden_characters: [
    { name: 'remove_characters', reach: 'form', apply: (text, { characters }) => withoutCharacters(text, characters) },
  ],
  paragraph_starts_with: [stripPreamble],
  two_responses: [stripPreamble],
  repeats_prompt: [stripPreamble, putPromptFirst],
  regex: [stripPreamble],
  json: [mendJson, takeJson],
  json_schema: [mendJson, takeJson],
  code_fence: [closeFence],
  choice: [stripPreamble, keepChoice],
};

/** The same table as look-ups see it: the compiler cannot follow that a check's transforms take that check. */
export const transformsOf: Readonly<Partial<Record<CheckType, readonly Transform<unknown>[]>>> = transforms;

/** The names of the transforms that may mend a check of this type, in the order they are tried. */
export function transformNames(type: CheckType): readonly string[] {
  return (transformsOf[type] ?? []).map(({ name }) => name);
}
