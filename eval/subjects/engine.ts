/** The engine in this process, over an OpenAI-compatible server. Arms of the same item share what a model was asked in the same words with the same seed. */

import { singleModelCatalog } from '../../src/models/catalog.ts';
import { createModels } from '../../src/models/models.ts';
import { createOpenAiCompatible } from '../../src/models/openai-compatible.ts';
import { readReflectionBody } from '../../src/reflection/request.ts';
import type { CallStore } from './call-store.ts';
import { recordedModel } from './recorded-model.ts';
import { reflected } from './reflected.ts';
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
      const model = recordedModel(live, tools.calls);
      // What was answered before takes as long as it took then.
      return reflected(request, { model, roster, now: () => Date.now() + model.savedMs() });
    },
  };
}
