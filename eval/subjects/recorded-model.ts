/** A model whose answers are kept, and are given again where they were given before. */
import type { Model, ModelCall, ModelChunk } from '../../src/reflection/model.ts';
import type { CallStore } from './call-store.ts';

export interface RecordedModel extends Model {
  /** Milliseconds that its answers once took, and did not take now. */
  readonly savedMs: () => number;
}

export function recordedModel(live: Model, calls: CallStore): RecordedModel {
  let saved = 0;
  async function* ask(call: ModelCall): AsyncGenerator<ModelChunk> {
    const kept = calls.find(call);
    if (!kept) {
      yield* recorded(live, calls, call);
      return;
    }
    yield { type: 'start', attempt: 1, model: kept.model };
    saved += kept.ms;
    if (kept.text !== '') yield { type: 'delta', text: kept.text };
    yield { type: 'finish', reason: kept.reason, usage: kept.usage };
  }
  return { ask, savedMs: () => saved };
}

/** Kept once it is whole: of an answer that broke off nothing is. */
async function* recorded(live: Model, calls: CallStore, call: ModelCall): AsyncGenerator<ModelChunk> {
  let text = '';
  let model = '';
  let beganAt = performance.now();
  for await (const chunk of live.ask(call)) {
    if (chunk.type === 'start') {
      text = '';
      model = chunk.model;
      beganAt = performance.now();
    }
    if (chunk.type === 'delta') text += chunk.text;
    if (chunk.type === 'finish') {
      const { reason, usage } = chunk;
      // Benchmarks offer no tools.
      if (reason !== 'tool_calls')
        await calls.keep(call, { model, text, reason, usage, ms: Math.round(performance.now() - beganAt) });
    }
    yield chunk;
  }
}
