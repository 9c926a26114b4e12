/** Writes `docs/checks.md` from the table of checks: `node docs/generate-checks.ts`. A test fails when the page is not what this would write. */
import { writeFileSync } from 'node:fs';
import * as z from 'zod/mini';
import { type CheckType, checkSchema, checks, requirementsOf } from '../src/reflection/checks/checks.ts';
import { transformNames } from '../src/reflection/transforms/transforms.ts';

/** One working example for each check. */
export const examples: { readonly [Type in CheckType]: Readonly<Record<string, unknown>> } = {
  words: { max: 120 },
  sentences: { min: 2, max: 4 },
  paragraphs: { exactly: 3 },
  lines: { max: 10 },
  characters: { max: 280 },
  letter_count: { letter: 'q', min: 3 },
  keywords: { keywords: ['river', 'delta'] },
  forbidden_words: { words: ['very', 'really'] },
  keyword_count: { keyword: 'water', min: 2 },
  lowercase: {},
  uppercase: {},
  capital_words: { max: 3 },
  starts_with: { phrase: 'Dear reader' },
  ends_with: { phrase: 'Yours, the river.' },
  quoted: {},
  forbidden_characters: { characters: [','] },
  bullets: { exactly: 3 },
  sections: { marker: 'Section', min: 2 },
  title: {},
  highlights: { min: 2 },
  placeholders: { min: 1 },
  postscript: { marker: 'P.S.' },
  paragraph_starts_with: { paragraph: 2, word: 'However' },
  two_responses: {},
  repeats_prompt: {},
  json: {},
  json_schema: { schema: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } } },
  regex: { pattern: '^\\d{4}-\\d{2}-\\d{2}$', full_match: true },
  language: { language: 'en' },
  arithmetic: {},
  code_fence: { language: 'python' },
  sources: {},
  choice: { choices: ['A', 'B', 'C', 'D'] },
};

/** Each instruction type of IFEval, as checks. */
export const instructionTypes: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>> = {
  'keywords:existence': [{ type: 'keywords', keywords: ['correlated', 'experiencing'] }],
  'keywords:frequency': [{ type: 'keyword_count', keyword: 'story', min: 2 }],
  'keywords:forbidden_words': [{ type: 'forbidden_words', words: ['field', 'thanks'] }],
  'keywords:letter_frequency': [{ type: 'letter_count', letter: '#', min: 4 }],
  'language:response_language': [{ type: 'language', language: 'kn' }],
  'length_constraints:number_sentences': [{ type: 'sentences', max: 5 }],
  'length_constraints:number_paragraphs': [{ type: 'paragraphs', separator: '***', exactly: 4 }],
  'length_constraints:number_words': [{ type: 'words', min: 300 }],
  'length_constraints:nth_paragraph_first_word': [
    { type: 'paragraphs', exactly: 6 },
    { type: 'paragraph_starts_with', paragraph: 1, word: 'President' },
  ],
  'detectable_content:number_placeholders': [{ type: 'placeholders', min: 12 }],
  'detectable_content:postscript': [{ type: 'postscript', marker: 'P.P.S' }],
  'detectable_format:number_bullet_lists': [{ type: 'bullets', exactly: 3 }],
  'detectable_format:constrained_response': [
    {
      type: 'keywords',
      mode: 'any',
      case_sensitive: true,
      keywords: ['My answer is yes.', 'My answer is no.', 'My answer is maybe.'],
    },
  ],
  'detectable_format:number_highlighted_sections': [{ type: 'highlights', min: 3 }],
  'detectable_format:multiple_sections': [{ type: 'sections', marker: 'SECTION', case_sensitive: true, min: 4 }],
  'detectable_format:json_format': [{ type: 'json', allow_fence: true }],
  'detectable_format:title': [{ type: 'title' }],
  'combination:two_responses': [{ type: 'two_responses', separator: '******' }],
  'combination:repeat_prompt': [{ type: 'repeats_prompt', prompt: 'Write an email to my boss.' }],
  'startend:end_checker': [{ type: 'ends_with', phrase: 'Any other questions?' }],
  'change_case:capital_word_frequency': [{ type: 'capital_words', min: 4 }],
  'change_case:english_capital': [{ type: 'uppercase' }, { type: 'language', language: 'en' }],
  'change_case:english_lowercase': [{ type: 'lowercase' }, { type: 'language', language: 'en' }],
  'punctuation:no_comma': [{ type: 'forbidden_characters', characters: [','] }],
  'startend:quotation': [{ type: 'quoted' }],
};

