/** The HTTP application over accounts hosted in Node, and short ways to ask it. */
import type { ExecutionContext } from 'hono';
import { expect } from 'vitest';
import type { Caller, Limits } from '../../src/accounts/accounts.ts';
import { durableAccounts } from '../../src/accounts/durable-accounts.ts';
import { IsolateLimiter } from '../../src/accounts/isolate-limiter.ts';
import { type App, createApp, type Services } from '../../src/app.ts';
import type { LogEntry } from '../../src/errors.ts';
import { type Problem, problemBody } from '../../src/http/problem.ts';
import type { ModelFacts, Roster } from '../../src/reflection/model.ts';
import { durableRuns } from '../../src/runs/durable-runs.ts';
import { newRunId } from '../../src/runs/run-id.ts';
import type { Runs } from '../../src/runs/runs.ts';
import { assertWebhookAddress } from '../../src/runs/webhook-url.ts';
import { KeyObjects } from '../accounts/memory-key-objects.ts';
import { AccountObjects, type Engine } from '../support/account-objects.ts';
import { issueOf, caller as ownCaller, plentiful, stranger } from '../support/callers.ts';
import { memoryCache } from '../support/memory-cache.ts';
import { scriptedEngine } from './scripted-engine.ts';

const small: ModelFacts = {
  id: 'test/small',
  class: 'small',
  contextTokens: 8_000,
  price: { input: 0.1, output: 0.2 },
};
const large: ModelFacts = { id: 'test/large', class: 'large', contextTokens: 32_000, price: { input: 1, output: 2 } };

export const roster: Roster = {
  author: [small],
  critic: [large],
  reviser: [large],
  judge: [large],
  escalation: [large],
};

export interface Api {
  readonly app: App;
  readonly runs: Runs;
  /** Whose key is sent where no other is given. */
  readonly caller: Caller;
  readonly objects: AccountObjects;
  readonly log: readonly LogEntry[];
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  send(method: string, path: string, headers?: Record<string, string>): Promise<Response>;
}

/** The key that is sent where a test gives no `authorization`. */
export const apiKey = 'er_test_of-the-tests';
/** The key of another account. */
export const otherKey = 'er_test_of-somebody-else';
export const adminToken = 'the admin token of the tests';

/** What a test may put in the place of a part; an engine works in the runs. */
export type ApiOverrides = Partial<Services> & { readonly engine?: Engine };

export function makeApi(
  { engine = scriptedEngine, ...overrides }: ApiOverrides = {},
  limits: Partial<Limits> = plentiful,
): Api {
  const log: LogEntry[] = [];
  const objects = new AccountObjects({ engine, roster, log: (entry) => log.push(entry) });
  const caller = ownCaller;
  const callers = new Map([
    [apiKey, caller],
    [otherKey, stranger],
  ]);
  for (const owner of callers.values()) objects.issue(issueOf(owner, limits));
  const services: Services = {
    runs: durableRuns(objects, numbered()),
    accounts: durableAccounts({ accounts: objects, now: Date.now, log: (entry) => log.push(entry) }),
    cache: memoryCache(),
    hits: new IsolateLimiter('requests_per_minute', Date.now),
    refusals: new IsolateLimiter('refused_per_minute', Date.now),
    keys: async () => new KeyObjects().administration,
    adminToken,
    readKey: (key) => callers.get(key),
    channelRoutes: () => Promise.reject(new Error('There is no channel.')),
    assertWebhook: async (url) => assertWebhookAddress(url, { allowPrivate: false }),
    keptMs: () => 86_400_000,
    models: { roster: () => roster, health: async () => [] },
    log: (entry) => log.push(entry),
    accessLog: 'brief',
    now: Date.now,
    randomId: () => crypto.randomUUID(),
    ...overrides,
  };
  const app = createApp(services);
  const ask = async (path: string, init: RequestInit, headers: Record<string, string>): Promise<Response> =>
    app.request(path, { ...init, headers: { authorization: `Bearer ${apiKey}`, ...headers } }, {}, executionContext());
  const send: Api['send'] = (method, path, headers = {}) => ask(path, { method }, headers);
  return {
    app,
    runs: services.runs,
    caller,
    objects,
    log,
    send,
    get: (path, headers) => send('GET', path, headers),
    post: (path, body, headers = {}) =>
      ask(
        path,
        {
          method: 'POST',
          ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        },
        { 'content-type': 'application/json', ...headers },
      ),
  };
}

/** Bytes that count from 1. */
function numbered(): (count: number) => Uint8Array {
  let number = 0;
  return (count) => {
    number += 1;
    return new Uint8Array(count).fill(number, count - 1);
  };
}

/** The id of the first run that `apiKey` starts. */
export const firstRun = newRunId(new AccountObjects().idFromName(ownCaller.account), numbered());

function executionContext(): ExecutionContext {
  return { waitUntil: () => undefined, passThroughOnException: () => undefined, props: {} };
}

/** Reads an answer that must be a problem with this code; its body agrees with its status and headers. */
export async function expectProblem(response: Response, code: string): Promise<Problem> {
  const body = problemBody.parse(await response.json());
  expect(body.error.code).toBe(code);
  expect(response.status).toBe(body.status);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(response.headers.get('x-request-id')).toBe(body.request_id);
  expect(body.errors !== undefined).toBe(body.status === 400);
  return body;
}
