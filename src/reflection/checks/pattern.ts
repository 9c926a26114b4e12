/** Callers' regular expressions, compiled by RE2: matching takes time linear in the text whatever the pattern, and what RE2 lacks (look-around, back-references) is refused. */
import type { RE2JS } from 're2js';
import { type ComputeBudget, ComputeSpent } from '../compute-budget.ts';
import type { Span } from './check.ts';
import { loadedLater } from './loaded-later.ts';
import { type PatternCost, patternCost } from './pattern-cost.ts';

/** RE2 is a quarter of all the code. */
const re2 = loadedLater(() => import('re2js'));

/** To be awaited before anything is compiled; at once after the first time. */
export const loadPatterns = re2.prepare;

const limits = { characters: 1_000, instructions: 5_000 } as const;

/** Measured: what the matcher does for each character besides the instructions that it follows. */
const stepsPerCharacter = 3;

export interface Pattern {
  readonly source: string;
  /** The first match anywhere in the text; throws `ComputeSpent`. */
  find(text: string, budget: ComputeBudget): Span | undefined;
  /** Whether it matches the text from end to end; throws `ComputeSpent`. */
  matches(text: string, budget: ComputeBudget): boolean;
}

export type CompiledPattern =
  | { readonly ok: true; readonly pattern: Pattern }
  | { readonly ok: false; readonly problem: string };

/** The pattern's cost by its source; a problem where that alone is too much. */
export function affordable(source: string, flags: string): PatternCost | { readonly problem: string } {
  if (source.length > limits.characters)
    return { problem: `expected a pattern of at most ${limits.characters} characters` };
  const cost = patternCost(source, flags);
  return cost.instructions > limits.instructions
    ? { problem: 'expected a smaller pattern: its repetitions multiply' }
    : cost;
}

/** Compiles a pattern with flags from `ims`, or says why it cannot be used. Syntax: https://github.com/google/re2/wiki/Syntax */
export function compilePattern(source: string, flags: string): CompiledPattern {
  const { RE2JS, RE2JSException } = re2.loaded();
  const bits: Readonly<Record<string, number>> = { i: RE2JS.CASE_INSENSITIVE, m: RE2JS.MULTILINE, s: RE2JS.DOTALL };
  const cost = affordable(source, flags);
  if ('problem' in cost) return { ok: false, problem: cost.problem };
  try {
    const pattern = RE2JS.compile(
      source,
      Array.from(flags).reduce((all, flag) => all | (bits[flag] ?? 0), 0),
    );
    return { ok: true, pattern: metered(pattern) };
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    return { ok: false, problem: `expected a regular expression in RE2 syntax (${error.message})` };
  }
}

const compiled = new WeakMap<ComputeBudget, Map<string, CompiledPattern>>();

/** As `compilePattern`, once for each budget, which pays for it. Throws `ComputeSpent`. */
export function patternOfRun(source: string, flags: string, budget: ComputeBudget): CompiledPattern {
  const patterns = compiled.get(budget) ?? new Map<string, CompiledPattern>();
  compiled.set(budget, patterns);
  const key = `${flags}/${source}`;
  const known = patterns.get(key);
  if (known) return known;
  const cost = affordable(source, flags);
  if (!('problem' in cost)) budget.spend(cost.steps);
  const pattern = compilePattern(source, flags);
  patterns.set(key, pattern);
  return pattern;
}

/**
 * RE2JS has no limit of its own, and how much a text costs shows only as it is matched. Its machine reads the program's instructions once for each
 * step, so that is where steps are counted.
 */
function metered(pattern: RE2JS): Pattern {
  let steps = 0;
  let most = 0;
  const program: { inst: unknown } = pattern.re2().prog;
  const instructions = program.inst;
  Object.defineProperty(program, 'inst', {
    get() {
      steps += 1;
      if (steps > most) throw new ComputeSpent();
      return instructions;
    },
  });
  const within = <Result>(text: string, budget: ComputeBudget, work: () => Result): Result => {
    budget.spend(text.length * stepsPerCharacter);
    steps = 0;
    most = budget.left;
    try {
      return work();
    } finally {
      budget.settle(steps);
    }
  };
  return {
    source: pattern.pattern(),
    find: (text, budget) =>
      within(text, budget, () => {
        const matcher = pattern.matcher(text);
        return matcher.find() ? ([matcher.start(), matcher.end()] as const) : undefined;
      }),
    matches: (text, budget) => within(text, budget, () => pattern.matcher(text).matches()),
  };
}
