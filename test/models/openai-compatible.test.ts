import { describe, expect, test } from 'vitest';
import { createOpenAiCompatible } from '../../src/models/openai-compatible.ts';
import type { ModelCall } from '../../src/reflection/model.ts';
import { callOf, modelOf, textOf } from './calls.ts';

const signal = new AbortController().signal;
const schema = { type: 'object' };
const model = modelOf('llama', { abilities: { streaming: true, jsonSchema: 'streamed', prefill: false } });
const answer = { choices: [{ message: { content: 'yes' }, finish_reason: 'stop' }] };

interface Request {
  readonly url: string;
  readonly init: RequestInit;
  readonly body: Record<string, unknown>;
}

/** An endpoint with one reply a request, and what it was sent. */
function endpoint(...replies: readonly (() => Response)[]) {
  const requests: Request[] = [];
  const provider = createOpenAiCompatible({
    baseUrl: 'http://model.test/v1/',
    apiKey: 'sk-secret',
    async fetch(url, init) {
      requests.push({ url, init, body: JSON.parse(String(init.body)) });
      const reply = replies[requests.length - 1];
      if (!reply) throw new TypeError('fetch failed for sk-secret');
      return reply();
    },
  });
  const read = async (call: ModelCall, of = model): Promise<string> =>
    textOf(await Array.fromAsync(provider.stream(of, call, signal)));
  return { requests, read };
}

const ok = (): Response => Response.json(answer);
const refuse =
  (message: string, status = 400) =>
  (): Response =>
    Response.json({ error: { message } }, { status });

describe('what an OpenAI-compatible endpoint is asked', () => {
  test('is a streamed chat completion with usage, by the key', async () => {
    const { requests, read } = endpoint(ok);
    await read(callOf({ topP: 0.9, seed: 5, stop: ['END'], jsonSchema: schema, role: 'critique' }));
    expect(requests[0]?.url).toBe('http://model.test/v1/chat/completions');
    expect(new Headers(requests[0]?.init.headers).get('authorization')).toBe('Bearer sk-secret');
    expect(requests[0]?.body).toEqual({
      model: 'llama',
      messages: [{ role: 'user', content: 'What is six times seven?' }],
      max_tokens: 256,
      temperature: 0.5,
      top_p: 0.9,
      seed: 5,
      stop: ['END'],
      stream: true,
      stream_options: { include_usage: true },
      response_format: { type: 'json_schema', json_schema: { name: 'critique', schema } },
    });
  });

  test('is JSON mode where any object will do', async () => {
    const { requests, read } = endpoint(ok);
    await read(callOf({ jsonObject: true }));
    expect(requests[0]?.body).toMatchObject({ response_format: { type: 'json_object' } });
  });

  test('is the beginning of the answer where the server can go on with it, and in words once it refused that', async () => {
    const goesOn = modelOf('llama', { abilities: { streaming: true, jsonSchema: 'no', prefill: true } });
    const beginning = { role: 'assistant', content: 'It is' } as const;
    const inWords = { role: 'user', content: 'Go on.' } as const;
    const call = callOf({ messages: [beginning, inWords], prefill: [beginning] });
    const { requests, read } = endpoint(ok, refuse('Unknown parameter: continue_final_message'), ok, ok);
    for (let asked = 0; asked < 3; asked += 1) await read(call, goesOn);
    expect(
      requests.map(({ body }) => [body['messages'], body['continue_final_message'], body['add_generation_prompt']]),
    ).toEqual([
      [[beginning], true, false],
      [[beginning], true, false],
      [[beginning, inWords], undefined, undefined],
      [[beginning, inWords], undefined, undefined],
    ]);
    const other = endpoint(ok);
    await other.read(call);
    expect(other.requests[0]?.body['messages']).toEqual([beginning, inWords]);
  });

  test('leaves out what the call does not set', async () => {
    const { requests, read } = endpoint(ok);
    await read(callOf());
    expect(Object.keys(requests[0]?.body ?? {})).toEqual([
      'model',
      'messages',
      'max_tokens',
      'temperature',
      'stream',
      'stream_options',
    ]);
  });

  test('is one piece where the model cannot stream', async () => {
    const { requests, read } = endpoint(ok);
    await read(callOf(), modelOf('old', { abilities: { streaming: false, jsonSchema: 'no', prefill: false } }));
    expect(requests[0]?.body).toMatchObject({ stream: false });
    expect(requests[0]?.body).not.toHaveProperty('stream_options');
  });

  test('goes without what the server refuses, and remembers it', async () => {
    const { requests, read } = endpoint(
      refuse('response_format is not supported'),
      refuse('Unknown field: stream_options', 422),
      ok,
      ok,
    );
    expect(await read(callOf({ jsonSchema: schema }))).toBe('yes');
    await read(callOf({ jsonSchema: schema }));
    const sent = requests.map(({ body }) => ['response_format', 'stream_options'].filter((field) => field in body));
    expect(sent).toEqual([['response_format', 'stream_options'], ['stream_options'], [], []]);
  });

  test('goes without a format where a refusal names nothing, and remembers it once that was it', async () => {
    const { requests, read } = endpoint(refuse('Bad request'), ok, ok);
    expect(await read(callOf({ jsonSchema: schema }))).toBe('yes');
    await read(callOf({ jsonSchema: schema }));
    expect(requests.map(({ body }) => 'response_format' in body)).toEqual([true, false, false]);
  });

  test('keeps the format where the request is refused without it, too', async () => {
    const { requests, read } = endpoint(refuse('Bad request'), refuse('Bad request'), ok);
    await expect(read(callOf({ jsonSchema: schema }))).rejects.toMatchObject({ code: 'upstream_failed' });
    await read(callOf({ jsonSchema: schema }));
    expect(requests.map(({ body }) => 'response_format' in body)).toEqual([true, false, true]);
  });

  test('does not ask again without a field that was not sent', async () => {
    const { requests, read } = endpoint(refuse('response_format is not supported'));
    await expect(read(callOf())).rejects.toMatchObject({ code: 'upstream_failed', kind: { retry: 'never' } });
    expect(requests).toHaveLength(1);
  });
});

describe('what an OpenAI-compatible endpoint fails with', () => {
  test('a Retry-After in seconds is handed on', async () => {
    const { read } = endpoint(() => new Response('{}', { status: 429, headers: { 'retry-after': '7' } }));
    await expect(read(callOf())).rejects.toMatchObject({ code: 'upstream_busy', retryAfterSeconds: 7 });
  });

  test('a Retry-After that is past is passed over', async () => {
    const headers = { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' };
    const { read } = endpoint(() => new Response('{}', { status: 429, headers }));
    await expect(read(callOf())).rejects.toMatchObject({ code: 'upstream_busy', retryAfterSeconds: undefined });
  });

  test('an endpoint that cannot be reached may be asked again, and the key is not named', async () => {
    const error = await endpoint()
      .read(callOf())
      .catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'upstream_failed', kind: { retry: 'again' } });
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('sk-secret');
  });

  test('an error body of any length is read to a bound only', async () => {
    let sent = 0;
    const endless = new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull(controller) {
        sent += 1;
        controller.enqueue(new Uint8Array(10_000));
      },
    });
    const { read } = endpoint(() => new Response(endless, { status: 500 }));
    await expect(read(callOf())).rejects.toMatchObject({ code: 'upstream_failed' });
    expect(sent).toBeLessThan(12);
  });

  test('a base URL that is none is refused at once', () => {
    expect(() => createOpenAiCompatible({ baseUrl: 'localhost', fetch: async () => ok() })).toThrow();
  });
});
