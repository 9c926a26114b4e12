/** A lease: what a run may use, set aside before it starts, and what it did use once it has ended. Money is whole nanodollars, so that sums are exact. */
import type { Spending } from '../reflection/budget.ts';
import type { PassUsage, ReflectionStatus } from '../reflection/record.ts';
import type { KeyId, Settlement, UsageRow } from './accounts.ts';

export interface Amounts {
  readonly tokens: number;
  readonly nanodollars: number;
}

export interface Lease {
  readonly run: string;
  readonly key: KeyId;
  /** Epoch milliseconds. */
  readonly admittedAt: number;
  /** Of the passes so far and of those under way; of the draft at least. */
  readonly reserved: Amounts;
  /** Epoch milliseconds of the latest end, as far as can be told. */
  readonly expiresAt: number;
  readonly singleFlightKey: string | null;
  readonly stored: boolean;
  /** Whose own limit it counts against, besides the account's. */
  readonly member: string | null;
}

/** A pass in the ledger: who was asked for what, what it cost, how it ended, and whether the caller pays for it. */
export type LedgerPass = Pick<
  PassUsage,
  | 'id'
  | 'role'
  | 'attempt'
  | 'model'
  | 'input_tokens'
  | 'output_tokens'
  | 'cost_usd'
  | 'estimated'
  | 'charged'
  | 'finish_reason'
>;

export interface LeaseEnd {
  readonly run: string;
  /** Epoch milliseconds. */
  readonly settledAt: number;
  readonly status: Extract<ReflectionStatus, 'completed' | 'failed' | 'cancelled'>;
  readonly decision: Settlement['decision'];
  /** Of the charged passes. */
  readonly used: Amounts;
  readonly passes: readonly LedgerPass[];
}

/** Charged use of a model, to be added to that of a day. */
export interface UsageSum extends Omit<UsageRow, 'day' | 'cost_usd'> {
  readonly nanodollars: number;
}

const nanodollarsADollar = 1_000_000_000;
export const dayMs = 86_400_000;

export function dollarsOf(nanodollars: number): number {
  return nanodollars / nanodollarsADollar;
}

/** To the nearest. */
export function nanodollarsOf(usd: number): number {
  return Math.round(usd * nanodollarsADollar);
}

/** What is set aside: rounded up, and never less than nothing. */
export function reservedFor({ tokens, usd }: Spending): Amounts {
  return {
    tokens: Math.max(0, Math.ceil(tokens)),
    nanodollars: Math.max(0, Math.ceil(usd * nanodollarsADollar)),
  };
}

/** The UTC day of a moment, `2026-11-23`. */
export function dayOf(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 'yyyy-mm-dd'.length);
}

/** Epoch milliseconds at which that day ends. */
export function dayEnd(epochMs: number): number {
  return (Math.floor(epochMs / dayMs) + 1) * dayMs;
}

/** The lease's end. Each charged pass is rounded by itself, so that whichever way passes are summed the sums agree. */
export function endOf({ run, status, decision, passes }: Settlement, settledAt: number): LeaseEnd {
  const charged = passes.filter((pass) => pass.charged);
  return {
    run,
    settledAt,
    status,
    decision,
    used: {
      tokens: charged.reduce((sum, pass) => sum + pass.input_tokens + pass.output_tokens, 0),
      nanodollars: charged.reduce((sum, pass) => sum + nanodollarsOf(pass.cost_usd), 0),
    },
    passes: passes.map(ledgerPass),
  };
}

/** What the lease's end adds to the usage of its day: one sum a model. */
export function usageOf({ decision, passes }: LeaseEnd): UsageSum[] {
  const sums = new Map<string, UsageSum>();
  for (const { model, charged, input_tokens, output_tokens, cost_usd } of passes) {
    const sum = sums.get(model) ?? { model, decision, input_tokens: 0, output_tokens: 0, nanodollars: 0, calls: 0 };
    sums.set(model, {
      ...sum,
      input_tokens: sum.input_tokens + (charged ? input_tokens : 0),
      output_tokens: sum.output_tokens + (charged ? output_tokens : 0),
      nanodollars: sum.nanodollars + (charged ? nanodollarsOf(cost_usd) : 0),
      calls: sum.calls + 1,
    });
  }
  return [...sums.values()];
}

/** The row without what is nobody's bill: how long it took, and how it was counted elsewhere. */
function ledgerPass(pass: PassUsage): LedgerPass {
  const { id, role, attempt, model, input_tokens, output_tokens, cost_usd, estimated, charged, finish_reason } = pass;
  return { id, role, attempt, model, input_tokens, output_tokens, cost_usd, estimated, charged, finish_reason };
}
