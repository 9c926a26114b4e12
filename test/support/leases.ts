/** Asks and settlements as accounts get them, with what a test does not care about filled in. */
import type { Ask, Settlement } from '../../src/accounts/accounts.ts';
import type { PassUsage } from '../../src/reflection/record.ts';

let runs = 0;

/** Asks for a run of its own, and so many tokens and USD. */
export function askFor({
  tokens = 100,
  usd = 0.001,
  ...ask
}: Partial<Ask> & { tokens?: number; usd?: number } = {}): Ask {
  runs += 1;
  return {
    run: `refl_${runs}`,
    tried: null,
    reserves: { tokens, usd },
    lastsMs: 70_000,
    idempotency: null,
    singleFlightKey: null,
    stored: false,
    member: null,
    ...ask,
  };
}

/** A run that ended well, on one charged pass. */
export function settlementOf(
  run: string,
  pass: Partial<PassUsage> = {},
  settlement: Partial<Settlement> = {},
): Settlement {
  return {
    run,
    status: 'completed',
    decision: 'kept_draft_pass',
    passes: [passOf(pass)],
    retryable: false,
    ...settlement,
  };
}

export function passOf(pass: Partial<PassUsage> = {}): PassUsage {
  return {
    id: 'draft',
    role: 'draft',
    round: 0,
    attempt: 1,
    model: 'large-1',
    input_tokens: 20,
    output_tokens: 10,
    cost_usd: 0.000_012,
    neurons: null,
    estimated: false,
    charged: true,
    ttft_ms: 200,
    latency_ms: 900,
    finish_reason: 'stop',
    truncated: false,
    ...pass,
  };
}
