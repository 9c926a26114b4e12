/** Compares the check results of two texts: what the later one lost, and what it mended. */
import type { CheckResult } from '../checks/check.ts';

export interface Candidate {
  readonly text: string;
  readonly checks: readonly CheckResult[];
}

/** The checks that `after` is worse in: those that passed before and no longer do, and those that fail only now. */
export function lostChecks(before: readonly CheckResult[], after: readonly CheckResult[]): readonly CheckResult[] {
  const was = new Map(before.map((check) => [check.id, check.status]));
  const now = new Map(after.map((check) => [check.id, check.status]));
  const lost = before.filter((check) => check.status === 'pass' && now.get(check.id) !== 'pass');
  // A check that was skipped before and fails now counts as lost too.
  const fresh = after.filter((check) => check.status === 'fail' && !['pass', 'fail'].includes(was.get(check.id) ?? ''));
  return [...lost, ...fresh];
}

/** The checks of `before` that failed and pass in `after`. */
export function mendedChecks(before: readonly CheckResult[], after: readonly CheckResult[]): readonly CheckResult[] {
  const now = new Map(after.map((check) => [check.id, check.status]));
  return before.filter((check) => check.status === 'fail' && now.get(check.id) === 'pass');
}
