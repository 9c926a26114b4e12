/** Repairs by code as tests ask for them: with all that a cut may take where no model could help. */
import { expect } from 'vitest';
import { checkSchema, type DeclaredCheck } from '../../src/reflection/checks/checks.ts';
import { runChecks } from '../../src/reflection/checks/run-checks.ts';
import { repairByCode } from '../../src/reflection/rules/auto-fix.ts';
import { noContext } from '../reflection/checks/judge.ts';

export function repair(text: string, ...checks: object[]) {
  const declared = checks.map((check) => checkSchema.parse(check));
  return repairByCode(text, runChecks(text, declared, noContext), declared, noContext, 'fallback');
}

export function statuses(text: string, declared: readonly DeclaredCheck[]): string[] {
  return runChecks(text, declared, noContext).map(({ status }) => status);
}

/** What becomes of the text; it must pass every check then. */
export function mended(text: string, ...checks: object[]): string {
  const result = repair(text, ...checks);
  expect(
    statuses(
      result.text,
      checks.map((check) => checkSchema.parse(check)),
    ),
  ).toEqual(checks.map(() => 'pass'));
  expect(result.edits.length).toBeGreaterThan(0);
  return result.text;
}

/** That nothing is done. */
export function unmended(text: string, ...checks: object[]): void {
  expect(repair(text, ...checks)).toEqual({ text, edits: [] });
}
