import { afterAll, beforeAll } from 'vitest';
import { attemptLimits } from '../../src/models/attempt.ts';
import { Breakers } from '../../src/models/breaker.ts';
import {
  type CallMaker,
  forwardAi,
  forwardFetch,
  type MakeCall,
  makeAi,
  makeFetch,
} from '../../src/models/forwarded-calls.ts';
import { createOpenAiCompatible } from '../../src/models/openai-compatible.ts';
import type { Provider } from '../../src/models/provider.ts';
import { createModel } from '../../src/models/resilient.ts';
import { createWorkersAi } from '../../src/models/workers-ai.ts';
import type { Model } from '../../src/reflection/model.ts';
import { afterTimeout } from '../../src/time-limit.ts';
import { describeModel } from '../contracts/model.ts';
import { createAiDouble } from './ai-binding.ts';
import { modelOf } from './calls.ts';
import { type LoopbackEndpoint, startLoopbackEndpoint } from './loopback-endpoint.ts';

function modelOver(provider: Provider, signal: AbortSignal): Model {
  const chain = [modelOf('model-a')];
  const clock = { now: Date.now, after: afterTimeout };
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

/** Another context, as far as one can be made in this one. */
function madeElsewhere(make: MakeCall): CallMaker {
  return { fetch: (url, init) => make(new Request(url, init)) };
}

for (const forwarded of [false, true]) {
  const how = forwarded ? ', forwarded' : '';

  describeModel(`an OpenAI-compatible endpoint over a real socket${how}`, (behaviours, signal) => {
    const { baseUrl, asked, closed } = endpoint.script(behaviours);
    const direct = (url: string, init: RequestInit): Promise<Response> => fetch(url, init);
    const send = forwarded ? forwardFetch(madeElsewhere(makeFetch(direct))) : direct;
    return {
      model: modelOver(createOpenAiCompatible({ baseUrl, apiKey: 'sk-secret', fetch: send }), signal),
      asked,
      closed,
    };
  });

  for (const form of ['native', 'openai'] as const) {
    for (const thrown of [false, true]) {
      describeModel(
        `Workers AI in ${form} form, its errors ${thrown ? 'thrown' : 'as responses'}${how}`,
        (behaviours, signal) => {
          const ai = createAiDouble(behaviours, form, thrown);
          const asked = forwarded ? forwardAi(madeElsewhere(makeAi(ai))) : ai;
          return { model: modelOver(createWorkersAi(asked), signal), asked: ai.asked, closed: ai.closed };
        },
      );
    }
  }
}
