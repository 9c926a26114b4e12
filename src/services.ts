/** The composition root: the one reader of the environment. It makes the adapters and hands out ports. */
import type { Services } from './app.ts';
import { type Config, parseConfig } from './config.ts';
import { consoleLog } from './log.ts';
import type { AttemptLimits } from './models/attempt.ts';
import { type Catalog, singleModelCatalog } from './models/catalog.ts';
import { parseCatalogOverrides, withOverrides } from './models/catalog-overrides.ts';
import { createModels } from './models/models.ts';
import { createOpenAiCompatible } from './models/openai-compatible.ts';
import type { Provider } from './models/provider.ts';
import { createWorkersAi } from './models/workers-ai.ts';
import { workersAiCatalog } from './models/workers-ai-catalog.ts';
import { reflect } from './reflection/reflect.ts';
import { durableRuns } from './runs/durable-runs.ts';
import { defaultRetention, type RunServices } from './runs/run-services.ts';

interface WorkerServices extends Services {
  /** What a run works with, in its own object. */
  readonly run: RunServices;
}

const made = new WeakMap<Env, WorkerServices>();

/** The services of this Worker, made at the first request an isolate sees. Throws an Error that tells the operator which variable is wrong. */
export function servicesOf(env: Env): WorkerServices {
  const known = made.get(env);
  if (known) return known;
  const services = createServices(env);
  made.set(env, services);
  return services;
}

function createServices(env: Env): WorkerServices {
  const config = parseConfig(env);
  const log = consoleLog;
  const models = createModels({ ...chosenModels(config, env), log: (warning) => log({ level: 'warn', ...warning }) });
  const now = Date.now;
  const randomId = (): string => crypto.randomUUID();
  return {
    runs: durableRuns(env.RUNS),
    models,
    log,
    now,
    randomId,
    run: { models, reflect, now, nonce: randomId, log, retention: defaultRetention },
  };
}

/** A model on a laptop's processor may read a long prompt for a minute before its first word. */
const patientLimits: AttemptLimits = { firstTokenMs: 120_000, totalMs: 600_000 };

function chosenModels(
  config: Config,
  env: Env,
): { readonly provider: Provider; readonly catalog: Catalog; readonly limits?: AttemptLimits } {
  const overrides = parseCatalogOverrides(config.MODELS, config.TIERS);
  if (config.MODEL_PROVIDER === 'workers-ai') {
    const provider = createWorkersAi({ run: (model, inputs, options) => env.AI.run(model, inputs, options) });
    return { provider, catalog: withOverrides(workersAiCatalog, overrides) };
  }
  const provider = createOpenAiCompatible({
    baseUrl: config.UPSTREAM_URL,
    apiKey: config.UPSTREAM_KEY,
    fetch: (url, init) => fetch(url, init),
  });
  const catalog = singleModelCatalog({
    id: config.UPSTREAM_MODEL,
    class: config.UPSTREAM_CLASS,
    contextTokens: config.UPSTREAM_CONTEXT,
    // Whoever runs the server pays for it elsewhere; MODELS may say what.
    price: { input: 0, output: 0 },
  });
  return { provider, catalog: withOverrides(catalog, overrides), limits: patientLimits };
}
