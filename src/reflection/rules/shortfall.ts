/** How far a failed check is from passing, and whether another text comes nearer. */
import * as z from 'zod/mini';
import { distance } from '../checks/bounds.ts';
import type { CheckResult } from '../checks/check.ts';

const bounds = z.strictObject({
  min: z.optional(z.number()),
  max: z.optional(z.number()),
  exactly: z.optional(z.number()),
});

/** Whether one check passes now, or fails by less. */
export function isNearer(before: CheckResult, after: CheckResult): boolean {
  if (after.status !== 'fail') return after.status === 'pass';
  return shortfall(after) < shortfall(before);
}

/** Whether one of the failed checks passes or is nearer, or, where it counts nothing, finds something else. Then another try has something to go on from. */
export function comesNearer(before: readonly CheckResult[], after: readonly CheckResult[]): boolean {
  const now = new Map(after.map((check) => [check.id, check]));
  return before.some((check) => {
    const then = now.get(check.id);
    if (check.status !== 'fail' || !then) return false;
    const counts = typeof check.measured === 'number' && typeof then.measured === 'number';
    return isNearer(check, then) || (!counts && check.message !== then.message);
  });
}

/** A count's distance from its bounds, or how many faults there are. Not a number where the check counts nothing. */
function shortfall({ measured, expected }: CheckResult): number {
  if (typeof measured !== 'number') return Number.NaN;
  return distance(measured, bounds.safeParse(expected).data ?? { max: 0 });
}
