/** The composition root: the one reader of the environment. It makes the adapters and hands out ports. */
import { createKeyCodec } from './accounts/api-key.ts';
import { durableAccounts } from './accounts/durable-accounts.ts';
import type { RandomBytes } from './accounts/ids.ts';
import { IsolateLimiter } from './accounts/isolate-limiter.ts';
import type { Services } from './app.ts';
import { mayBeCached } from './cache/cacheable.ts';
import { kvReflectionCache } from './cache/kv-reflection-cache.ts';
import type { ChannelServices } from './channel-services.ts';
import { type Config, parseConfig } from './config.ts';
import type { HostedAccountServices } from './hosted-account.ts';
import { consoleLog } from './log.ts';
import type { AttemptLimits } from './models/attempt.ts';
import { type CapacitySettings, capacitySettings } from './models/capacity/capacity.ts';
import { durableCapacity } from './models/capacity/durable-capacity.ts';
import { type Catalog, singleModelCatalog } from './models/catalog.ts';
import { parseCatalogOverrides, withOverrides } from './models/catalog-overrides.ts';
import { type CallMaker, forwardAi, forwardFetch, type MakeCall, makeAi, makeFetch } from './models/forwarded-calls.ts';
import { createModels } from './models/models.ts';
import { createOpenAiCompatible } from './models/openai-compatible.ts';
import type { Provider } from './models/provider.ts';
import { type AiBinding, createWorkersAi } from './models/workers-ai.ts';
import { workersAiCatalog } from './models/workers-ai-catalog.ts';
import { reflect } from './reflection/reflect.ts';
import { durableRuns } from './runs/durable-runs.ts';
import { retentionOf } from './runs/run-services.ts';

interface WorkerServices extends Services {
  readonly capacity: CapacitySettings;
  /** What an account and its runs work with, in its own object. */
  readonly account: HostedAccountServices;
  /** Makes a model call that an object has forwarded. */
  readonly makeModelCall: MakeCall;
}

const made = new WeakMap<Env, WorkerServices>();

/**
 * The services of this Worker, made once an isolate. `modelCalls` is the entrypoint whose `fetch` is `makeModelCall`. Throws an Error that tells the
 * operator which variable is wrong.
 */
export function servicesOf(env: Env, modelCalls: CallMaker): WorkerServices {
  const known = made.get(env);
  if (known) return known;
  const services = createServices(env, modelCalls);
  made.set(env, services);
  return services;
}

