/** What the checks said of the draft, beside what they say of the output. */
import type { CheckResult } from '../reflection/checks/check.ts';
import type { VerifiedReflection } from './verified-reflection.ts';

/** The checks that the draft failed: those of the first round, which begins with the draft. */
export function failedByDraft({ record }: VerifiedReflection): readonly CheckResult[] {
  return (record.rounds[0]?.draft_checks ?? []).filter(({ status }) => status === 'fail');
}

/** Whether the output passes every check that the draft failed. */
export function passesWhatDraftFailed(verified: VerifiedReflection): boolean {
  const passed = new Set(verified.record.checks.filter(({ status }) => status === 'pass').map(({ id }) => id));
  return failedByDraft(verified).every(({ id }) => passed.has(id));
}
