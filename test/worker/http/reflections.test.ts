/** The real Worker in workerd, with its Durable Objects; only the model's words are made up. */
import { reset } from 'cloudflare:test';
import { env, exports } from 'cloudflare:workers';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { problemBody } from '../../../src/http/problem.ts';
import { reflectionRecord } from '../../../src/http/reflection-record.ts';
import { health } from '../../../src/http/routes/health.ts';
import { modelList } from '../../../src/http/routes/models.ts';
import { deletedReflection } from '../../../src/http/routes/run.ts';
import {
  adminToken,
  answer,
  answeringModel,
  type MadeKey,
  makeKey,
  origin,
  send as sendWith,
  silentModel,
} from './worker-api.ts';

let key: MadeKey;

const send = (method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response> =>
  sendWith(method, path, key.key, body, headers);

const ask = (body: unknown): Promise<Response> => send('POST', '/v1/reflections', body);

function eventsOf(text: string): EventSourceMessage[] {
  const events: EventSourceMessage[] = [];
  createParser({ onEvent: (event) => events.push(event) }).feed(text);
  return events;
}

beforeEach(async () => {
  answeringModel();
  vi.spyOn(console, 'info').mockImplementation(() => undefined);
  key = await makeKey();
});

afterEach(async () => {
  vi.restoreAllMocks();
  await reset();
});

describe('the Worker', () => {
  test('answers a reflection, and keeps it to be read again', async () => {
    const response = await ask({ input: 'What is 6 times 7?', strategy: 'direct' });
    expect(response.status).toBe(200);
    const record = reflectionRecord.parse(await response.json());
    expect(record).toMatchObject({ status: 'completed', output: 'The answer is 42.', cache: { status: 'miss' } });
    expect(record.usage).toMatchObject({ input_tokens: 12, output_tokens: 5 });
    const again = await send('GET', `/v1/reflections/${record.id}`);
    expect(await again.json()).toEqual(record);
  });

  test('streams the run as it goes, numbered without gaps, ending in the record', async () => {
    const response = await ask({ input: 'What is 6 times 7?', strategy: 'direct', stream: true });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(response.headers.get('x-request-id')).toMatch(/^req_/);
    const events = eventsOf(await response.text());
    expect(events.map(({ id }) => Number(id))).toEqual(events.map((_, index) => index + 1));
    expect(events.at(-1)?.event).toBe('run.completed');
    const { reflection } = JSON.parse(events.at(-1)?.data ?? '');
    expect(reflectionRecord.parse(reflection).output).toBe('The answer is 42.');
    const replayed = await send('GET', `/v1/reflections/${reflection.id}/events`, undefined, { 'last-event-id': '2' });
    expect(eventsOf(await replayed.text())).toEqual(events.slice(2));
  });

  test('a background run is started, followed, cancelled and removed by its id', async () => {
    silentModel();
    const started = await ask({ input: 'hello', strategy: 'direct', background: true });
    expect(started.status).toBe(202);
    const path = started.headers.get('location') ?? '';
    const { id } = reflectionRecord.parse(await started.json());
    expect(path).toBe(`/v1/reflections/${id}`);
    const following = send('GET', `${path}/events`).then((response) => response.text());
    await vi.waitFor(() => expect(env.AI.run).toHaveBeenCalled());
    const cancelled = await send('POST', `${path}/cancel`);
    expect(await cancelled.json()).toMatchObject({ id, status: 'cancelled' });
    expect(eventsOf(await following).at(-1)?.event).toBe('run.cancelled');
    const removed = await send('DELETE', path);
    expect(deletedReflection.parse(await removed.json())).toEqual({ id, object: 'reflection.deleted', deleted: true });
    expect((await send('GET', path)).status).toBe(404);
  });

  test('a reader who leaves a stream leaves the run to its end', async () => {
    let release = (): void => {};
    vi.mocked(env.AI.run).mockImplementation(async () => {
      await vi.waitFor(() => expect(release).toBe(released));
      return answer;
    });
    const released = (): void => {};
    const response = await ask({ input: 'hello', strategy: 'direct', stream: true });
    const reader = response.body?.getReader();
    const first = new TextDecoder().decode((await reader?.read())?.value);
    await reader?.cancel();
    release = released;
    const id = /"reflection_id":"(refl_[^"]+)"/.exec(first)?.[1];
    await vi.waitFor(async () => {
      expect(await (await send('GET', `/v1/reflections/${id}`)).json()).toMatchObject({
        status: 'completed',
        output: 'The answer is 42.',
      });
    });
  });

  test('a provider’s spent quota reaches the caller as a 429 that says not to retry', async () => {
    vi.mocked(env.AI.run).mockImplementation(async () => {
      throw new Error('3036: you have used up your daily free allocation of 10,000 neurons');
    });
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const response = await ask({ input: 'hello' });
    const problem = problemBody.parse(await response.json());
    expect([response.status, problem.error.code, response.headers.get('x-should-retry')]).toEqual([
      429,
      'upstream_quota',
      'false',
    ]);
    expect(await (await send('GET', `/v1/reflections/${problem.reflection_id}`)).json()).toMatchObject({
      status: 'failed',
    });
  });

  test('a made-up id is not found, whatever it looks like', async () => {
    for (const id of ['refl_', 'refl_0', `refl_${'0'.repeat(64)}`, 'x', '%00', 'refl_%F0%9F%98%80']) {
      const response = await send('GET', `/v1/reflections/${id}`);
      expect([id, response.status]).toEqual([id, 404]);
      await response.body?.cancel();
    }
  });

  test('lists its tiers and tells its health', async () => {
    const list = modelList.parse(await (await send('GET', '/v1/models')).json());
    expect(list.data.map(({ id }) => id)).toEqual([
      'reflect-fast',
      'reflect-balanced',
      'reflect-quality',
      'reflect-max',
    ]);
    expect(list.data[1]?.seats.critic[0]).toContain('@cf/');
    expect(health.parse(await (await send('GET', '/health')).json()).status).toBe('ok');
  });

  test('refuses whoever has no key of it, and looks at no storage for that', async () => {
    const forged = `${key.key.slice(0, -1)}${key.key.endsWith('A') ? 'B' : 'A'}`;
    const asked = vi.spyOn(env.ACCOUNTS, 'getByName');
    for (const token of [undefined, 'nonsense', forged, `${key.key}x`, adminToken]) {
      const response = await sendWith('POST', '/v1/reflections', token, { input: 'hello' });
      expect([token, response.status]).toEqual([token, 401]);
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
      expect(problemBody.parse(await response.json()).error.code).toBe('invalid_api_key');
    }
    expect(asked).not.toHaveBeenCalled();
    expect(env.AI.run).not.toHaveBeenCalled();
  });

  test('refuses a body beyond 1 MB, and bytes that are no JSON', async () => {
    const large = await ask({ input: 'x'.repeat(1_048_576) });
    expect([large.status, problemBody.parse(await large.json()).error.code]).toEqual([413, 'body_too_large']);
    const chunked = await exports.default.fetch(`${origin}/v1/reflections`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key.key}`, 'content-type': 'application/json' },
      body: new Uint8Array([0xff, 0xfe]),
    });
    expect([chunked.status, problemBody.parse(await chunked.json()).detail]).toEqual([400, 'body: not valid UTF-8']);
  });

  test('refuses a compressed body by what it is, not by what its bytes look like', async () => {
    const compressed = new Response('{"input": "hello"}').body?.pipeThrough(new CompressionStream('gzip'));
    const response = await exports.default.fetch(`${origin}/v1/reflections`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key.key}`, 'content-type': 'application/json', 'content-encoding': 'gzip' },
      body: await new Response(compressed).arrayBuffer(),
    });
    const { error } = problemBody.parse(await response.json());
    expect([response.status, error.code]).toEqual([415, 'unsupported_media_type']);
    expect(error.message).toContain('content-encoding');
  });
});
