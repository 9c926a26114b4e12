/** IFEval's instructions as the checks that a caller would declare for them. */

/** An instruction's arguments, as the data set has them; those of other instructions are null. */
export type Arguments = Readonly<Record<string, unknown>>;

type Bounds = { readonly min?: number; readonly max?: number };

const responses = ['My answer is yes.', 'My answer is no.', 'My answer is maybe.'];

const tables = {
  'punctuation:no_comma': () => [{ type: 'forbidden_characters', characters: [','] }],
  'keywords:forbidden_words': (given) => [{ type: 'forbidden_words', words: texts(given['forbidden_words']) }],
  'keywords:existence': (given) => [{ type: 'keywords', keywords: texts(given['keywords']) }],
  'keywords:frequency': (given) => [
    { type: 'keyword_count', keyword: text(given['keyword']), ...related(given['relation'], given['frequency']) },
  ],
  'keywords:letter_frequency': (given) => [
    { type: 'letter_count', letter: text(given['letter']), ...related(given['let_relation'], given['let_frequency']) },
  ],
  'detectable_format:number_highlighted_sections': (given) => [
    { type: 'highlights', min: number(given['num_highlights']) },
  ],
  'detectable_format:title': () => [{ type: 'title' }],
  'detectable_format:number_bullet_lists': (given) => [{ type: 'bullets', exactly: number(given['num_bullets']) }],
  'detectable_format:multiple_sections': (given) => [
    { type: 'sections', marker: text(given['section_spliter']), min: number(given['num_sections']) },
  ],
  'detectable_format:json_format': () => [{ type: 'json', allow_fence: true }],
  'detectable_format:constrained_response': () => [{ type: 'choice', choices: responses }],
  'length_constraints:number_words': (given) => [{ type: 'words', ...related(given['relation'], given['num_words']) }],
  'length_constraints:number_sentences': (given) => [
    { type: 'sentences', ...related(given['relation'], given['num_sentences']) },
  ],
  'length_constraints:number_paragraphs': (given) => [
    { type: 'paragraphs', exactly: number(given['num_paragraphs']), separator: '***' },
  ],
  'length_constraints:nth_paragraph_first_word': (given) => [
    { type: 'paragraphs', exactly: number(given['num_paragraphs']) },
    { type: 'paragraph_starts_with', paragraph: number(given['nth_paragraph']), word: text(given['first_word']) },
  ],
  'detectable_content:number_placeholders': (given) => [
    { type: 'placeholders', min: number(given['num_placeholders']) },
  ],
  'detectable_content:postscript': (given) => [{ type: 'postscript', marker: text(given['postscript_marker']) }],
  'change_case:english_lowercase': () => [{ type: 'lowercase' }],
  'change_case:english_capital': () => [{ type: 'uppercase' }],
  'change_case:capital_word_frequency': (given) => [
    { type: 'capital_words', ...related(given['capital_relation'], given['capital_frequency']) },
  ],
  'startend:quotation': () => [{ type: 'quoted' }],
  'startend:end_checker': (given) => [{ type: 'ends_with', phrase: text(given['end_phrase']) }],
  'combination:two_responses': () => [{ type: 'two_responses' }],
  'combination:repeat_prompt': (given) => [{ type: 'repeats_prompt', prompt: text(given['prompt_to_repeat']) }],
  'language:response_language': (given) => [{ type: 'language', language: text(given['language']) }],
} as const satisfies Record<string, (given: Arguments) => readonly Record<string, unknown>[]>;

/** What is declared for an instruction, as it would be sent: nothing for one that is not known. */
export function checksFor(instruction: string, given: Arguments): readonly Record<string, unknown>[] {
  return Object.entries(tables).find(([id]) => id === instruction)?.[1](given) ?? [];
}

function related(relation: unknown, count: unknown): Bounds {
  return relation === 'less than' ? { max: number(count) - 1 } : { min: number(count) };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(text) : [];
}

function number(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
