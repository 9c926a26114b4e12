/** The HTTP application over memory ports, and short ways to ask it. */
import { expect } from 'vitest';
import { type App, createApp, type Services } from '../../src/app.ts';
import type { LogEntry } from '../../src/errors.ts';
import { type Problem, problemBody } from '../../src/http/problem.ts';
import type { ModelFacts, Roster } from '../../src/reflection/model.ts';
import type { Runs } from '../../src/runs/runs.ts';
import { memoryRuns } from '../support/memory-runs.ts';
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
  readonly log: readonly LogEntry[];
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  send(method: string, path: string, headers?: Record<string, string>): Promise<Response>;
}

export function makeApi(overrides: Partial<Services> = {}): Api {
  const log: LogEntry[] = [];
  const services: Services = {
    runs: memoryRuns(scriptedEngine),
    models: { roster: () => roster, health: () => [] },
    log: (entry) => log.push(entry),
    now: Date.now,
    randomId: () => crypto.randomUUID(),
    ...overrides,
  };
  const app = createApp(services);
  const send: Api['send'] = async (method, path, headers = {}) => app.request(path, { method, headers });
  return {
    app,
    runs: services.runs,
    log,
    send,
    get: (path, headers) => send('GET', path, headers),
    post: async (path, body, headers = {}) =>
      app.request(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
  };
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
