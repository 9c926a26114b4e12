/** The whole road of a request in workerd: key, cache, account, run, settlement. */
import { abortAllDurableObjects, reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { problemBody } from '../../../src/http/problem.ts';
import { reflectionRecord } from '../../../src/http/reflection-record.ts';
import { usageAnswer } from '../../../src/http/routes/usage.ts';
import { adminToken, answeringModel, type MadeKey, makeKey, plentiful, send, silentModel } from './worker-api.ts';

const question = { input: 'What is 6 times 7?', strategy: 'direct' };

let key: MadeKey;

beforeEach(async () => {
  vi.spyOn(console, 'info').mockImplementation(() => undefined);
  key = await makeKey();
});

afterEach(async () => {
  vi.restoreAllMocks();
  await reset();
});

const ask = (body: unknown, headers: Record<string, string> = {}) =>
  send('POST', '/v1/reflections', key.key, body, headers);

async function recordOf(response: Response) {
  expect(response.status).toBe(200);
  return reflectionRecord.parse(await response.json());
}

/** Asks until an answer comes from the cache: it is written after the run's last byte. */
async function hit(body: Record<string, unknown>) {
  for (let tries = 0; tries < 200; tries += 1) {
    const response = await ask({ ...body, cache: { mode: 'only-if-cached' } });
    if (response.status === 200) return response;
    await response.body?.cancel();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('The answer was never cached.');
}

describe('an answer', () => {
  test('comes with what is left of each limit, and with how it came about', async () => {
    answeringModel();
    const response = await ask(question);
    expect(response.headers.get('ratelimit')).toMatch(/"requests/);
    expect(response.headers.get('x-ratelimit-remaining-requests')).toBe(String(plentiful.requests_per_minute - 1));
    expect(response.headers.get('cache-status')).toBe('edge-reflection; fwd=uri-miss');
    expect((await recordOf(response)).cache).toEqual({ status: 'miss', age_s: null });
  });

  test('is given again from the cache for nothing, with its own id and the new metadata, streamed as well', async () => {
    const calls = answeringModel();
    const first = await recordOf(await ask({ ...question, metadata: { turn: '1' } }));
    const response = await hit({ ...question, metadata: { turn: '2' } });
    expect(response.headers.get('cache-status')).toBe('edge-reflection; hit');
    const again = await recordOf(response);
    expect(again).toMatchObject({
      id: first.id,
      output: first.output,
      metadata: { turn: '2' },
      cache: { status: 'hit' },
    });
    expect(again.usage).toMatchObject({ total_tokens: 0, cost_usd: 0 });
    const stream = await (await ask({ ...question, stream: true })).text();
    expect(stream).toContain('event: pass.delta');
    expect(stream).toContain('"status":"hit"');
    expect(calls()).toBe(1);
  });

  test('is not in the cache of another account, nor after its run was deleted', async () => {
    answeringModel();
    const { id } = await recordOf(await ask(question));
    await (await hit(question)).body?.cancel();
    const stranger = await makeKey();
    const foreign = await send('POST', '/v1/reflections', stranger.key, {
      ...question,
      cache: { mode: 'only-if-cached' },
    });
    expect(problemBody.parse(await foreign.json()).error.code).toBe('only_if_cached_miss');
    expect((await send('DELETE', `/v1/reflections/${id}`, key.key)).status).toBe(200);
    expect((await recordOf(await ask(question))).id).not.toBe(id);
  });
});

describe('identical requests at once', () => {
  test('are one run for a hundred, and each gets its own metadata', async () => {
    const calls = answeringModel(300);
    const records = await Promise.all(
      Array.from({ length: 100 }, async (_, index) =>
        recordOf(await ask({ ...question, metadata: { index: String(index) } })),
      ),
    );
    expect(calls()).toBe(1);
    expect(new Set(records.map((record) => record.id)).size).toBe(1);
    expect(records.filter((record) => record.cache.status === 'joined')).toHaveLength(99);
    expect(records.map((record) => record.metadata['index'])).toEqual(records.map((_, index) => String(index)));
  });

  test('are runs of their own where they are not to be shared', async () => {
    const calls = answeringModel(100);
    const records = await Promise.all(
      ['no-store', 'reload', 'no-store'].map(async (mode) => recordOf(await ask({ ...question, cache: { mode } }))),
    );
    expect(new Set(records.map((record) => record.id)).size).toBe(3);
    expect(calls()).toBe(3);
  });
});

describe('an idempotency key', () => {
  test('gives the first run again, also while it goes on', async () => {
    const calls = answeringModel(100);
    const headers = { 'idempotency-key': '"8e03978e"' };
    const responses = await Promise.all([1, 2, 3].map(() => ask(question, headers)));
    const records = await Promise.all(responses.map(recordOf));
    expect(new Set(records.map((record) => record.id)).size).toBe(1);
    expect(responses.filter((response) => response.headers.get('idempotent-replayed') === 'true')).toHaveLength(2);
    expect((await recordOf(await ask(question, headers))).id).toBe(records[0]?.id);
    expect(calls()).toBe(1);
  });

  test('gets one run also where the object was lost while its model was asked, before any event of it was stored', async () => {
    silentModel();
    const headers = { 'idempotency-key': 'lost-under-way' };
    const first = ask(question, headers);
    await vi.waitFor(() => expect(env.AI.run).toHaveBeenCalled(), { interval: 2 });
    await abortAllDurableObjects();
    expect((await first).status).toBe(502);
    const calls = answeringModel();
    const response = await ask(question, headers);
    expect(response.headers.get('idempotent-replayed')).toBe('true');
    const { id, output, usage } = await recordOf(response);
    expect(output).toBe('The answer is 42.');
    expect(usage.passes.filter(({ charged }) => charged)).toHaveLength(1);
    expect((await recordOf(await ask(question, headers))).id).toBe(id);
    expect(calls()).toBe(2);
    await vi.waitFor(async () => {
      const { totals } = usageAnswer.parse(await (await send('GET', '/v1/usage', key.key)).json());
      expect(totals).toMatchObject({ runs: 1, total_tokens: usage.total_tokens });
    });
  });

  test('whose run failed for a reason that passes is free at once, and the next try runs', async () => {
    const headers = { 'idempotency-key': 'fails-first' };
    vi.spyOn(env.AI, 'run').mockRejectedValue(new Error('InferenceUpstreamError: 3040: Capacity temporarily exceeded'));
    const failed = await ask({ ...question, budget: { deadline_ms: 1_000 } }, headers);
    expect(failed.status).toBeGreaterThanOrEqual(500);
    expect(failed.headers.get('x-should-retry')).toBe('true');
    vi.restoreAllMocks();
    vi.spyOn(console, 'info').mockImplementation(() => undefined);
    answeringModel();
    const response = await ask({ ...question, budget: { deadline_ms: 1_000 } }, headers);
    expect(response.headers.get('idempotent-replayed')).toBeNull();
    expect((await recordOf(response)).output).toBe('The answer is 42.');
  });

  test('whose run failed for good gives the failure again, not to be retried', async () => {
    const headers = { 'idempotency-key': 'fails-for-good' };
    vi.spyOn(env.AI, 'run').mockRejectedValue(new Error('InferenceUpstreamError: 3036: account limited, daily quota'));
    for (const replayed of [null, 'true']) {
      const failed = await ask(question, headers);
      expect(failed.status).toBe(429);
      expect(failed.headers.get('idempotent-replayed')).toBe(replayed);
      expect(failed.headers.get('x-should-retry')).toBe('false');
    }
  });

  test('with another body is a 422', async () => {
    answeringModel();
    const headers = { 'idempotency-key': 'abc' };
    await recordOf(await ask(question, headers));
    const response = await ask({ ...question, input: 'Something else?' }, headers);
    expect(response.status).toBe(422);
    expect(problemBody.parse(await response.json()).error.code).toBe('idempotency_mismatch');
  });
});

describe('limits', () => {
  test('admit exactly what they say of two hundred requests at once', async () => {
    answeringModel(50);
    key = await makeKey({ limits: { ...plentiful, requests_per_minute: 50 } });
    const responses = await Promise.all(
      Array.from({ length: 200 }, (_, index) => ask({ ...question, input: `Question ${index}?` })),
    );
    expect(responses.filter(({ status }) => status === 200)).toHaveLength(50);
    const refused = responses.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(150);
    const [one] = refused;
    expect(Number(one?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(one?.headers.get('x-should-retry')).toBe('true');
    expect(problemBody.parse(await one?.json()).error).toMatchObject({
      code: 'rate_limited',
      limit: 'requests_per_minute',
      size: 50,
      remaining: 0,
    });
  });

  test('refuse for good what could never pass', async () => {
    key = await makeKey({ limits: { ...plentiful, tokens_per_minute: 100 } });
    const response = await ask(question);
    expect(response.status).toBe(400);
    expect(problemBody.parse(await response.json()).error).toMatchObject({
      code: 'request_exceeds_limit',
      limit: 'tokens_per_minute',
    });
  });
});

test('usage adds up to what the runs say', async () => {
  answeringModel();
  const records = await Promise.all(
    [1, 2, 3].map(async (index) => recordOf(await ask({ ...question, input: `Question ${index}?` }))),
  );
  const tokens = records.reduce((sum, record) => sum + record.usage.total_tokens, 0);
  await vi.waitFor(async () => {
    const usage = usageAnswer.parse(await (await send('GET', '/v1/usage', key.key)).json());
    expect(usage.totals).toMatchObject({ runs: 3, calls: 3, total_tokens: tokens });
  });
});

describe('nobody else', () => {
  test('sees, follows, cancels, rates or deletes a run', async () => {
    silentModel();
    const started = await ask({ ...question, background: true });
    const { id } = reflectionRecord.parse(await started.json());
    const stranger = await makeKey();
    const calls: [string, string, unknown?][] = [
      ['GET', ''],
      ['GET', '/events'],
      ['POST', '/cancel'],
      ['POST', '/feedback', { rating: 'up' }],
      ['DELETE', ''],
    ];
    for (const [method, path, body] of calls) {
      const response = await send(method, `/v1/reflections/${id}${path}`, stranger.key, body);
      expect([method, path, response.status]).toEqual([method, path, 404]);
      await response.body?.cancel();
    }
    expect((await send('POST', `/v1/reflections/${id}/cancel`, key.key)).status).toBe(200);
  });
});

describe('a key', () => {
  test('that is revoked spends nothing from then on', async () => {
    answeringModel();
    await recordOf(await ask({ ...question, cache: { mode: 'no-store' } }));
    expect((await send('DELETE', `/v1/keys/${key.id}`, adminToken)).status).toBe(200);
    expect((await ask({ ...question, cache: { mode: 'no-store' } })).status).toBe(401);
  });

  test('without the scope starts nothing', async () => {
    key = await makeKey({ scopes: ['read'] });
    expect((await ask(question)).status).toBe(403);
    expect((await send('GET', '/v1/usage', key.key)).status).toBe(200);
  });
});

test('stored reflections are listed, newest first, and only to their account', async () => {
  answeringModel();
  const ids: string[] = [];
  for (const index of [1, 2, 3]) {
    ids.unshift((await recordOf(await ask({ ...question, input: `Question ${index}?`, store: true }))).id);
  }
  await recordOf(await ask({ ...question, input: 'Not stored?' }));
  const list = await (await send('GET', '/v1/reflections?limit=2', key.key)).json();
  expect(list).toMatchObject({ object: 'list', first_id: ids[0], last_id: ids[1], has_more: true });
  const stranger = await makeKey();
  expect(await (await send('GET', '/v1/reflections', stranger.key)).json()).toMatchObject({
    data: [],
    has_more: false,
  });
});
