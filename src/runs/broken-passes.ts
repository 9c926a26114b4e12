/** The passes that were under way when a run was lost, ended for a run that does not go on: so that its ledger has every attempt. */

import type { Ending } from '../reflection/ending.ts';
import type { ReflectionEvent, StepEvent } from '../reflection/events.ts';
import type { PassUsage } from '../reflection/record.ts';
import { mostTokens } from '../reflection/tokens.ts';
import type { EventLog } from './event-log.ts';
import { type StoredAttempt, type StoredPass, storedPasses } from './stored-passes.ts';

/** What is said of an attempt that nobody heard the end of. */
export const interruption = 'The service was interrupted while the model answered.';

type PassFailed = Extract<StepEvent, { type: 'pass.failed' }>;

/** Ends a run that has no execution: what was under way when it lost its last one is told as broken off. */
export function endBroken(
  log: EventLog,
  stored: readonly ReflectionEvent[],
  ending: Exclude<Ending, { type: 'completed' }>,
): void {
  const code = ending.type === 'failed' ? ending.error.code : 'cancelled';
  for (const event of brokenPasses(storedPasses(stored).values(), code)) log.add(event);
  log.end(ending);
}

/** One `pass.failed` for every pass without an ending, with its last attempt's usage. Nobody pays for these. */
function* brokenPasses(passes: Iterable<StoredPass>, code: PassFailed['code']): Generator<PassFailed> {
  for (const pass of passes) {
    const last = pass.attempts.at(-1);
    if (pass.ending || !last) continue;
    const usage = usageOf(pass, last);
    yield { type: 'pass.failed', pass: pass.pass, attempt: last.attempt, code, message: interruption, usage };
  }
}

/** As far as the log knows: not what was asked, so no input is counted, and no time after the first word. */
function usageOf({ pass, role, round }: StoredPass, attempt: StoredAttempt): PassUsage {
  const ttftMs = attempt.firstDeltaAt === null ? null : attempt.firstDeltaAt - attempt.startedAt;
  return {
    id: pass,
    role,
    round,
    attempt: attempt.attempt,
    model: attempt.model,
    input_tokens: 0,
    output_tokens: mostTokens(attempt.text),
    cost_usd: 0,
    neurons: null,
    estimated: true,
    charged: false,
    ttft_ms: ttftMs,
    latency_ms: ttftMs ?? 0,
    finish_reason: 'interrupted',
    truncated: false,
  };
}
