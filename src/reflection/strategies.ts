/** Which passes each strategy runs: data, not branches. `reflect.ts` reads this table; a new strategy is a row. */

export const strategyNames = ['direct', 'cot', 'tags', 'checks', 'selective', 'vote', 'always'] as const;
export type StrategyName = (typeof strategyNames)[number];

export const gateActions = ['return', 'repair', 'vote', 'critique', 'escalate'] as const;
export type GateAction = (typeof gateActions)[number];

export interface Strategy {
  /** The draft's form: the answer alone, reasoning and then the answer, or the Reflection-70B tags. */
  readonly draft: 'plain' | 'reasoned' | 'tagged';
  /** What the gate may choose besides `return`. */
  readonly actions: readonly Exclude<GateAction, 'return'>[];
  /** The action taken whatever the gate's signals say. */
  readonly forced: 'critique' | 'vote' | null;
  /** Whether the critic's findings must be confirmed, and a revision shown to be better, before the draft is replaced. */
  readonly needsEvidence: boolean;
  /** Model calls, whatever the budget says: a draft and its continuation where nothing follows them, and the answer taken out of reasoning that was cut off. */
  readonly mostCalls: number;
}

export const strategies = {
  direct: { draft: 'plain', actions: [], forced: null, needsEvidence: true, mostCalls: 2 },
  cot: { draft: 'reasoned', actions: [], forced: null, needsEvidence: true, mostCalls: 3 },
  tags: { draft: 'tagged', actions: [], forced: null, needsEvidence: true, mostCalls: 3 },
  checks: { draft: 'plain', actions: ['repair'], forced: null, needsEvidence: true, mostCalls: 6 },
  selective: {
    draft: 'plain',
    actions: ['repair', 'vote', 'critique', 'escalate'],
    forced: null,
    needsEvidence: true,
    mostCalls: 32,
  },
  vote: { draft: 'plain', actions: ['vote'], forced: 'vote', needsEvidence: true, mostCalls: 8 },
  // Kept for comparison: critique and rewrite without evidence is often harmful. Passing checks are still never given up.
  always: { draft: 'plain', actions: ['critique'], forced: 'critique', needsEvidence: false, mostCalls: 32 },
} as const satisfies Record<StrategyName, Strategy>;
