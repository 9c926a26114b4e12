import { afterAll, beforeAll } from 'vitest';
import { attemptLimits, sleep } from '../../src/models/attempt.ts';
import { Breakers } from '../../src/models/breaker.ts';
import { createOpenAiCompatible } from '../../src/models/openai-compatible.ts';
import type { Provider } from '../../src/models/provider.ts';
import { createModel } from '../../src/models/resilient.ts';
import { createWorkersAi } from '../../src/models/workers-ai.ts';
import type { Model } from '../../src/reflection/model.ts';
import { describeModel } from '../contracts/model.ts';
import { createAiDouble } from './ai-binding.ts';
import { modelOf } from './calls.ts';
import { type LoopbackEndpoint, startLoopbackEndpoint } from './loopback-endpoint.ts';

function modelOver(provider: Provider, signal: AbortSignal): Model {
  const chain = [modelOf('model-a')];
  const clock = { now: Date.now, sleep };
  const tools = {
    provider,
    breakers: new Breakers(),
    clock,
    random: () => 0,
    limits: attemptLimits,
    warn: () => undefined,
  };
  return createModel({ author: chain, critic: chain, reviser: chain, judge: chain, escalation: chain }, signal, tools);
}

let endpoint: LoopbackEndpoint;
beforeAll(async () => {
  endpoint = await startLoopbackEndpoint();
});
afterAll(() => endpoint.close());

describeModel('an OpenAI-compatible endpoint over a real socket', (behaviours, signal) => {
  const { baseUrl, asked, closed } = endpoint.script(behaviours);
  const send = (url: string, init: RequestInit): Promise<Response> => fetch(url, init);
  return {
    model: modelOver(createOpenAiCompatible({ baseUrl, apiKey: 'sk-secret', fetch: send }), signal),
    asked,
    closed,
  };
});

for (const form of ['native', 'openai'] as const) {
  for (const thrown of [false, true]) {
    describeModel(
      `Workers AI in ${form} form, its errors ${thrown ? 'thrown' : 'as responses'}`,
      (behaviours, signal) => {
        const ai = createAiDouble(behaviours, form, thrown);
        return { model: modelOver(createWorkersAi(ai), signal), asked: ai.asked, closed: ai.closed };
      },
    );
  }
}