function createServices(env: Env, modelCalls: CallMaker): WorkerServices {
  const config = parseConfig(env);
  const log = consoleLog;
  const now = Date.now;
  const randomId = (): string => crypto.randomUUID();
  const randomBytes: RandomBytes = (length) => crypto.getRandomValues(new Uint8Array(length));
  // Only Workers AI has a limit for all accounts together.
  const limited = config.MODEL_PROVIDER === 'workers-ai' ? config : undefined;
  const { makeModelCall, ...chosen } = chosenModels(config, env, modelCalls);
  const models = createModels({
    ...chosen,
    platform: limited ? durableCapacity(env.CAPACITY, { log, now }) : null,
    log: (warning) => log({ level: 'warn', ...warning }),
  });
  const runs = durableRuns(env.ACCOUNTS, randomBytes);
  const accounts = durableAccounts({ accounts: env.ACCOUNTS, now, log });
  const cache = kvReflectionCache({ store: env.CACHE, now, log });
  const codec = createKeyCodec({ tagSecrets: config.KEY_TAG_SECRETS, mode: config.KEY_MODE, randomBytes });
  const webhookRules = { allowPrivate: config.WEBHOOK_PRIVATE_ADDRESSES === 'allow' };
  const retention = retentionOf(config.STORED_DAYS);
  let loading: Promise<ChannelServices> | undefined;
  const channels = (): Promise<ChannelServices> => {
    loading ??= import('./channel-services.ts').then(({ createChannelServices }) =>
      createChannelServices({
        environment: env,
        accounts: env.ACCOUNTS,
        directory: env.KEY_DIRECTORY,
        runs,
        roster: models.roster,
        randomBytes,
        fetch: (request, init) => fetch(request, init),
        now,
        chance: Math.random,
        log,
      }),
    );
    return loading;
  };
  return {
    runs,
    accounts,
    cache,
    hits: new IsolateLimiter('requests_per_minute', now),
    refusals: new IsolateLimiter('refused_per_minute', now),
    keys: async () => {
      const { durableKeyAdministration } = await import('./accounts/durable-key-administration.ts');
      return durableKeyAdministration({ accounts: env.ACCOUNTS, directory: env.KEY_DIRECTORY, codec, randomBytes });
    },
    adminToken: config.ADMIN_TOKEN,
    readKey: codec.read,
    channelRoutes: async () => (await channels()).routes,
    models,
    assertWebhook: async (url) => {
      const { assertWebhookAddress } = await import('./runs/webhook-url.ts');
      assertWebhookAddress(url, webhookRules);
    },
    keptMs: ({ store }) => (store ? retention.storedMs : retention.unstoredMs),
    log,
    accessLog: config.ACCESS_LOG,
    now,
    randomId,
    makeModelCall,
    capacity: limited
      ? { ...capacitySettings, requestsPerMinute: limited.MODEL_REQUESTS_PER_MINUTE }
      : capacitySettings,
    account: {
      account: { now, log, storedMs: retention.storedMs },
      workspace: async () => (await channels()).workspace,
      runsOf: (account, installation) => ({
        models,
        reflect,
        now,
        nonce: randomId,
        chance: Math.random,
        log,
        retention,
        account,
        cache,
        cacheable: mayBeCached,
        // What shows runs in channels is loaded for the first run that is asked for in one.
        channels: {
          showProgress: async (run) => (await channels()).delivery(installation).showProgress(run),
          deliver: async (run) => (await channels()).delivery(installation).deliver(run),
        },
        // Few runs tell anybody of their end, so the code for it is loaded when one does.
        deliver: async (notice) => {
          const { webhookDelivery } = await import('./runs/webhook.ts');
          const timeout = (milliseconds: number) => AbortSignal.timeout(milliseconds);
          return webhookDelivery({ ...webhookRules, account, fetch: fetchAnywhere, now, timeout, log })(notice);
        },
      }),
    },
  };
}

/** A model on a laptop's processor may read a long prompt for a minute before its first word. */
const patientLimits: AttemptLimits = { firstTokenMs: 120_000, totalMs: 600_000 };

interface ChosenModels {
  readonly provider: Provider;
  readonly catalog: Catalog;
  readonly limits?: AttemptLimits;
  readonly makeModelCall: MakeCall;
}

function chosenModels(config: Config, env: Env, modelCalls: CallMaker): ChosenModels {
  const overrides = parseCatalogOverrides(config.MODELS, config.TIERS);
  const forwarded = config.MODEL_CALLS === 'entrypoint';
  if (config.MODEL_PROVIDER === 'workers-ai') {
    const ai: AiBinding = { run: (model, inputs, options) => env.AI.run(model, inputs, options) };
    const provider = createWorkersAi(forwarded ? forwardAi(modelCalls) : ai);
    return { provider, catalog: withOverrides(workersAiCatalog, overrides), makeModelCall: makeAi(ai) };
  }
  const provider = createOpenAiCompatible({
    baseUrl: config.UPSTREAM_URL,
    apiKey: config.UPSTREAM_KEY,
    fetch: forwarded ? forwardFetch(modelCalls) : fetchAnywhere,
  });
  const catalog = singleModelCatalog({
    id: config.UPSTREAM_MODEL,
    class: config.UPSTREAM_CLASS,
    contextTokens: config.UPSTREAM_CONTEXT,
    // The operator pays for the server elsewhere. MODELS may set a price.
    price: { input: 0, output: 0 },
  });
  const makeModelCall = makeFetch(fetchAnywhere);
  return { provider, catalog: withOverrides(catalog, overrides), limits: patientLimits, makeModelCall };
}

function fetchAnywhere(url: string, init: RequestInit): Promise<Response> {
  return fetch(url, init);
}
