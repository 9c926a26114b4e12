/** The local model's server, over a generator that says what it is told to. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Generated, Generation, Generator } from '../../local/generator.ts';
import { PromptTooLong } from '../../local/generator.ts';
import { createLlamaServer, type ServerOptions } from '../../local/llama-server.ts';

interface FakeWay {
  readonly pieces?: readonly string[];
  readonly finishReason?: Generated['finishReason'];
  readonly slots?: number;
  /** Waits here, after the first piece, until it is released or aborted. */
  readonly hold?: Promise<unknown>;
  readonly failure?: Error;
}

function fakeGenerator({ pieces = ['Hel', 'lo'], finishReason = 'stop', slots = 1, hold, failure }: FakeWay = {}) {
  const asked: Generation[] = [];
  const aborted: unknown[] = [];
  const generator: Generator = {
    model: 'fake',
    contextTokens: 2048,
    slots,
    async generate(generation, onText, signal) {
      asked.push(generation);
      signal.addEventListener('abort', () => aborted.push(signal.reason));
      if (failure) throw failure;
      for (const piece of pieces) {
        onText(piece);
        if (hold) await Promise.race([hold, once(signal, 'abort')]);
        signal.throwIfAborted();
      }
      return { finishReason, promptTokens: 7, completionTokens: pieces.length };
    },
  };
  return { generator, asked, aborted };
}

