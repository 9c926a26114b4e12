/** The accept gate as the steps use it. Most requests never see a revision, so its rules are loaded by the first one. */
import type { CheckResult } from '../checks/check.ts';
import { loadedLater } from '../checks/loaded-later.ts';
import type { Acceptance, AcceptInput } from './accept-rules.ts';
import type { Demand } from './demand.ts';

const rules = loadedLater(async () => {
  const [accept, demand] = await Promise.all([import('./accept-rules.ts'), import('./demand.ts')]);
  return { ...accept, ...demand };
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
