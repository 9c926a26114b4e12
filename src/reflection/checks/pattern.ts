/** Callers' regular expressions, compiled by RE2: matching takes time linear in the text whatever the pattern, and what RE2 lacks (look-around, back-references) is refused. */
import type { RE2JS } from 're2js';
import { loadedLater } from './loaded-later.ts';

/** RE2 is a quarter of all the code. */
const re2 = loadedLater(() => import('re2js'));

/** To be awaited before anything is compiled; at once after the first time. */
export const loadPatterns = re2.prepare;

const limits = { characters: 1_000, program: 5_000 } as const;

export type CompiledPattern =
  | { readonly ok: true; readonly pattern: RE2JS }
  | { readonly ok: false; readonly problem: string };

/** Compiles a pattern with flags from `ims`, or says why it cannot be used. Syntax: https://github.com/google/re2/wiki/Syntax */
export function compilePattern(source: string, flags: string): CompiledPattern {
  const { RE2JS, RE2JSException } = re2.loaded();
  const bits: Readonly<Record<string, number>> = { i: RE2JS.CASE_INSENSITIVE, m: RE2JS.MULTILINE, s: RE2JS.DOTALL };
  if (source.length > limits.characters)
    return { ok: false, problem: `expected a pattern of at most ${limits.characters} characters` };
  try {
    const pattern = RE2JS.compile(
      source,
      Array.from(flags).reduce((all, flag) => all | (bits[flag] ?? 0), 0),
    );
    if (pattern.programSize() > limits.program)
      return { ok: false, problem: 'expected a smaller pattern: its repetitions multiply' };
    return { ok: true, pattern };
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    return { ok: false, problem: `expected a regular expression in RE2 syntax (${error.message})` };
  }
}
