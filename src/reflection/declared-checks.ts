/**
 * The checks, as the rest of the engine uses them. Their code is a quarter of the bundle, so `prepareChecks` loads it with the first request that
 * declares a check. Where nothing is declared, the functions here do nothing.
 */
import type { CheckContext, CheckResult } from './checks/check.ts';
import type { DeclaredCheck } from './checks/checks.ts';
import { loadedLater } from './checks/loaded-later.ts';
import type { CodeEdit } from './edits.ts';
import type { Cutting } from './transforms/cut-rules.ts';

const code = loadedLater(async () => {
  const [checks, run, cost, autoFix] = await Promise.all([
    import('./checks/checks.ts'),
    import('./checks/run-checks.ts'),
    import('./checks/declared-cost.ts'),
    import('./rules/auto-fix.ts'),
  ]);
  return { ...checks, ...run, ...cost, ...autoFix };
});

/** The checks' code; throws where nobody awaited `prepareChecks` for a list that holds one. */
export const checkCode = code.loaded;

/**
 * Loads what the named checks need: to be awaited before a body that declares checks is parsed, and before they run in another isolate.
 * Takes `checks` as it was sent. The schema refuses what is not a check.
 */
export async function prepareChecks(declared: unknown): Promise<void> {
  if (Array.isArray(declared) && declared.length === 0) return;
  await code.prepare();
  await code.loaded().prepareChecks(declared);
}

/** What the declared checks ask, as instructions for a model that writes. */
export function requirementsOf(declared: readonly DeclaredCheck[]): string[] {
  return declared.length === 0 ? [] : code.loaded().requirementsOf(declared);
}

/** Holds a text against the declared checks, in their order. Never throws where they are prepared. */
export function runChecks(text: string, declared: readonly DeclaredCheck[], context: CheckContext): CheckResult[] {
  return declared.length === 0 ? [] : code.loaded().runChecks(text, declared, context);
}

/** Mends by code what of the declared checks failed; `results` are their results on this text, and `cutting` how much a cut may take. */
export function repairByCode(
  text: string,
  results: readonly CheckResult[],
  declared: readonly DeclaredCheck[],
  context: CheckContext,
  cutting?: Cutting,
): { readonly text: string; readonly edits: readonly CodeEdit[] } {
  return declared.length === 0
    ? { text, edits: [] }
    : code.loaded().repairByCode(text, results, declared, context, cutting);
}
