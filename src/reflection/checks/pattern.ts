/** Callers' regular expressions, compiled by RE2: matching takes time linear in the text whatever the pattern, and what RE2 lacks (look-around, back-references) is refused. */
import { RE2JS, RE2JSException } from 're2js';

const limits = { characters: 1_000, program: 5_000 } as const;

const flagBits: Readonly<Record<string, number>> = { i: RE2JS.CASE_INSENSITIVE, m: RE2JS.MULTILINE, s: RE2JS.DOTALL };

export type CompiledPattern =
  | { readonly ok: true; readonly pattern: RE2JS }
  | { readonly ok: false; readonly problem: string };

/** Compiles a pattern with flags from `ims`, or says why it cannot be used. Syntax: https://github.com/google/re2/wiki/Syntax */
export function compilePattern(source: string, flags: string): CompiledPattern {
  if (source.length > limits.characters)
    return { ok: false, problem: `expected a pattern of at most ${limits.characters} characters` };
  try {
    const pattern = RE2JS.compile(
      source,
      Array.from(flags).reduce((bits, flag) => bits | (flagBits[flag] ?? 0), 0),
    );
    if (pattern.programSize() > limits.program)
      return { ok: false, problem: 'expected a smaller pattern: its repetitions multiply' };
    return { ok: true, pattern };
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    return { ok: false, problem: `expected a regular expression in RE2 syntax (${error.message})` };
  }
}
