/** The engine in this process, over an OpenAI-compatible server. Arms of the same item share what a model was asked in the same words with the same seed. */

import { AppError } from '../../src/errors.ts';
import { singleModelCatalog } from '../../src/models/catalog.ts';
import { createModels } from '../../src/models/models.ts';
import { createOpenAiCompatible } from '../../src/models/openai-compatible.ts';
import { runErrorOf } from '../../src/reflection/ending.ts';
import type { Reflection } from '../../src/reflection/record.ts';
import { Recorder } from '../../src/reflection/recorder.ts';
import { reflect } from '../../src/reflection/reflect.ts';
import { type ReflectionRequest, readReflectionBody } from '../../src/reflection/request.ts';
import type { CallStore } from './call-store.ts';
import { type RecordedModel, recordedModel } from './recorded-model.ts';
import type { Subject } from './subject.ts';

export interface EngineTools {
  readonly name: string;
  /** An OpenAI-compatible base: it often ends in `/v1`. */
  readonly url: string;
  readonly key: string | undefined;
  readonly model: string;
  readonly class: 'small' | 'large';
  readonly contextTokens: number;
  readonly calls: CallStore;
  stop(): Promise<void>;
}

/** A model on a laptop's processor may take minutes. */
const limits = { firstTokenMs: 600_000, totalMs: 600_000 };

export function engineSubject(tools: EngineTools): Subject {
  const models = createModels({
    provider: createOpenAiCompatible({ baseUrl: tools.url, apiKey: tools.key, fetch: (url, init) => fetch(url, init) }),
    catalog: singleModelCatalog({
      id: tools.model,
      class: tools.class,
      contextTokens: tools.contextTokens,
      price: { input: 0, output: 0 },
    }),
    limits,
  });
  return {
    name: tools.name,
    stop: tools.stop,
    async answer(body, signal) {
      const request = await readReflectionBody(body);
      const roster = models.roster(request.tier);
      const live = models.connect(roster, signal, 'eval');
      return reflected(request, roster, recordedModel(live, tools.calls));
    },
  };
}

/** One nonce for all: with the same words to the model, its answer is the same. */
const nonce = 'evaluation';

async function reflected(
  request: ReflectionRequest,
  roster: Parameters<typeof reflect>[1]['roster'],
  model: RecordedModel,
): Promise<Reflection> {
  // What was answered before takes as long as it took then.
  const now = (): number => Date.now() + model.savedMs();
  const recorder = new Recorder('refl_evaluation', now);
  recorder.queued(request.include, request.metadata, 'bypass');
  const given = { model, roster, nonce, now, startedAt: now(), reserve: () => null };
  try {
    for await (const event of reflect(request, given)) recorder.stamp(event);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    recorder.end({ type: 'failed', error: runErrorOf(error) });
  }
  return recorder.record;
}