const introduction = `# Checks

A check is a deterministic verifier: code that reads the answer, never a model. A request declares up to 32 of them in \`checks\`, each with its \`type\`, the
settings below and, if wanted, an \`id\` (\`c1\`, \`c2\`, … otherwise; a repeated one gets a number). Unknown fields, impossible bounds, patterns that RE2
cannot compile and schemas that cannot be used are refused with a 400 that names the field.

Every check answers \`pass\`, \`fail\` or \`skipped\`, with what it measured, what it expected, the span of the offending text where there is one, and a message
for a model to act on. \`skipped\` means that the check could not tell; it counts neither for nor against the answer. So does a check for which a run has no computing
left ([compute-budget.md](decisions/compute-budget.md)): that takes many patterns or very long texts.

Some failures are mended by code before any model is asked: the transforms named below change what the answer says already and add nothing to it but
what the caller gave word for word: the prompt, and the phrase to begin or end with. Most
change form alone and keep every word. Those that throw text away (a choice, JSON, cuts) give the text back unless it is certain that what goes is no part of
the answer; then a model is asked. A transform stands only when its check then passes (or comes nearer to passing) and no check that passed before fails. Forbidden words are not cut out and missing
titles, postscripts and keywords are not put in: that is content. A text is cut at the end of a sentence, and the sign-off and postscript of a letter stay.
Where more than about a tenth of its words would go, a model shortens it first; a cut to no less than 60 % is the fallback. No cut leaves a heading or a
lead-in at the end, or takes code, a table or the conclusion away. When commas are
forbidden they are removed and nothing is put in their place; "1,000" becomes "1000", and "3,5" is left alone. So is every character that says something
itself: operators, minus signs, code, addresses. "3–5" becomes "3 to 5" in English and is left alone elsewhere.

## Read from the request

Who declares nothing is served too: code reads the constraints that the last user message plainly states, such as "in at most 100 words", "without commas",
"answer only in JSON", "end with the phrase …" or "세 문장으로", and holds the answer to the same checks. They have the \`origin\` \`inferred\`, and
\`inferred\` names the \`span\` of the message that states them and the \`confidence\`. A declared check takes the place of those of its type, and
\`infer_checks: false\` turns all of it off.

A wrong check damages good answers, so what is not plain yields nothing: approximations ("about 100 words"), conditions, quotations and what somebody else
said, questions about a constraint, what is asked of a program, of a given text or of each part of the answer, and constraints that contradict each
other. English is read, and of Korean the commonest forms.
`;

/** The page's text. */
export function checksPage(): string {
  const sections = checkTypes().map(section).join('\n');
  const rows = Object.entries(instructionTypes).map(([id, declared]) => {
    const list = declared.map((check) => `\`${JSON.stringify(check)}\``).join(' and ');
    return `| \`${id}\` | ${list} |`;
  });
  return `${introduction}
${sections}
## IFEval's instruction types as checks

The checks read an answer as a careful person would; scores that must equal the benchmark's own need its own scorers.

| instruction | checks |
|---|---|
${rows.join('\n')}
`;
}

function checkTypes(): CheckType[] {
  return checkSchema._zod.def.options.flatMap((option) => [...option._zod.def.shape.type._zod.values]);
}

function section(type: CheckType): string {
  const { summary, schema } = checks[type];
  const example = checkSchema.parse({ type, ...examples[type] });
  const transforms = transformNames(type).map((name) => `\`${name}\``);
  return `## \`${type}\`

${summary}

${settingsTable(schema)}
Example: \`${JSON.stringify({ type, ...examples[type] })}\`
asks: ${requirementsOf([example])[0]}
${transforms.length > 0 ? `\nMended by: ${transforms.join(', ')}\n` : ''}`;
}

function settingsTable(schema: z.ZodMiniType): string {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const rows = Object.entries(properties).map(([name, property]) => {
    const field = typeof property === 'object' ? property : {};
    const fallback = required.includes(name)
      ? 'required'
      : field.default === undefined
        ? ''
        : `\`${JSON.stringify(field.default)}\``;
    return `| \`${name}\` | ${fieldType(field)} | ${fallback} |`;
  });
  if (rows.length === 0) return 'No settings.\n';
  return `| setting | type | default |\n|---|---|---|\n${rows.join('\n')}\n`;
}

function fieldType(field: z.core.JSONSchema.BaseSchema): string {
  if (field.enum !== undefined)
    return field.enum.length > 12
      ? 'one of the codes above'
      : `one of ${field.enum.map((value) => `\`${value}\``).join(' ')}`;
  const { items } = field;
  if (field.type === 'array' && typeof items === 'object' && !Array.isArray(items))
    return `list of ${fieldType(items)}`;
  if (field.anyOf !== undefined) return field.anyOf.map(fieldType).join(' or ');
  return String(field.type);
}

if (process.argv[1] === import.meta.filename) {
  await Promise.all(Object.values(checks).map((check) => 'prepare' in check && check.prepare()));
  writeFileSync(new URL('checks.md', import.meta.url), checksPage());
}
