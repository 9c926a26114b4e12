/**
 * Mending by code: transforms of what the answer already says. No content is invented. A transform is kept only when its check now passes or is nearer
 * to passing, and no other check is lost.
 */
import type { CheckContext, CheckResult } from '../checks/check.ts';
import type { DeclaredCheck } from '../checks/checks.ts';
import { identified, runChecks } from '../checks/run-checks.ts';
import type { CodeEdit } from '../edits.ts';
import type { Cutting } from '../transforms/cut-rules.ts';
import { type Reach, transformsOf } from '../transforms/transforms.ts';
import { lostChecks } from './check-changes.ts';
import { isNearer } from './shortfall.ts';

/** How many transforms one repair applies at most. */
const mostEdits = 16;

/** Measured steps for each character of the text that a transform takes, with the checks that test it. */
const stepsPerCharacter: Readonly<Record<Reach, number>> = { form: 8, selection: 10 };

interface State {
  readonly text: string;
  readonly results: readonly CheckResult[];
}

/**
 * Mends what failed, one transform at a time, until no transform helps; `results` are the declared checks' results on this text.
 * `cutting` says how much a cut may take. Deterministic. A second repair of the repaired text changes nothing, unless the first one ended at its last
 * allowed transform.
 */
export function repairByCode(
  text: string,
  results: readonly CheckResult[],
  declared: readonly DeclaredCheck[],
  context: CheckContext,
  cutting: Cutting = 'byItself',
): { text: string; edits: CodeEdit[] } {
  let state: State = { text, results };
  const edits: CodeEdit[] = [];
  while (edits.length < mostEdits) {
    const step = nextStep(state, declared, context, cutting);
    if (!step) break;
    state = step.state;
    edits.push(step.edit);
  }
  return { text: state.text, edits };
}

/** The first transform that helps, and what it makes. */
function nextStep(
  { text, results }: State,
  declared: readonly DeclaredCheck[],
  context: CheckContext,
  cutting: Cutting,
): { readonly state: State; readonly edit: CodeEdit } | undefined {
  for (const { id, check } of identified(declared)) {
    const before = results.find((result) => result.id === id);
    if (before?.status !== 'fail') continue;
    for (const { name, reach, apply } of transformsOf[check.type] ?? []) {
      const steps = text.length * stepsPerCharacter[reach];
      if (steps > context.computing.left) return undefined;
      context.computing.spend(steps);
      const passes = (each: string): boolean => runChecks(each, [check], context)[0]?.status === 'pass';
      for (const mended of [apply(text, check, { passes, cutting, question: context.question })].flat()) {
        if (mended.trim() === '') continue;
        const [target] = runChecks(mended, [check], context);
        if (!target || !isNearer(before, target)) continue;
        const after = runChecks(mended, declared, context);
        if (lostChecks(results, after).length > 0) continue;
        return { state: { text: mended, results: after }, edit: { reason: id, kind: name, ...changed(text, mended) } };
      }
    }
  }
  return undefined;
}

/** How many characters were taken away and put in. Transforms move none, so it is enough to count each. */
function changed(before: string, after: string): Pick<CodeEdit, 'removed_characters' | 'added_characters'> {
  const counts = new Map<string, number>();
  for (const each of before) counts.set(each, (counts.get(each) ?? 0) - 1);
  for (const each of after) counts.set(each, (counts.get(each) ?? 0) + 1);
  let [removed_characters, added_characters] = [0, 0];
  for (const count of counts.values()) {
    removed_characters += Math.max(0, -count);
    added_characters += Math.max(0, count);
  }
  return { removed_characters, added_characters };
}
