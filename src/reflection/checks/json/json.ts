/** Whether the whole answer is JSON, and whether it follows a JSON Schema. */
import * as z from 'zod/mini';
import { fences } from '../blocks.ts';
import { longest, withoutMiddle } from '../bounded-text.ts';
import type { CheckDefinition, Span, Verdict } from '../check.ts';
import { flag, settings } from '../fields.ts';
import { loadedLater } from '../loaded-later.ts';
import { loadPatterns } from '../pattern.ts';
import { excerpt, failed, passed, skipped } from '../verdict.ts';
import { prepareRejection } from './rejection.ts';

/** The validator is a tenth of all the code. */
const schemas = loadedLater(() => import('./schema.ts'));

async function loadSchemas(): Promise<void> {
  await Promise.all([loadPatterns(), schemas.prepare(), prepareRejection()]);
}

const whole = settings({ allow_fence: flag(false) });

const schema = z
  .union([z.boolean(), z.record(z.string(), z.unknown())], 'expected a JSON Schema: an object, true or false')
  .check((payload) => {
    const compiled = schemas.loaded().compileSchema(payload.value);
    if (compiled.ok) return;
    payload.issues.push({ code: 'custom', input: payload.value, path: [...compiled.path], message: compiled.problem });
  });
const withSchema = settings({ schema, allow_fence: flag(false) });

/** Of each list in a schema that is too long to be shown whole. */
const mostShown = 20;

export type ParsedJson =
  | { readonly ok: true; readonly value: unknown }
  /** `at` is where the text stops being JSON, when the engine says. */
  | { readonly ok: false; readonly problem: string; readonly at: number | undefined };

/** Reads text as JSON, or says what is wrong with it. */
export function parseJson(text: string): ParsedJson {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    // V8 tells the place in some messages and the token in the others.
    const place = / at position (\d+)/.exec(message)?.[1];
    if (text.trim() === '') return { ok: false, problem: 'it is empty', at: undefined };
    if (place === undefined || Number(place) >= text.length)
      return { ok: false, problem: describe(message), at: undefined };
    const at = Number(place);
    return { ok: false, problem: `unexpected text at "${excerpt(text.slice(at, at + 40))}"`, at };
  }
}

function describe(message: string): string {
  const token = /^Unexpected token '(.+?)'/u.exec(message)?.[1];
  return token === undefined ? 'it ends too early' : `unexpected "${token}"`;
}

/** The part of the answer that should be JSON: all of it, or what its one fence holds. */
function jsonPart(text: string, allowFence: boolean): Span {
  // JSON knows these four as white space; parsers refuse all others that `trim` takes away, a byte order mark among them.
  const start = /^[ \t\r\n]*/.exec(text)?.[0].length ?? 0;
  let end = text.length;
  while (end > start && ' \t\r\n'.includes(text.charAt(end - 1))) end -= 1;
  const [fence] = allowFence ? fences(text) : [];
  const isAll = fence?.closed === true && fence.span[0] === start && fence.span[1] >= end;
  return isAll ? fence.body : [start, end];
}

function readAnswer(text: string, allowFence: boolean): { readonly verdict: Verdict } | { readonly value: unknown } {
  const [start, end] = jsonPart(text, allowFence);
  const parsed = parseJson(text.slice(start, end));
  if (parsed.ok) return { value: parsed.value };
  const span: Span | null = parsed.at === undefined ? null : [start + parsed.at, start + parsed.at + 1];
  const message = `The answer is not valid JSON: ${parsed.problem}. Answer with JSON alone: no text around it${allowFence ? '' : ' and no code fence'}.`;
  return { verdict: failed({ message, measured: false, expected: 'JSON', span }) };
}

export const json: CheckDefinition<typeof whole> = {
  summary: 'The whole answer is valid JSON, without text around it; a Markdown fence is accepted with `allow_fence`.',
  schema: whole,
  prepare: prepareRejection,
  requirement: () => 'Answer with valid JSON alone, without text around it.',
  run: (text, settings) => {
    const read = readAnswer(text, settings.allow_fence);
    return 'verdict' in read
      ? read.verdict
      : passed({ message: 'The answer is valid JSON.', measured: true, expected: 'JSON' });
  },
};

/** The schema as a model is shown it: of one that is too long, its long lists lose their ends first. */
function abridged(schema: unknown): string {
  const text = JSON.stringify(schema);
  if (text.length <= longest.requirement - 100) return text;
  return JSON.stringify(schema, (_, value: unknown) =>
    Array.isArray(value) && value.length > mostShown
      ? [...value.slice(0, mostShown), `and ${value.length - mostShown} more`]
      : value,
  );
}

export const jsonSchema: CheckDefinition<typeof withSchema> = {
  summary:
    'The whole answer is JSON that follows this JSON Schema (drafts 4, 7, 2019-09 and 2020-12; references within the schema only; patterns in RE2 syntax).',
  schema: withSchema,
  prepare: loadSchemas,
  requirement: ({ schema }) => `Answer with JSON alone that follows this JSON Schema: ${abridged(schema)}`,
  run: (text, settings, { computing }) => {
    const read = readAnswer(text, settings.allow_fence);
    if ('verdict' in read) return read.verdict;
    const { schemaOfRun, TooCostly } = schemas.loaded();
    const compiled = schemaOfRun(settings.schema, computing);
    if (!compiled.ok) return skipped(`The schema cannot be used: ${compiled.problem}.`);
    try {
      const problem = compiled.validate(read.value);
      if (!problem)
        return passed({ message: 'The answer follows the schema.', measured: true, expected: 'JSON Schema' });
      const place =
        problem.pointer === '#' ? 'The JSON' : `The JSON at ${withoutMiddle(problem.pointer, longest.message / 3)}`;
      const message = `${place} does not follow the schema: ${problem.message}`;
      return failed({
        message,
        measured: { pointer: problem.pointer, keyword: problem.keyword },
        expected: 'JSON Schema',
      });
    } catch (error) {
      if (error instanceof TooCostly) return skipped(error.message);
      throw error;
    }
  },
};
