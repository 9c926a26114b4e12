/**
 * The Model port over results that are stored already: what makes resuming a run the same code as running it.
 * A finished pass answers from the log; one that was under way tells that it was interrupted and is asked again; others are asked.
 */
import { AppError } from '../errors.ts';
import { Cancelled, type Model, type ModelCall, type ModelChunk } from '../reflection/model.ts';
import { interruption } from './broken-passes.ts';
import type { ReplayClock } from './replay-clock.ts';
import type { StoredPass } from './stored-passes.ts';

/** `passes` are those of the run's log where it broke off. The errors of failed passes are thrown again as they were told. */
export function replayedModel(passes: ReadonlyMap<string, StoredPass>, live: Model, clock: ReplayClock): Model {
  return {
    ask(call) {
      const pass = passes.get(call.pass);
      return pass?.ending ? finishedPass(pass, pass.ending, clock) : askedAgain(pass, call, live, clock);
    },
  };
}

async function* finishedPass(
  pass: StoredPass,
  ending: NonNullable<StoredPass['ending']>,
  clock: ReplayClock,
): AsyncGenerator<ModelChunk> {
  try {
    yield* storedAttempts(pass, clock);
  } finally {
    // Also when the engine leaves early, as it did in the first execution: else the deadline would be held off for good.
    clock.reach(Date.parse(ending.at));
    clock.passReplayed();
  }
  if (ending.type === 'pass.failed') {
    if (ending.code === 'cancelled') throw new Cancelled();
    throw new AppError(ending.code, ending.message);
  }
  const { finish_reason, estimated, input_tokens, output_tokens, neurons } = ending.usage;
  yield {
    type: 'finish',
    reason: finish_reason === 'error' || finish_reason === 'interrupted' ? 'stop' : finish_reason,
    usage: { inputTokens: input_tokens, outputTokens: output_tokens, neurons, estimated },
    ...(ending.tool_calls && { toolCalls: ending.tool_calls }),
  };
}

async function* askedAgain(
  pass: StoredPass | undefined,
  call: ModelCall,
  live: Model,
  clock: ReplayClock,
): AsyncGenerator<ModelChunk> {
  const made = pass?.attempts.at(-1)?.attempt ?? 0;
  if (pass) {
    try {
      yield* storedAttempts(pass, clock);
      if (made > 0) yield { type: 'lost', attempt: made, code: 'interrupted', message: interruption };
    } finally {
      clock.passReplayed();
    }
  }
  clock.goLive();
  for await (const chunk of live.ask(call)) {
    const counted = chunk.type === 'start' || chunk.type === 'lost';
    yield counted ? { ...chunk, attempt: made + chunk.attempt } : chunk;
  }
}

/** Each attempt as one chunk of text; those that were followed by another, with how they were lost. */
function* storedAttempts(pass: StoredPass, clock: ReplayClock): Generator<ModelChunk> {
  for (const { attempt, model, startedAt, text, firstDeltaAt, lost } of pass.attempts) {
    clock.reach(startedAt);
    yield { type: 'start', attempt, model };
    if (text) {
      clock.reach(firstDeltaAt ?? startedAt);
      yield { type: 'delta', text };
    }
    if (lost) {
      clock.reach(Date.parse(lost.at));
      yield { type: 'lost', attempt, code: lost.code, message: lost.message };
    }
  }
}
