/** Running one check as a caller would declare it, and tables of examples. */
import { expect, test } from 'vitest';
import type { CheckContext, CheckResult } from '../../../src/reflection/checks/check.ts';
import { checkSchema } from '../../../src/reflection/checks/checks.ts';
import { runChecks } from '../../../src/reflection/checks/run-checks.ts';
import { ComputeBudget } from '../../../src/reflection/compute-budget.ts';

export const noContext: CheckContext = {
  question: '',
  sources: [],
  computing: new ComputeBudget(Number.POSITIVE_INFINITY),
};

/** What a check is held against here; all have computing without end. */
type Known = Omit<CheckContext, 'computing'>;

/** The result of one check on a text; throws where the check would be refused. */
export function judge(text: string, check: object, known: Known = noContext): CheckResult {
  const [result] = runChecks(text, [checkSchema.parse(check)], { ...noContext, ...known });
  if (!result) throw new Error('no result');
  return result;
}

/** The text that the result points out. */
export function pointedOut(text: string, { span }: CheckResult): string | null {
  return span && text.slice(...span);
}

export type Example = readonly [status: CheckResult['status'], check: object, text: string];

/** One test for each example. */
export function examples(rows: readonly Example[], context: Known = noContext): void {
  test.each(rows.map((row) => [...row] as const))('says %s for %j on %j', (status, check, text) => {
    const { status: found, message } = judge(text, check, context);
    expect({ status: found, message }).toEqual({ status, message: expect.stringMatching(/\S/) });
  });
}

/** What a request with this check is refused for, as `field: message` lines; empty when it is accepted. */
export function refusals(check: unknown): string[] {
  const { error } = checkSchema.safeParse(check);
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
}
