/** The HTTP application: every middleware and every route, in the order in which they run. */

import type { AccountId, KeyId, LocalLimit } from './accounts/accounts.ts';
import { HitTally } from './accounts/hit-tally.ts';
import type { KeyAdministration } from './accounts/key-administration.ts';
import { channelAddresses } from './channels/channel-addresses.ts';
import { AppError, errorKinds, type Log, whereFrom } from './errors.ts';
import type { AdmitPorts } from './http/admit-reflection.ts';
import { allowedMethodsOf } from './http/allowed-methods.ts';
import { Hono } from './http/hono.ts';
import type { HttpContext, HttpEnv } from './http/http-env.ts';
import type { AccessLogDetail } from './http/middleware/access-log.ts';
import { adminOnly } from './http/middleware/admin-only.ts';
import { authenticate, type ReadKey } from './http/middleware/authenticate.ts';
import { everyRequest } from './http/middleware/every-request.ts';
import { loopbackOnly } from './http/middleware/loopback-only.ts';
import { refusalLimit } from './http/middleware/refusal-limit.ts';
import { answerProblem, publicFailure } from './http/problem.ts';
import { healthRoutes, type ModelHealth } from './http/routes/health.ts';
import { keyAddresses } from './http/routes/key-addresses.ts';
import { reflectionRoutes } from './http/routes/reflections.ts';
import { runRoutes } from './http/routes/run.ts';
import { type Address, routesLoadedLater } from './http/routes-loaded-later.ts';
import type { StartPorts } from './http/start-reflection.ts';
import { consoleLog } from './log.ts';
import type { Roster } from './reflection/model.ts';
import type { TierName } from './reflection/request.ts';

export type App = Hono<HttpEnv>;

/** The ports, the clock and the random source of the application. */
export interface Services extends StartPorts {
  /** Loads the code that administers keys. */
  readonly keys: () => Promise<KeyAdministration>;
  /** Undefined when the operator set none. Then no request may administer keys. */
  readonly adminToken: string | undefined;
  /** Loads the routes that the platforms of channels call. */
  readonly channelRoutes: () => Promise<Hono<HttpEnv>>;
  readonly readKey: ReadKey;
  /** Counts refused bodies. */
  readonly refusals: LocalLimit<KeyId>;
  /** Rejects with a 400 for an address that no webhook may be sent to. */
  readonly assertWebhook: (url: string) => Promise<void>;
  readonly models: { roster(tier: TierName): Roster; health(): Promise<readonly ModelHealth[]> };
  readonly log: Log;
  readonly accessLog: AccessLogDetail;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Unguessable, and new each time. */
  readonly randomId: () => string;
}

const usageAddresses: readonly Address[] = [['GET', '/v1/usage']];
const storedAddresses: readonly Address[] = [['GET', '/v1/reflections']];
const exportAddresses: readonly Address[] = [['GET', '/v1/exports/:kind']];
const modelAddresses: readonly Address[] = [
  ['GET', '/v1/models'],
  ['GET', '/v1/models/:id'],
];
const responseAddresses: readonly Address[] = [
  ['POST', '/v1/responses'],
  ['GET', '/v1/responses/:id'],
  ['DELETE', '/v1/responses/:id'],
  ['POST', '/v1/responses/:id/cancel'],
];
const chatAddresses: readonly Address[] = [['POST', '/v1/chat/completions']];
const feedbackAddresses: readonly Address[] = [
  ['POST', '/v1/reflections/:id/feedback'],
  ['GET', '/v1/reflections/:id/feedback'],
];

