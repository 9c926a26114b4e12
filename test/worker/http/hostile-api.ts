/** What the hostile suite shares: every route, what a refusal must look like, and that no secret is ever told. */
import { env, exports } from 'cloudflare:workers';
import { expect, vi } from 'vitest';
import { type ErrorCode, errorKinds } from '../../../src/errors.ts';
import { type Problem, problemBody } from '../../../src/http/problem.ts';
import { adminToken, type MadeKey, makeKey, origin } from './worker-api.ts';

export interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** Null for what only the admin token opens. */
  readonly scope: 'reflect' | 'read' | null;
  /** One that is right where a body is taken. */
  readonly body?: Readonly<Record<string, unknown>>;
}

export const question = { input: 'What is 6 times 7?', strategy: 'direct' } as const;

/** Every route but `/health`, of a run and a key with these ids. */
export function routesOf(run: string, key: string): readonly Route[] {
  return [
    { method: 'POST', path: '/v1/reflections', scope: 'reflect', body: question },
    { method: 'GET', path: '/v1/reflections', scope: 'read' },
    { method: 'GET', path: `/v1/reflections/${run}`, scope: 'read' },
    { method: 'DELETE', path: `/v1/reflections/${run}`, scope: 'reflect' },
    { method: 'GET', path: `/v1/reflections/${run}/events`, scope: 'read' },
    { method: 'POST', path: `/v1/reflections/${run}/cancel`, scope: 'reflect' },
    { method: 'POST', path: `/v1/reflections/${run}/feedback`, scope: 'reflect', body: { rating: 'up' } },
    { method: 'GET', path: '/v1/usage', scope: 'read' },
    { method: 'GET', path: '/v1/models', scope: 'read' },
    { method: 'POST', path: '/v1/keys', scope: null, body: { name: 'tests' } },
    { method: 'GET', path: '/v1/keys', scope: null },
    { method: 'GET', path: `/v1/keys/${key}`, scope: null },
    { method: 'PATCH', path: `/v1/keys/${key}`, scope: null, body: { name: 'other' } },
    { method: 'DELETE', path: `/v1/keys/${key}`, scope: null },
    { method: 'POST', path: `/v1/keys/${key}/rotate`, scope: null, body: { grace_period_s: 0 } },
  ];
}

/** A run's id that is well written; of no run unless somebody is very lucky. */
export const someRun = `refl_${'A'.repeat(43)}`;
export const someKey = `key_${'A'.repeat(32)}`;

/** Secrets that no answer but the one that makes them, no header and no log entry may hold. */
const secrets = new Set<string>([adminToken, ...env.KEY_TAG_SECRETS.split(',')]);
const told: string[] = [];

export function keepSecret(...more: readonly string[]): void {
  for (const secret of more) secrets.add(secret);
}

/** A key of a new account that may do everything, whose secrets are watched for. */
export async function secretKey(wish: Record<string, unknown> = {}): Promise<MadeKey> {
  const made = await makeKey(wish);
  keepSecret(made.key, made.webhook_secret);
  return made;
}

/** Keeps what is written to the console, in place of showing it. */
export function watchConsole(): void {
  told.length = 0;
  for (const level of ['debug', 'info', 'log', 'warn', 'error'] as const) {
    vi.spyOn(console, level).mockImplementation((...words: unknown[]) => {
      told.push(words.map((word) => (word instanceof Error ? `${word.stack}` : String(word))).join(' '));
    });
  }
}

/** The entries of the log so far with this `event`. */
export function logged(event: string): readonly string[] {
  return told.filter((line) => line.includes(`"event":${JSON.stringify(event)}`));
}

/** No log entry held a secret, and none is of a defect. */
export function expectQuietLog(): void {
  expect(told.filter(holdsSecret)).toEqual([]);
  expect(logged('request.failed')).toEqual([]);
}

function holdsSecret(text: string): boolean {
  return [...secrets].some((secret) => text.includes(secret));
}

/** The answer as it is documented, whatever its status: no 5xx, a request id, safe headers, and no secret anywhere. */
export async function expectOrderly(response: Response, context?: unknown): Promise<string> {
  const text = await response.text();
  const headers = [...response.headers].map((pair) => pair.join(': ')).join('\n');
  expect([context, holdsSecret(text), holdsSecret(headers)]).toEqual([context, false, false]);
  expect([context, response.status, response.status < 500]).toEqual([context, response.status, true]);
  expect(response.headers.get('x-request-id')).toMatch(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/);
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  if (response.status >= 400 && text !== '') expectProblemBody(response, text);
  return text;
}

function expectProblemBody(response: Response, text: string): Problem {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const problem = problemBody.parse(JSON.parse(text));
  expect(errorKinds).toHaveProperty(problem.error.code);
  expect(problem.status).toBe(response.status);
  expect(problem.request_id).toBe(response.headers.get('x-request-id'));
  expect(response.headers.get('www-authenticate')).toBe(response.status === 401 ? 'Bearer' : null);
  expect(problem.detail).toBe(problem.error.message);
  expect(problem.detail.length).toBeGreaterThan(10);
  return problem;
}

/** A refusal with this code, as it is documented. `context` tells which of many requests it was, should it not be one. */
export async function expectRefused(response: Response, code: ErrorCode, context?: unknown): Promise<Problem> {
  const text = await expectOrderly(response, context);
  const problem = expectProblemBody(response, text === '' ? '{}' : text);
  expect([context, problem.error.code, response.status]).toEqual([context, code, errorKinds[code].status]);
  return problem;
}

/** Asks the Worker with headers and a body as they are. */
export function ask(
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>,
): Promise<Response> {
  return exports.default.fetch(`${origin}${path}`, { method, headers, ...(body === undefined ? {} : { body }) });
}

/** How often the Worker has turned to any storage since. */
export function watchStorage(): () => number {
  const watched = [
    vi.spyOn(env.ACCOUNTS, 'getByName'),
    vi.spyOn(env.KEY_DIRECTORY, 'getByName'),
    vi.spyOn(env.CAPACITY, 'getByName'),
    vi.spyOn(env.CACHE, 'getWithMetadata'),
    vi.spyOn(env.CACHE, 'put'),
    vi.spyOn(env.CACHE, 'delete'),
  ];
  return () => watched.reduce((sum, { mock }) => sum + mock.calls.length, 0);
}
