import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { checkSchema, runChecks, type DeclaredCheck } from '../src/reflection/checks/checks.ts';
import { sentences } from '../src/reflection/checks/sentences.ts';
import { words } from '../src/reflection/checks/words.ts';
const rows = gunzipSync(readFileSync('/work/shared/benchmarks/ifeval-conformance/mini-apache-models.jsonl.gz')).toString().trim().split('\n').map((l) => JSON.parse(l));
const rel = (r: string, n: number) => (r === 'less than' ? { max: n - 1 } : { min: n });
const map: Record<string, (k: any) => unknown[]> = {
  'keywords:existence': (k) => [{ type: 'keywords', keywords: k.keywords }],
  'keywords:frequency': (k) => [{ type: 'keyword_count', keyword: k.keyword, ...rel(k.relation, k.frequency) }],
  'keywords:forbidden_words': (k) => [{ type: 'forbidden_words', words: k.forbidden_words }],
  'keywords:letter_frequency': (k) => [{ type: 'letter_count', letter: k.letter, ...rel(k.let_relation, k.let_frequency) }],
  'language:response_language': (k) => [{ type: 'language', language: k.language }],
  'length_constraints:number_sentences': (k) => [{ type: 'sentences', ...rel(k.relation, k.num_sentences) }],
  'length_constraints:number_paragraphs': (k) => [{ type: 'paragraphs', separator: '***', exactly: k.num_paragraphs }],
  'length_constraints:number_words': (k) => [{ type: 'words', ...rel(k.relation, k.num_words) }],
  'length_constraints:nth_paragraph_first_word': (k) => [{ type: 'paragraphs', exactly: k.num_paragraphs }, { type: 'paragraph_starts_with', paragraph: k.nth_paragraph, word: k.first_word }],
  'detectable_content:number_placeholders': (k) => [{ type: 'placeholders', min: k.num_placeholders }],
  'detectable_content:postscript': (k) => [{ type: 'postscript', marker: k.postscript_marker }],
  'detectable_format:number_bullet_lists': (k) => [{ type: 'bullets', exactly: k.num_bullets }],
  'detectable_format:constrained_response': () => [{ type: 'keywords', keywords: ['My answer is yes.', 'My answer is no.', 'My answer is maybe.'], mode: 'any', case_sensitive: true }],
  'detectable_format:number_highlighted_sections': (k) => [{ type: 'highlights', min: k.num_highlights }],
  'detectable_format:multiple_sections': (k) => [{ type: 'sections', marker: k.section_spliter, min: k.num_sections, case_sensitive: true }],
  'detectable_format:json_format': () => [{ type: 'json', allow_fence: true }],
  'detectable_format:title': () => [{ type: 'title' }],
  'combination:two_responses': () => [{ type: 'two_responses' }],
  'combination:repeat_prompt': (k) => [{ type: 'repeats_prompt', prompt: k.prompt_to_repeat }],
  'startend:end_checker': (k) => [{ type: 'ends_with', phrase: k.end_phrase }],
  'change_case:capital_word_frequency': (k) => [{ type: 'capital_words', ...rel(k.capital_relation, k.capital_frequency) }],
  'change_case:english_capital': () => [{ type: 'uppercase' }, { type: 'language', language: 'en' }],
  'change_case:english_lowercase': () => [{ type: 'lowercase' }, { type: 'language', language: 'en' }],
  'punctuation:no_comma': () => [{ type: 'forbidden_characters', characters: [','] }],
  'startend:quotation': () => [{ type: 'quoted' }],
};
const tally: Record<string, any> = {};
let sentSame = 0, sentTot = 0, wordDiff = 0;
const show = process.argv[2];
for (const row of rows) {
  row.instruction_id_list.forEach((id: string, i: number) => {
    const declared = (map[id]?.(row.kwargs[i]) ?? []).map((c) => checkSchema.parse(c)) as DeclaredCheck[];
    const results = runChecks(row.response, declared, { question: '', sources: [] });
    const status = results.some((r) => r.status === 'fail') ? 'fail' : results.some((r) => r.status === 'skipped') ? 'skipped' : 'pass';
    const want = row.seed0_strict[i] ? 'pass' : 'fail';
    const t = (tally[id] ??= { agree: 0, falseFail: 0, falsePass: 0, skip: 0 });
    if (status === 'skipped') t.skip += 1; else if (status === want) t.agree += 1; else if (status === 'fail') t.falseFail += 1; else t.falsePass += 1;
    if (show && id.includes(show) && status !== want && status !== 'skipped') console.log('----', id, JSON.stringify(row.kwargs[i]), 'ours', status, results.map((r) => r.message), '\n', row.response.slice(0, 1200));
  });
  const g = row.golden; if (g) { sentTot++; if (Math.abs(sentences(row.response).length - g.punkt_sentences) <= 1) sentSame++; }
}
if (!show) { console.table(tally); console.log('sentences within 1 of punkt', sentSame, sentTot); }