export function createApp(services: Services): App {
  // A path with a trailing slash is the same as the path without it.
  const app: App = new Hono<HttpEnv>({ strict: false });
  app.use(everyRequest(services));

  app.route('/', healthRoutes(services));
  app.route('/', routesLoadedLater(channelAddresses, services.channelRoutes));
  app.use('/v1/keys/*', adminOnly(services.adminToken));
  app.route(
    '/',
    routesLoadedLater(keyAddresses, () => loadKeyRoutes(services)),
  );
  // Answers unknown paths under /v1/keys with 404 here. The API key check below would refuse the admin token with 401.
  app.all('/v1/keys/*', (context) => context.notFound());
  app.route(
    '/',
    routesLoadedLater(usageAddresses, async () => {
      const { adminUsageRoutes } = await import('./http/routes/usage.ts');
      return adminUsageRoutes(services, services.adminToken);
    }),
  );
  app.use('/v1/*', authenticate(services.readKey));
  app.use('/v1/*', refusalLimit(services.accounts, services.refusals));
  const counted = { ...services, countHit: hitCounter(services) };
  app.route('/', reflectionRoutes(counted));
  app.route('/', runRoutes(services));
  app.route('/', laterRoutes(counted));

  const allowedMethods = allowedMethodsOf(app);
  app.notFound((context) => answerNothingHere(context, allowedMethods(context.req.path)));
  app.onError((error, context) => answerFailure(services, context, error));
  return app;
}

/** What few requests ask for, each loaded by the first that does. */
function laterRoutes(services: Services & AdmitPorts): Hono<HttpEnv> {
  const loaders: readonly (readonly [readonly Address[], () => Promise<Hono<HttpEnv>>])[] = [
    [chatAddresses, async () => (await import('./http/openai/chat-completions.ts')).chatRoutes(services)],
    [responseAddresses, async () => (await import('./http/openai/responses.ts')).responseRoutes(services)],
    [storedAddresses, async () => (await import('./http/routes/stored.ts')).storedRoutes(services)],
    [exportAddresses, async () => (await import('./http/routes/exports.ts')).exportRoutes(services)],
    [feedbackAddresses, async () => (await import('./http/routes/feedback.ts')).feedbackRoutes(services)],
    [usageAddresses, async () => (await import('./http/routes/usage.ts')).usageRoutes(services)],
    [modelAddresses, async () => (await import('./http/routes/models.ts')).modelRoutes(services)],
  ];
  const routes = new Hono<HttpEnv>();
  for (const [addresses, load] of loaders) routes.route('/', routesLoadedLater(addresses, load));
  return routes;
}

async function loadKeyRoutes({ keys, now }: Services): Promise<Hono<HttpEnv>> {
  const [{ keyRoutes }, administration] = await Promise.all([import('./http/routes/keys.ts'), keys()]);
  return keyRoutes({ keys: administration, now });
}

/** The platform waits for the telling after the answer has been sent. https://developers.cloudflare.com/workers/runtime-apis/context/#waituntil */
function hitCounter({ accounts, now }: Services): (context: HttpContext, account: AccountId) => void {
  const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
  const tally = new HitTally({ accounts, now, pause });
  return (context, account) => {
    const telling = tally.count(account);
    if (telling) context.executionCtx.waitUntil(telling);
  };
}

/** Answers every request with the configuration error. Only requests from this machine see the error itself. */
export function createUnconfiguredApp(error: unknown): App {
  const message = error instanceof Error ? error.message : 'The service is not configured.';
  consoleLog({ level: 'error', event: 'service.unconfigured', ...whereFrom(error), message });
  const app: App = new Hono<HttpEnv>();
  app.use(everyRequest({ log: consoleLog, now: Date.now, randomId: () => crypto.randomUUID(), accessLog: 'brief' }));
  app.use(loopbackOnly);
  app.onError((refusal, context) => answerProblem(context, publicFailure(refusal)));
  return app.all('*', (context) => answerProblem(context, new AppError('upstream_failed', message)));
}

/** Where there is no route for the method, or none at all. */
function answerNothingHere(context: HttpContext, methods: readonly string[]): Response {
  if (methods.length === 0 || methods.includes(context.req.method)) {
    return answerProblem(context, new AppError('not_found', 'There is nothing at this address.'));
  }
  const allow = methods.join(', ');
  context.header('allow', allow);
  return answerProblem(context, new AppError('method_not_allowed', `This address answers to ${allow}.`));
}

/** Logs failures that the caller did not cause, with their stack. The answer holds only text that may be public. */
function answerFailure({ log }: Services, context: HttpContext, error: Error): Response {
  const failure = publicFailure(error);
  if (errorKinds[failure.code].status >= 500 && failure.code !== 'only_if_cached_miss') {
    log({ level: 'error', event: 'request.failed', request_id: context.get('requestId'), ...whereFrom(error) });
  }
  return answerProblem(context, failure);
}
