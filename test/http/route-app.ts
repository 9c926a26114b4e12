/** Routes by themselves in a small application: who calls is given, and failures are answered as the whole application answers them. */
import { Hono } from 'hono';
import type { Accounts, Caller, KeyStatus, Scope } from '../../src/accounts/accounts.ts';
import { defaultLimits } from '../../src/accounts/accounts.ts';
import { newAccountId, newKeyId } from '../../src/accounts/ids.ts';
import type { HttpEnv } from '../../src/http/http-env.ts';
import { everyRequest } from '../../src/http/middleware/every-request.ts';
import { answerProblem, publicFailure } from '../../src/http/problem.ts';
import { countedBytes } from '../accounts/counted-bytes.ts';

/** 2026-09-21T13:33:20Z */
export const startOfTest = 1_790_000_000_000;

/** Callers of two accounts. */
export const [caller, stranger] = callers();

function callers(): [Caller, Caller] {
  const randomBytes = countedBytes();
  const one = (): Caller => {
    const account = newAccountId(randomBytes);
    return { account, key: newKeyId(account, randomBytes), secretHash: 'ab'.repeat(32) };
  };
  return [one(), one()];
}

/** An account that lets its keys do so much. */
export function statusOf(...scopes: Scope[]): Pick<Accounts, 'status'> {
  return { status: async (): Promise<KeyStatus> => ({ scopes, limits: defaultLimits }) };
}

export interface RouteApp {
  readonly app: Hono<HttpEnv>;
  /** `body`: a value to send as JSON, or a text to send as it is. */
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
}

export function routeApp(add: (app: Hono<HttpEnv>) => unknown, calling: Caller = caller): RouteApp {
  const app = new Hono<HttpEnv>();
  const randomId = () => crypto.randomUUID();
  app.use(everyRequest({ randomId, now: Date.now, log: () => undefined, accessLog: 'brief' }));
  app.use(async (context, next) => {
    context.set('caller', calling);
    await next();
  });
  add(app);
  app.onError((error, context) => answerProblem(context, publicFailure(error)));
  return {
    app,
    send: async (method, path, body, headers = {}) =>
      app.request(path, {
        method,
        headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
  };
}
