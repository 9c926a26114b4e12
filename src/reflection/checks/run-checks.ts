/** Holding a text against the declared checks. */
import { ComputeSpent } from '../compute-budget.ts';
import type { CheckContext, CheckResult, Inference, Verdict } from './check.ts';
import { stepsOf } from './check-steps.ts';
import { type DeclaredCheck, rows } from './checks.ts';
import { ofSources } from './held-to.ts';
import { skipped } from './verdict.ts';

/** Each declared check with the id that its result carries: its own, or `c1`, `c2`, … by its place; an id that is taken gets a number. */
export function identified(
  declaredChecks: readonly DeclaredCheck[],
): { readonly id: string; readonly check: DeclaredCheck }[] {
  const taken = new Set<string>();
  return declaredChecks.map((check, index) => {
    const wanted = check.id ?? `c${index + 1}`;
    let id = wanted;
    for (let copy = 2; taken.has(id); copy += 1) id = `${wanted}-${copy}`;
    taken.add(id);
    return { id, check };
  });
}

/** Holds a text against the declared checks, in their order. Never throws. */
export function runChecks(
  text: string,
  declaredChecks: readonly DeclaredCheck[],
  context: CheckContext,
): CheckResult[] {
  return identified(declaredChecks).map(({ id, check }) => ({
    id,
    type: check.type,
    ...askedBy(check, context.inferred?.get(check)),
    ...verify(text, check, context),
  }));
}

function askedBy(check: DeclaredCheck, inferred: Inference | undefined): Pick<CheckResult, 'origin' | 'inferred'> {
  if (inferred) return { origin: 'inferred', inferred };
  return { origin: check === ofSources ? 'sources' : 'declared' };
}

/** The last verdicts of each check of a run, because mending checks the same text several times. */
const known = new WeakMap<CheckContext, WeakMap<DeclaredCheck, readonly Judged[]>>();
const mostKnown = 3;

interface Judged {
  readonly text: string;
  readonly verdict: Verdict;
}

function verify(text: string, check: DeclaredCheck, context: CheckContext): Verdict {
  const ofRun = known.get(context) ?? new WeakMap<DeclaredCheck, readonly Judged[]>();
  known.set(context, ofRun);
  const before = ofRun.get(check) ?? [];
  const judged = before.find((each) => each.text === text) ?? { text, verdict: verdictOn(text, check, context) };
  ofRun.set(check, [judged, ...before.filter((each) => each !== judged)].slice(0, mostKnown));
  return judged.verdict;
}

function verdictOn(text: string, check: DeclaredCheck, context: CheckContext): Verdict {
  try {
    context.computing.spend(stepsOf(check, text, context));
    return rows[check.type].run(text, check, context);
  } catch (error) {
    if (error instanceof ComputeSpent) return skipped(`${error.message} This check was not run.`);
    // A verifier that throws says nothing about the answer, and must not make the request fail.
    return skipped('The check could not be run on this answer.');
  }
}
