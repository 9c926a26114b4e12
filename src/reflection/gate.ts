export type GateAction = 'return' | 'repair' | 'vote' | 'critique' | 'escalate';

export interface GateSignal {
  readonly name: string;
  readonly value: number;
  readonly weight: number;
}

export interface Gate {
  readonly action: GateAction;
  /** Estimated risk that the draft is wrong, 0 to 1. */
  readonly score: number;
  readonly signals: readonly GateSignal[];
  readonly reasons: readonly string[];
}
