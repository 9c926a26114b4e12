/**
 * Mending by code: transforms of what the answer says already, never invented content. A transform stands only when the check that asked for it now
 * passes or is nearer to passing, and no check is lost by it.
 */
import { lostChecks } from './accept.ts';
import { fences } from './checks/blocks.ts';
import { distance } from './checks/bounds.ts';
import type { CheckContext, CheckResult } from './checks/check.ts';
import { type CheckType, type DeclaredCheck, identified, runChecks } from './checks/checks.ts';
import { conclusion } from './checks/choice.ts';
import { extractJson, wholeJson } from './checks/json-extraction.ts';
import { occurrences } from './checks/literal.ts';
import { withoutCharacters } from './checks/punctuation.ts';
import { leastShare, trimmedTo } from './checks/trimming.ts';
import { withoutPreamble } from './edits.ts';
import type { CodeEdit } from './events.ts';

/** How many transforms one repair applies at most. */
const mostEdits = 16;

/**
 * What a transform may do. `form` keeps every content word: case, wrapping, quotation marks, fences, text the caller gave word for word.
 * `selection` throws text away, so it gives the text back unless it is certain that what goes is no part of the answer.
 */
type Reach = 'form' | 'selection';

/** Measured: what a transform of each kind takes for each character of the text, its own tests included. */
const stepsPerCharacter: Readonly<Record<Reach, number>> = { form: 6, selection: 3 };

/** One way to mend a check's failure; gives the text back as it was where it has nothing to offer. */
interface Transform<Check> {
  readonly name: string;
  readonly reach: Reach;
  /** `passes` says whether a text passes the check. */
  apply(text: string, check: Check, passes: (text: string) => boolean): string;
}

const stripPreamble: Transform<unknown> = { name: 'strip_preamble', reach: 'selection', apply: withoutPreamble };

type Json = Extract<DeclaredCheck, { type: 'json' | 'json_schema' }>;

const mendJson: Transform<Json> = {
  name: 'mend_json',
  reach: 'selection',
  apply: (text, check, passes) => wholeJson(text, check.type === 'json' ? undefined : passes) ?? text,
};

const takeJson: Transform<Json> = {
  name: 'extract_json',
  reach: 'selection',
  apply: (text, check, passes) => extractJson(text, check.type === 'json' ? undefined : passes) ?? text,
};

