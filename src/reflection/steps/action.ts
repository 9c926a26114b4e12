/** What the gate may set in motion, and what comes of it. The table of actions is in `reflect.ts`. */
import type { Context } from '../context.ts';
import type { StepEvent } from '../events.ts';
import type { Decision, Degradation } from '../record.ts';
import type { Examined } from './examine.ts';

/** What an action came to: the best text, and why it is the answer. */
export interface ActionResult {
  readonly best: Examined;
  readonly decision: Decision;
  readonly degraded: Degradation | null;
}

export type Action = (context: Context, draft: Examined) => AsyncGenerator<StepEvent, ActionResult, void>;

/** A step that could not be taken: the budget is spent, or nobody could be asked. */
export type Unavailable = { readonly unavailable: 'budget' } | { readonly unavailable: Degradation };
