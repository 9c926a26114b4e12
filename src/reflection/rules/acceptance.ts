/** The accept gate as the steps use it. Most requests never see a revision, so its rules are loaded by the first one. */
import type { CheckResult } from '../checks/check.ts';
import { loadedLater } from '../checks/loaded-later.ts';
import type { Acceptance, AcceptInput } from './accept-rules.ts';
import type { Demand } from './demand.ts';

const rules = loadedLater(async () => {
  const [accept, demand, shortfall] = await Promise.all([
    import('./accept-rules.ts'),
    import('./demand.ts'),
    import('./shortfall.ts'),
  ]);
  return { ...accept, ...demand, ...shortfall };
});

/** To be awaited before anything is judged. */
export const prepareAcceptance = rules.prepare;

/** Decides whether the revision replaces the text before it. */
export function acceptRevision(input: AcceptInput): Acceptance {
  return rules.loaded().acceptRevision(input);
}

/** What the failed checks ask of a text that mends them. */
export function demandOf(failed: readonly CheckResult[], text: string): Demand {
  return rules.loaded().demandOf(failed, text);
}

/** Whether a text that is no better yet comes nearer to passing what failed before. */
export function comesNearer(before: readonly CheckResult[], after: readonly CheckResult[]): boolean {
  return rules.loaded().comesNearer(before, after);
}
