/** An engine that does what the question tells it to, so that a test of the HTTP API chooses each run's fate by what it asks. */
import { AppError, type ErrorCode, errorKinds } from '../../src/errors.ts';
import type { EngineEvent } from '../../src/reflection/events.ts';
import { Cancelled } from '../../src/reflection/model.ts';
import type { PassUsage } from '../../src/reflection/record.ts';
import type { Engine } from '../support/account-objects.ts';

const answer = 'The answer is 42.';

const draftUsage: PassUsage = {
  id: 'draft',
  role: 'draft',
  round: 0,
  attempt: 1,
  model: 'test/small',
  input_tokens: 12,
  output_tokens: 5,
  cost_usd: 0.00001,
  neurons: null,
  estimated: false,
  charged: true,
  ttft_ms: 1,
  latency_ms: 2,
  finish_reason: 'stop',
  truncated: false,
};

/**
 * `fail CODE` fails with that code, `break` throws what no table knows, `hang` writes half a draft and waits to be cancelled;
 * everything else is answered.
 */
export const scriptedEngine: Engine = async function* (request, signal): AsyncGenerator<EngineEvent, void> {
  const question = request.input ?? '';
  yield { type: 'run.started', strategy: request.strategy, tier: request.tier, small_judge: false };
  yield { type: 'pass.started', pass: 'draft', role: 'draft', round: 0, attempt: 1, model: 'test/small' };
  // As a real model would, so that readers come before the end.
  await Promise.resolve();
  if (question === 'break') throw new TypeError('secret internals of the engine');
  const code = question.startsWith('fail ') ? question.slice('fail '.length) : '';
  if (isErrorCode(code)) throw new AppError(code, `The script failed it with ${code}.`);
  for (let offset = 0; offset < answer.length; offset += 6) {
    if (question === 'hang' && offset > 6) await cancelled(signal);
    yield { type: 'pass.delta', pass: 'draft', attempt: 1, offset, text: answer.slice(offset, offset + 6) };
  }
  yield { type: 'pass.completed', pass: 'draft', attempt: 1, usage: draftUsage };
  yield { type: 'gate.decided', gate: { action: 'return', score: 0.1, signals: [], reasons: [] } };
  yield {
    type: 'run.completed',
    outcome: {
      output: answer,
      draft: answer,
      finish_reason: 'stop',
      decision: 'kept_draft_unverified',
      exhausted: null,
      degraded: null,
      subject: 'draft',
    },
  };
};

function isErrorCode(text: string): text is ErrorCode {
  return text in errorKinds;
}

function cancelled(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(new Cancelled());
    signal.addEventListener('abort', () => reject(new Cancelled()));
  });
}
