/** Looking at a text by code: the declared checks, and mending by code of what they refute. Costs no call. */
import type { Context } from '../context.ts';
import { repairByCode, runChecks } from '../declared-checks.ts';
import type { StepEvent } from '../events.ts';
import { type Candidate, lostChecks } from '../rules/check-changes.ts';
import type { Cutting } from '../transforms/cut-rules.ts';

/** A text that may become the answer, by the name that its events carry. */
export interface Examined extends Candidate {
  readonly subject: string;
  readonly truncated: boolean;
}

/** Runs the checks on a text. */
export function* examine(
  context: Context,
  subject: string,
  text: string,
  truncated = false,
): Generator<StepEvent, Examined, void> {
  const checks = runChecks(text, context.checks, context.checkContext);
  for (const check of checks) yield { type: 'check.completed', subject, check };
  return { subject, text, checks, truncated };
}

/**
 * Mends by code what can be mended by transforming the text; gives the text back as it was where nothing came of it, or only the text that is `known`
 * already: a model that repeats an earlier text gives no occasion to record the same mend again.
 */
export function* mendByCode(context: Context, before: Examined, known?: string): Generator<StepEvent, Examined, void> {
  return yield* mended(context, before, `${before.subject}-mended`, 'byItself', known);
}

/** The fallback where no model could mend the text: a longer cut. */
export function* cutByCode(context: Context, before: Examined): Generator<StepEvent, Examined, void> {
  return yield* mended(context, before, `${before.subject}-cut`, 'fallback');
}

function* mended(
  context: Context,
  before: Examined,
  subject: string,
  cutting: Cutting,
  known?: string,
): Generator<StepEvent, Examined, void> {
  if (!hasFailed(before)) return before;
  const { checks, checkContext } = context;
  const { text, edits } = repairByCode(before.text, before.checks, checks, checkContext, cutting);
  if (edits.length === 0 || text === before.text || text.trim() === known?.trim()) return before;
  yield { type: 'edit.applied', subject, base: before.subject, by: 'code', edits, text };
  const after = yield* examine(context, subject, text, before.truncated);
  // A text that is nearer to passing is kept as well, because a model has less to mend in it.
  return lostChecks(before.checks, after.checks).length === 0 ? after : before;
}

export function hasFailed(candidate: Candidate): boolean {
  return candidate.checks.some((check) => check.status === 'fail');
}

export function hasPassed(candidate: Candidate): boolean {
  return !hasFailed(candidate) && candidate.checks.some((check) => check.status === 'pass');
}
