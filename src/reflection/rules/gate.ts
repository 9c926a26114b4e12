/**
 * The decision after the draft: is there reason to spend another call, and on what? Most drafts are returned as they are, because a second look
 * without evidence makes good answers worse. Pure: signals in, action out, and both are in the record.
 */
import type { CheckResult } from '../checks/check.ts';
import type { Gate, GateSignal } from '../record.ts';
import type { GateAction, Strategy } from '../strategies.ts';
import { isClosed, type Task } from '../task.ts';
import { isEvidenceOfTruth } from './check-evidence.ts';
import { contradictsItself, hedgesIn } from './doubt.ts';
import { refuses } from './refusal.ts';

export interface GateInput {
  readonly strategy: Strategy;
  readonly task: Task;
  /** What was asked. A story's hedges are not doubt. */
  readonly question: string;
  readonly draft: { readonly text: string; readonly truncated: boolean };
  readonly checks: readonly CheckResult[];
  /** What the tier's policy and the request allow here. */
  readonly may: { readonly critique: boolean; readonly escalate: boolean; readonly vote: boolean };
}

/** The score from which a draft is looked at again. A vote does less harm, so it starts earlier. */
export const thresholds = { critique: 0.5, vote: 0.3 } as const;

/** How much each signal counts. A failed check decides alone; features of the text decide only together. */
export const weights = {
  check_failed: 1,
  check_passed: -0.25,
  empty: 1,
  truncated: 0.6,
  refusal: 0.5,
  hedging: 0.35,
  self_contradiction: 0.35,
  complexity: 0.5,
  closed_answer: 0.2,
  code: 0.25,
  grounded: 0.25,
} as const satisfies Record<string, number>;

/** Decides what to do with a draft. */
export function decideGate(input: GateInput): Gate {
  const signals = readSignals(input);
  const score = Math.min(
    1,
    Math.max(
      0,
      signals.reduce((sum, signal) => sum + signal.value * signal.weight, 0),
    ),
  );
  const [action, reasons] = chooseAction(input, signals, score);
  return { action, score: round(score), signals, reasons };
}

function chooseAction(input: GateInput, signals: readonly GateSignal[], score: number): [GateAction, string[]] {
  const { strategy, task, may } = input;
  const allowed = (action: Exclude<GateAction, 'return'>) => strategy.actions.includes(action);
  const failed = input.checks.filter((check) => check.status === 'fail');
  if (strategy.forced === 'critique') return ['critique', ['the strategy always critiques']];
  if (strategy.forced === 'vote') {
    if (!isClosed(task)) return ['return', ['no closed answer to vote on']];
    return may.vote
      ? ['vote', ['the strategy votes on closed answers']]
      : ['return', ['the budget leaves too few calls for a vote']];
  }
  if (strategy.actions.length === 0) return ['return', ['the strategy is a single call']];
  if (failed.length > 0 && allowed('repair'))
    return ['repair', failed.map((check) => `check ${check.id} (${check.type}) failed: ${check.message}`)];
  const why = signals
    .filter((signal) => signal.value * signal.weight > 0)
    .map((signal) => `${signal.name} ${signal.value}`);
  if (allowed('vote') && may.vote && isClosed(task) && score >= thresholds.vote)
    return ['vote', ['a closed answer can be voted on', ...why]];
  if (score < thresholds.critique) return ['return', [`risk ${round(score)} is below ${thresholds.critique}`]];
  if (allowed('critique') && may.critique) return ['critique', why];
  if (allowed('escalate') && may.escalate) return ['escalate', ['nobody of this tier may look again', ...why]];
  return ['return', ['nobody may look again', ...why]];
}

function readSignals({ task, draft, checks, question }: GateInput): GateSignal[] {
  const failed = checks.filter((check) => check.status === 'fail').length;
  const proven = checks.filter((check) => check.status === 'pass' && isEvidenceOfTruth(check)).length;
  const signal = (name: keyof typeof weights, value: number): GateSignal => ({ name, value, weight: weights[name] });
  return [
    signal('check_failed', failed > 0 ? 1 : 0),
    signal('check_passed', failed === 0 && proven > 0 ? 1 : 0),
    signal('empty', draft.text.trim() === '' ? 1 : 0),
    signal('truncated', draft.truncated ? 1 : 0),
    signal('refusal', refuses(draft.text) ? 1 : 0),
    signal('hedging', Math.min(1, hedgesIn(draft.text, question) / 2)),
    signal('self_contradiction', contradictsItself(draft.text, question) ? 1 : 0),
    signal('complexity', round(task.complexity)),
    signal('closed_answer', isClosed(task) ? 1 : 0),
    signal('code', task.class === 'code' ? 1 : 0),
    signal('grounded', task.class === 'grounded' ? 1 : 0),
  ].filter(({ value }) => value > 0);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