const closeFence: Transform<unknown> = {
  name: 'close_fence',
  reach: 'form',
  apply: (text) => {
    const last = fences(text).at(-1);
    if (!last || last.closed) return text;
    const [mark = ''] = /^(?:`+|~+)/.exec(text.slice(last.span[0])) ?? [];
    return `${text.trimEnd()}\n${mark}`;
  },
};

type Ends = Extract<DeclaredCheck, { type: 'ends_with' }>;

const cutAfterPhrase: Transform<Ends> = {
  name: 'cut_after_phrase',
  reach: 'selection',
  apply: (text, { phrase, case_sensitive }) => {
    const last = occurrences(text, phrase, { caseSensitive: case_sensitive, wholeWord: false }).at(-1);
    if (!last || last[1] < text.trimEnd().length * leastShare) return text;
    const endsSentence =
      /[.!?]$/.test(phrase.trim()) || /^(?:[.!?]|["'*_]*\s*(?:\n|$))/.test(text.slice(last[1], last[1] + 40));
    return endsSentence ? text.slice(0, last[1]) : text;
  },
};

const wrapInQuotes: Transform<unknown> = {
  name: 'wrap_in_quotes',
  reach: 'form',
  apply: (text) => {
    // Wrapped as it is, a preamble would become part of the answer.
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
    return found?.kind === 'settled' ? found.choice : text;
  },
};

type Limited = 'words' | 'sentences' | 'lines' | 'characters' | 'paragraphs';

function trim<Unit extends Limited>(unit: Unit): Transform<Extract<DeclaredCheck, { type: Unit }>> {
  return {
    name: unit === 'paragraphs' ? 'trim_to_paragraph' : 'trim_to_sentence',
    reach: 'selection',
    apply: (text, check) => trimmedTo(unit, text, check, 'separator' in check ? check.separator : undefined),
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
  starts_with: [stripPreamble],
  ends_with: [cutAfterPhrase],
  quoted: [stripPreamble, wrapInQuotes],
  forbidden_characters: [
    { name: 'remove_characters', reach: 'form', apply: (text, { characters }) => withoutCharacters(text, characters) },
  ],
  paragraph_starts_with: [stripPreamble],
  two_responses: [stripPreamble],
  repeats_prompt: [stripPreamble],
  regex: [stripPreamble],
  json: [mendJson, takeJson],
  json_schema: [mendJson, takeJson],
  code_fence: [closeFence],
  choice: [stripPreamble, keepChoice],
};

/** The same table as look-ups see it: the compiler cannot follow that a check's transforms take that check. */
const transformsOf: Readonly<Partial<Record<CheckType, readonly Transform<unknown>[]>>> = transforms;

/** The names of the transforms that may mend a check of this type, in the order they are tried. */
export function transformNames(type: CheckType): readonly string[] {
  return (transformsOf[type] ?? []).map(({ name }) => name);
}

interface State {
  readonly text: string;
  readonly results: readonly CheckResult[];
}

/**
 * Mends what failed, one transform at a time, until nothing helps any more; `results` are the declared checks' results on this text.
 * Deterministic, and a second repair of the repaired text changes nothing.
 */
export function repairByCode(
  text: string,
  results: readonly CheckResult[],
  declared: readonly DeclaredCheck[],
  context: CheckContext,
): { text: string; edits: CodeEdit[] } {
  let state: State = { text, results };
  const edits: CodeEdit[] = [];
  while (edits.length < mostEdits) {
    const step = nextStep(state, declared, context);
    if (!step) break;
    state = step.state;
    edits.push(step.edit);
  }
  return { text: state.text, edits };
}

/** The first transform that helps, and what it makes. */
function nextStep(
  { text, results }: State,
  declared: readonly DeclaredCheck[],
  context: CheckContext,
): { readonly state: State; readonly edit: CodeEdit } | undefined {
  for (const { id, check } of identified(declared)) {
    const before = results.find((result) => result.id === id);
    if (before?.status !== 'fail') continue;
    for (const { name, reach, apply } of transformsOf[check.type] ?? []) {
      const steps = text.length * stepsPerCharacter[reach];
      if (steps > context.computing.left) return undefined;
      context.computing.spend(steps);
      const mended = apply(text, check, (each) => runChecks(each, [check], context)[0]?.status === 'pass');
      if (mended === text || mended.trim() === '') continue;
      if (reach === 'form' && !keepsContent(text, mended)) continue;
      const [target] = runChecks(mended, [check], context);
      if (!target || !isNearer(before, target)) continue;
      const after = runChecks(mended, declared, context);
      if (lostChecks(results, after).length > 0) continue;
      return { state: { text: mended, results: after }, edit: { reason: id, kind: name, ...changed(text, mended) } };
    }
  }
  return undefined;
}

/** Whether every letter and digit of the text, talk before the answer aside, stands in the mended one in its order. */
function keepsContent(text: string, mended: string): boolean {
  const kept = contentOf(mended);
  return [text, withoutPreamble(text)].some((whole) => {
    let found = 0;
    const wanted = contentOf(whole);
    for (const character of kept) if (character === wanted[found]) found += 1;
    return found === wanted.length;
  });
}

function contentOf(text: string): readonly string[] {
  return (
    text
      .normalize('NFKD')
      .toUpperCase()
      .match(/[\p{L}\p{N}]/gu) ?? []
  );
}

/** How many characters were taken away and put in. Transforms move none, so it is enough to count each. */
function changed(before: string, after: string): Pick<CodeEdit, 'removed_characters' | 'added_characters'> {
  const counts = new Map<string, number>();
  for (const each of before) counts.set(each, (counts.get(each) ?? 0) - 1);
  for (const each of after) counts.set(each, (counts.get(each) ?? 0) + 1);
  let [removed_characters, added_characters] = [0, 0];
  for (const count of counts.values())
    if (count < 0) removed_characters -= count;
    else added_characters += count;
  return { removed_characters, added_characters };
}

function isNearer(before: CheckResult, after: CheckResult): boolean {
  if (after.status !== 'fail') return after.status === 'pass';
  const [was, is] = [shortfall(before), shortfall(after)];
  return was !== undefined && is !== undefined && is < was;
}

/** How far a failed check is from passing, where it counts something. */
function shortfall({ measured, expected }: CheckResult): number | undefined {
  if (typeof measured !== 'number') return undefined;
  if (typeof expected !== 'object' || expected === null) return measured;
  const bound = (name: string): number | undefined => {
    const value = Object.entries(expected).find(([key]) => key === name)?.[1];
    return typeof value === 'number' ? value : undefined;
  };
  const bounds = { min: bound('min'), max: bound('max'), exactly: bound('exactly') };
  return Object.values(bounds).every((each) => each === undefined) ? measured : distance(measured, bounds);
}