async function listen(generator: Generator, options: ServerOptions = {}) {
  const server = createLlamaServer(generator, options);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    port,
    ask: (body: unknown, init: RequestInit = {}) =>
      fetch(`${url}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: typeof body === 'string' ? body : JSON.stringify(body),
        ...init,
      }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const hello = { messages: [{ role: 'user', content: 'Hello' }] };

/** The payloads of a stream of events, `[DONE]` left as it is. */
async function payloads(response: Response): Promise<unknown[]> {
  const lines = (await response.text()).split('\n\n').filter((line) => line !== '');
  return lines.map((line) => {
    const data = line.slice('data: '.length);
    return data === '[DONE]' ? data : JSON.parse(data);
  });
}

describe('an answer in one piece', () => {
  test('has the text, why it ended, and its usage', async () => {
    await using server = await listen(fakeGenerator({ finishReason: 'length' }).generator);
    const response = await server.ask(hello);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      object: 'chat.completion',
      model: 'fake',
      choices: [{ index: 0, message: { role: 'assistant', content: 'Hello' }, finish_reason: 'length' }],
      usage: { prompt_tokens: 7, completion_tokens: 2, total_tokens: 9 },
    });
  });

  test('is generated as the request says', async () => {
    const { generator, asked } = fakeGenerator();
    await using server = await listen(generator);
    const schema = { type: 'object', properties: {} };
    await server.ask({
      model: 'whatever',
      messages: [
        { role: 'developer', content: 'Be brief.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'one ' },
            { type: 'text', text: 'two' },
          ],
        },
        { role: 'assistant', content: 'three' },
        { role: 'user', content: 'four' },
      ],
      max_tokens: 5,
      temperature: 0,
      top_p: 0.5,
      seed: 3,
      stop: 'END',
      response_format: { type: 'json_schema', json_schema: { name: 'x', schema } },
      user: 'a field that is not known here',
    });
    expect(asked).toEqual([
      {
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: 'one two' },
          { role: 'assistant', content: 'three' },
          { role: 'user', content: 'four' },
        ],
        maxTokens: 5,
        temperature: 0,
        topP: 0.5,
        seed: 3,
        stop: ['END'],
        format: { kind: 'schema', schema },
      },
    ]);
  });
});

describe('a stream', () => {
  test('begins with the role, gives each piece, its end, its usage, and [DONE]', async () => {
    await using server = await listen(fakeGenerator().generator);
    const response = await server.ask({ ...hello, stream: true, stream_options: { include_usage: true } });
    expect(response.headers.get('content-type')).toMatch('text/event-stream');
    const usage = { prompt_tokens: 7, completion_tokens: 2, total_tokens: 9 };
    expect(await payloads(response)).toMatchObject([
      {
        object: 'chat.completion.chunk',
        choices: [{ delta: { role: 'assistant', content: '' }, finish_reason: null }],
      },
      { choices: [{ delta: { content: 'Hel' } }] },
      { choices: [{ delta: { content: 'lo' } }] },
      { choices: [{ delta: {}, finish_reason: 'stop' }] },
      { choices: [], usage },
      '[DONE]',
    ]);
  });

  test('carries its usage in the last piece when no piece of its own was asked for', async () => {
    await using server = await listen(fakeGenerator().generator);
    const all = await payloads(await server.ask({ ...hello, stream: true }));
    expect(all.at(-2)).toMatchObject({ choices: [{ finish_reason: 'stop' }], usage: { total_tokens: 9 } });
  });

  test('of an empty answer is whole all the same', async () => {
    await using server = await listen(fakeGenerator({ pieces: [] }).generator);
    const all = await payloads(await server.ask({ ...hello, stream: true }));
    expect(all).toMatchObject([
      { choices: [{ delta: { role: 'assistant' } }] },
      { choices: [{ finish_reason: 'stop' }] },
      '[DONE]',
    ]);
  });
});

describe('a client that goes', () => {
  test.each([true, false])('stops the generation (stream: %s)', async (stream) => {
    const { generator, aborted } = fakeGenerator({ hold: new Promise(() => undefined) });
    await using server = await listen(generator);
    const leave = new AbortController();
    const asking = server.ask({ ...hello, stream }, { signal: leave.signal }).then((response) => response.text());
    await pause(50);
    leave.abort();
    await expect(asking).rejects.toThrow();
    await expect.poll(() => aborted.length).toBe(1);
  });

  test('leaves the line, and the next one is served', async () => {
    let release: (value?: unknown) => void = () => undefined;
    const hold = new Promise((resolve) => {
      release = resolve;
    });
    const { generator, asked } = fakeGenerator({ hold, pieces: ['a'] });
    await using server = await listen(generator);
    const first = server.ask(hello);
    await expect.poll(() => asked.length).toBe(1);
    const leave = new AbortController();
    const second = server.ask(hello, { signal: leave.signal });
    const third = server.ask({ messages: [{ role: 'user', content: 'third' }] });
    const waiting = async () => (await (await fetch(`${server.url}/health`)).json()).waiting;
    await expect.poll(waiting).toBe(2);
    leave.abort();
    await expect(second).rejects.toThrow();
    await expect.poll(waiting).toBe(1);
    release();
    expect((await first).status).toBe(200);
    expect((await third).status).toBe(200);
    expect(asked.map((generation) => generation.messages[0]?.content)).toEqual(['Hello', 'third']);
  });
});

describe('a busy model', () => {
  test('serves in order, and refuses what exceeds the line with 503 and when to come back', async () => {
    let release: (value?: unknown) => void = () => undefined;
    const hold = new Promise((resolve) => {
      release = resolve;
    });
    const { generator, asked } = fakeGenerator({ hold, slots: 2 });
    await using server = await listen(generator, { longestQueue: 2 });
    const served = [];
    for (const content of ['1', '2', '3', '4']) {
      served.push(server.ask({ messages: [{ role: 'user', content }] }));
      await pause(20);
    }
    expect(asked.length).toBe(2);
    const refused = await server.ask(hello);
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('5');
    expect(await refused.json()).toMatchObject({ error: { code: 'queue_full' } });
    release();
    expect((await Promise.all(served)).map((response) => response.status)).toEqual([200, 200, 200, 200]);
    expect(asked.map((generation) => generation.messages[0]?.content)).toEqual(['1', '2', '3', '4']);
  });
});

describe('what cannot be answered', () => {
  test.each([
    ['no JSON', '{"messages":', null],
    ['another shape', '[]', null],
    ['no messages', '{"messages":[]}', 'messages'],
    ['an unknown role', '{"messages":[{"role":"tool","content":"x"}]}', 'messages.0.role'],
    ['a number for a text', '{"messages":[{"role":"user","content":5}]}', 'messages.0.content'],
    [
      'a picture',
      '{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{}}]}]}',
      'messages.0.content',
    ],
    ['no room', '{"messages":[{"role":"user","content":"x"}],"max_tokens":0}', 'max_tokens'],
    ['a fever', '{"messages":[{"role":"user","content":"x"}],"temperature":99}', 'temperature'],
    ['several answers', '{"messages":[{"role":"user","content":"x"}],"n":2}', 'n'],
  ])('%s is a 400 that names the field', async (_what, body, param) => {
    const { generator, asked } = fakeGenerator();
    await using server = await listen(generator);
    const response = await server.ask(body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error: { type: 'invalid_request_error', code: 'invalid_request', param },
    });
    expect(asked).toEqual([]);
  });

  test('any text is answered with 200 or 400, and the server goes on', async () => {
    await using server = await listen(fakeGenerator().generator);
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.json()), async (body) => {
        expect((await server.ask(body)).status).toBe(400);
      }),
      { numRuns: 60 },
    );
    expect((await server.ask(hello)).status).toBe(200);
  });

  test('a body without its type is refused, so that a page elsewhere cannot use the model', async () => {
    await using server = await listen(fakeGenerator().generator);
    expect((await server.ask(hello, { headers: { 'content-type': 'text/plain' } })).status).toBe(415);
  });

  test('a body that is too large is refused', async () => {
    await using server = await listen(fakeGenerator().generator, { longestBodyBytes: 1000 });
    expect((await server.ask({ ...hello, padding: 'x'.repeat(5000) })).status).toBe(413);
  });

  test('a prompt that is too long is told as OpenAI tells it', async () => {
    await using server = await listen(fakeGenerator({ failure: new PromptTooLong(9000, 8192) }).generator);
    const response = await server.ask({ ...hello, stream: true });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: 'context_length_exceeded' } });
  });

  test('a failure of the model is a 500, and its place is free again', async () => {
    await using server = await listen(fakeGenerator({ failure: new Error('out of memory') }).generator);
    expect((await server.ask(hello)).status).toBe(500);
    expect((await server.ask(hello)).status).toBe(500);
  });

  test('an unknown path is a 404', async () => {
    await using server = await listen(fakeGenerator().generator);
    expect((await fetch(`${server.url}/v1/embeddings`, { method: 'POST' })).status).toBe(404);
  });

  test('a half-sent request takes no place', async () => {
    const { generator, asked } = fakeGenerator();
    await using server = await listen(generator);
    const socket = connect(server.port, '127.0.0.1');
    socket.write(
      'POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"mess',
    );
    await pause(30);
    socket.destroy();
    expect((await server.ask(hello)).status).toBe(200);
    expect(asked.length).toBe(1);
  });
});

describe('what the server tells of itself', () => {
  test('its model and its health', async () => {
    await using server = await listen(fakeGenerator().generator);
    const models = await (await fetch(`${server.url}/v1/models`)).json();
    expect(models).toMatchObject({ object: 'list', data: [{ id: 'fake', context_length: 2048 }] });
    expect(await (await fetch(`${server.url}/health?x=1`)).json()).toEqual({ status: 'ok', waiting: 0 });
  });
});
