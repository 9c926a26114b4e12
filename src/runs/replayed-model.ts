/**
 * The Model port over results that are stored already: what makes resuming a run the same code as running it.
 * A finished pass answers from the log; one that was under way tells that it was interrupted and is asked again; others are asked.
 */
import { AppError } from '../errors.ts';
import type { ReflectionEvent } from '../reflection/events.ts';
import type { Model, ModelCall, ModelChunk } from '../reflection/model.ts';
import { type StoredPass, storedPasses } from './stored-passes.ts';

/** Stands still at the log's own times until a model is really asked, so that a replay decides on time and budget as the first life did. */
export class ReplayClock {
  readonly #now: () => number;
  #replayed: number;
  #live = false;

  constructor(startedAt: number, now: () => number) {
    this.#replayed = startedAt;
    this.#now = now;
  }

  /** Epoch milliseconds. */
  readonly now = (): number => (this.#live ? this.#now() : this.#replayed);

  /** Passes of a vote are replayed one after the other though they ran at once, so this never goes back. */
  reach(epochMs: number): void {
    this.#replayed = Math.max(this.#replayed, epochMs);
  }

  goLive(): void {
    this.#live = true;
  }
}

/** `log` is the run's log where it broke off. Errors of a stored `pass.failed` are thrown again as they were told. */
export function replayedModel(log: Iterable<ReflectionEvent>, live: Model, clock: ReplayClock): Model {
  const passes = storedPasses(log);
  return {
    ask(call) {
      const pass = passes.get(call.pass);
      return pass?.ending ? finishedPass(pass, clock) : askedAgain(pass, call, live, clock);
    },
  };
}

async function* finishedPass(pass: StoredPass, clock: ReplayClock): AsyncGenerator<ModelChunk> {
  yield* storedAttempts(pass, clock);
  const { ending } = pass;
  if (!ending) return;
  clock.reach(Date.parse(ending.at));
  if (ending.type === 'pass.failed') throw new AppError(ending.code, ending.message);
  const { finish_reason, estimated, input_tokens, output_tokens, neurons } = ending.usage;
  yield {
    type: 'finish',
    reason: finish_reason === 'length' ? 'length' : 'stop',
    // Left out where it was left out, so that the engine comes to the same estimate.
    usage: estimated ? null : { inputTokens: input_tokens, outputTokens: output_tokens, neurons },
  };
}

async function* askedAgain(
  pass: StoredPass | undefined,
  call: ModelCall,
  live: Model,
  clock: ReplayClock,
): AsyncGenerator<ModelChunk> {
  if (pass) yield* storedAttempts(pass, clock);
  const made = pass?.attempts.at(-1)?.attempt ?? 0;
  clock.goLive();
  if (made > 0) {
    const message = 'The service was interrupted while the model answered.';
    yield { type: 'lost', attempt: made, code: 'interrupted', message };
  }
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
