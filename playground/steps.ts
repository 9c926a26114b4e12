/** Where a run stands, as the five steps that every run has. Pure. */
import type { PassRole } from '../src/reflection/model.ts';
import { isOver, type RunView } from './run-view.ts';

export type StepName = 'draft' | 'checks' | 'gate' | 'second' | 'answer';
export type StepState = 'waiting' | 'active' | 'done' | 'good' | 'bad' | 'skipped';

export const stepNames = ['draft', 'checks', 'gate', 'second', 'answer'] as const satisfies readonly StepName[];

export function stepsOf(run: RunView): Readonly<Record<StepName, StepState>> {
  const { gate, status } = run;
  const isDrafted = gate !== null || isOver(run) || run.passes.some(({ role }) => role !== 'draft' && role !== 'vote');
  return {
    draft: isDrafted ? 'done' : run.id !== null ? 'active' : 'waiting',
    checks: checksState(run),
    gate: gate ? 'done' : isOver(run) ? 'skipped' : 'waiting',
    second: secondState(run),
    answer: status === 'completed' ? 'good' : isOver(run) ? 'bad' : 'waiting',
  };
}

function checksState(run: RunView): StepState {
  const results = run.checks['draft'] ?? run.record?.checks ?? [];
  if (results.some(({ status }) => status === 'fail')) return 'bad';
  if (results.some(({ status }) => status === 'pass')) return 'good';
  return run.gate || isOver(run) ? 'skipped' : 'waiting';
}

function secondState(run: RunView): StepState {
  if (run.gate?.action === 'return') return 'skipped';
  if (isOver(run)) return run.changes.length + run.critiques.length + run.votes.length > 0 ? 'done' : 'skipped';
  return run.gate ? 'active' : 'waiting';
}

/** The role of the pass that goes on. */
export function openRole(run: RunView): PassRole | null {
  return run.passes.findLast(({ usage }) => usage === null)?.role ?? null;
}
