/** Callers' regular expressions, compiled by RE2: matching takes time linear in the text whatever the pattern, and what RE2 lacks (look-around, back-references) is refused. */
import type { RE2JS } from 're2js';

/** RE2 is a quarter of all the code and few requests need it, so it is a module of its own, loaded when one does. */
let re2: typeof import('re2js') | undefined;

/** To be awaited before anything is compiled; at once after the first time. */
export async function loadPatterns(): Promise<void> {
  re2 ??= await import('re2js');
}

const limits = { characters: 1_000, program: 5_000 } as const;

export type CompiledPattern =
  | { readonly ok: true; readonly pattern: RE2JS }
  | { readonly ok: false; readonly problem: string };

/** Compiles a pattern with flags from `ims`, or says why it cannot be used. Syntax: https://github.com/google/re2/wiki/Syntax */
export function compilePattern(source: string, flags: string): CompiledPattern {
  if (!re2) throw new Error('Patterns are compiled after `loadPatterns`.');
  const { RE2JS, RE2JSException } = re2;
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
