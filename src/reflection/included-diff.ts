/** The diff of a record that includes one. A run whose caller asks for it loads the code before its first call. */
import { loadedLater } from './checks/loaded-later.ts';

const code = loadedLater(() => import('./unified-diff.ts'));

/** To be awaited before a run ends whose record is to hold a diff. */
export const prepareDiff = code.prepare;

/** A unified diff from `draft` to `output`; empty when they are the same. */
export function includedDiff(draft: string, output: string): string {
  return code.loaded().unifiedDiff(draft, output);
}
