/** The real Worker, asked over HTTP with keys made over HTTP; only the model's words are made up. */
import { env, exports } from 'cloudflare:workers';
import { vi } from 'vitest';
import * as z from 'zod/mini';
import type { Limits } from '../../../src/accounts/accounts.ts';
import { newKey } from '../../../src/http/routes/keys.ts';

export const origin = 'http://localhost:8787';
export const adminToken = env.ADMIN_TOKEN;

export type MadeKey = z.output<typeof newKey>;

export const plentiful: Limits = {
  requests_per_minute: 100_000,
  tokens_per_minute: 100_000_000,
  concurrent_runs: 1_000,
  daily_usd: 1_000,
  refused_per_minute: 100_000,
};

export function send(
  method: string,
  path: string,
  token: string | undefined,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return exports.default.fetch(`${origin}${path}`, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

/** A key of a new account that may do everything. */
export async function makeKey(wish: Record<string, unknown> = {}): Promise<MadeKey> {
  const response = await send('POST', '/v1/keys', adminToken, {
    name: 'tests',
    scopes: ['reflect', 'read', 'export'],
    limits: plentiful,
    ...wish,
  });
  return newKey.parse(await response.json());
}

const options = z.object({ signal: z.instanceof(AbortSignal) });

export const answer = {
  response: 'The answer is 42.',
  usage: { prompt_tokens: 12, completion_tokens: 5, total_tokens: 17 },
};

/** Answers every model call after `afterMs`; gives how often one was made. */
export function answeringModel(afterMs = 0): () => number {
  const run = vi.spyOn(env.AI, 'run').mockImplementation(async () => {
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    return answer;
  });
  return () => run.mock.calls.length;
}

/** Never answers, until somebody cancels it. */
export function silentModel(): void {
  vi.spyOn(env.AI, 'run').mockImplementation((_model: string, _inputs: unknown, given: unknown) => {
    const { signal } = options.parse(given);
    return new Promise((_, reject) => {
      // Without anything under way, the runtime takes the call for hung and ends it by itself.
      const underWay = setTimeout(() => reject(new Error('Nobody cancelled the call.')), 60_000);
      signal.addEventListener('abort', () => {
        clearTimeout(underWay);
        reject(signal.reason);
      });
    });
  });
}
