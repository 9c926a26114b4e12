/** The real Worker in workerd, speaking to an OpenAI-compatible server that is made up at `fetch`. */
import { reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import * as z from 'zod/mini';
import { problemBody } from '../../../src/http/problem.ts';
import { reflectionRecord } from '../../../src/http/reflection-record.ts';
import { type MadeKey, makeKey, send } from './worker-api.ts';

// A test file has its own isolate, and its Worker reads these at the first request.
Object.assign(env, {
  MODEL_PROVIDER: 'openai-compatible',
  UPSTREAM_URL: 'http://upstream.test/v1',
  UPSTREAM_MODEL: 'test-model',
  UPSTREAM_CLASS: 'large',
  UPSTREAM_KEY: 'upstream-key',
});

const words = ['The ', 'answer ', 'is ', '42.'];

/** A streamed chat completion, as vLLM and llama.cpp send it. */
function completion(): Response {
  const chunks = [
    ...words.map((content) => ({ choices: [{ index: 0, delta: { content }, finish_reason: null }] })),
    { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
    { choices: [], usage: { prompt_tokens: 12, completion_tokens: 5, total_tokens: 17 } },
  ];
  const text = `${chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join('')}data: [DONE]\n\n`;
  return new Response(text, { headers: { 'content-type': 'text/event-stream' } });
}

let key: MadeKey;

const ask = (body: unknown): Promise<Response> => send('POST', '/v1/reflections', key.key, body);

function eventsOf(text: string): EventSourceMessage[] {
  const events: EventSourceMessage[] = [];
  createParser({ onEvent: (event) => events.push(event) }).feed(text);
  return events;
}

const upstream = vi.fn<(url: string, init: RequestInit) => Promise<Response>>();
const requestInit = z.object({ headers: z.record(z.string(), z.string()), body: z.string() });

beforeEach(async () => {
  key = await makeKey();
  upstream.mockReset().mockImplementation(async () => completion());
  vi.spyOn(globalThis, 'fetch').mockImplementation((url, init) => upstream(String(url), init ?? {}));
  vi.spyOn(console, 'info').mockImplementation(() => undefined);
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
});

afterEach(async () => {
  vi.restoreAllMocks();
  await reset();
});

describe('over an OpenAI-compatible server', () => {
  test('a reflection is asked for at the configured address, with the key, and answered', async () => {
    const response = await ask({ input: 'What is 6 times 7?', strategy: 'direct' });
    expect(reflectionRecord.parse(await response.json())).toMatchObject({
      output: 'The answer is 42.',
      usage: { input_tokens: 12, output_tokens: 5, passes: [{ model: 'test-model' }] },
    });
    const [url, init] = upstream.mock.lastCall ?? [];
    expect(url).toBe('http://upstream.test/v1/chat/completions');
    const { headers, body } = requestInit.parse(init);
    expect(headers['authorization']).toBe('Bearer upstream-key');
    expect(JSON.parse(body)).toMatchObject({ model: 'test-model', stream: true });
  });

  test('a stream’s deltas make up the answer', async () => {
    const events = eventsOf(
      await (await ask({ input: 'What is 6 times 7?', strategy: 'direct', stream: true })).text(),
    );
    const deltas = events.filter(({ event }) => event === 'pass.delta').map(({ data }) => JSON.parse(data));
    expect(deltas.reduce((text, delta) => text.slice(0, delta.offset) + delta.text, '')).toBe('The answer is 42.');
    expect(events.map(({ id }) => Number(id))).toEqual(events.map((_, index) => index + 1));
  });

  test('the full pipeline answers, with every strategy', async () => {
    for (const strategy of ['direct', 'cot', 'tags', 'checks', 'selective', 'vote', 'always']) {
      const response = await ask({ input: 'What is 6 times 7?', strategy, checks: [{ type: 'words', max: 10 }] });
      expect([strategy, response.status]).toEqual([strategy, 200]);
      expect(reflectionRecord.parse(await response.json()).status).toBe('completed');
    }
  });

  test('a key that the server refuses is the operator’s to mend, and is not shown', async () => {
    upstream.mockImplementation(
      async () => new Response('{"error": {"message": "bad key upstream-key"}}', { status: 401 }),
    );
    const response = await ask({ input: 'hello' });
    const text = await response.text();
    expect([response.status, problemBody.parse(JSON.parse(text)).error.code]).toEqual([502, 'upstream_failed']);
    expect(text).not.toContain('upstream-key');
  });
});
