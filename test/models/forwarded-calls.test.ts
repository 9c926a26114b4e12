/** What a call that another context makes gives: the same as one that is made here. */
import { describe, expect, test } from 'vitest';
import { forwardAi, forwardFetch, makeAi, makeFetch } from '../../src/models/forwarded-calls.ts';
import type { AiBinding } from '../../src/models/workers-ai.ts';

type Run = AiBinding['run'];

function forwardedRun(run: Run): Promise<unknown> {
  const make = makeAi({ run });
  const inputs = { messages: [{ role: 'user', content: 'Hi' }], seed: undefined };
  const ai = forwardAi({ fetch: (url, init) => make(new Request(url, init)) });
  return ai.run('@cf/model', inputs, { signal: new AbortController().signal, returnRawResponse: true });
}

const failing = (error: unknown) => async (): Promise<never> => {
  throw error;
};

describe('a forwarded call of the AI binding', () => {
  test('arrives with its model, inputs and options', async () => {
    const asked: unknown[] = [];
    await forwardedRun(async (model, inputs, { signal, ...options }) => {
      asked.push(model, inputs, options, signal instanceof AbortSignal);
    });
    expect(asked).toEqual([
      '@cf/model',
      { messages: [{ role: 'user', content: 'Hi' }] },
      { returnRawResponse: true },
      true,
    ]);
  });

  test('gives the response with its status, headers and body, whatever they are', async () => {
    const headers = { 'cf-ai-neurons': '1.5', 'retry-after': '7', 'content-type': 'application/json' };
    for (const status of [200, 302, 429, 500]) {
      const given = await forwardedRun(async () => new Response('{"x":1}', { status, headers }));
      if (!(given instanceof Response)) throw new Error('Not a response.');
      expect([given.status, await given.text()]).toEqual([status, '{"x":1}']);
      expect(Object.fromEntries(given.headers)).toMatchObject(headers);
    }
  });

  test('takes a response for nothing but a response, though the provider named it otherwise', async () => {
    const given = await forwardedRun(async () => new Response('{}', { headers: { 'model-call-result': 'thrown' } }));
    expect(given).toBeInstanceOf(Response);
  });

  test('gives a stream as a stream', async () => {
    const given = await forwardedRun(async () => new Response('data: 1\n\n').body);
    if (!(given instanceof ReadableStream)) throw new Error('Not a stream.');
    expect(await new Response(given).text()).toBe('data: 1\n\n');
  });

  test.each([{ response: 'The answer', usage: { prompt_tokens: 1 } }, 'words', 4, null])(
    'gives the value %j',
    async (value) => {
      expect(await forwardedRun(async () => value)).toEqual(value);
    },
  );

  test('throws an error with its name, its message and its codes', async () => {
    const error = Object.assign(new Error('3040: Capacity temporarily exceeded'), {
      name: 'InferenceUpstreamError',
      code: 3040,
      internalCode: '3040',
      request: { prompt: 'nothing that says what failed' },
    });
    const thrown = await forwardedRun(failing(error)).catch((reason: unknown) => reason);
    expect(thrown).toBeInstanceOf(Error);
    expect(thrown).toMatchObject({ name: error.name, message: error.message, code: 3040, internalCode: '3040' });
    expect(thrown).not.toHaveProperty('request');
  });

  test('throws what is no error as it is', async () => {
    const reason = { error: { code: 5021, message: 'too long' } };
    expect(await forwardedRun(failing(reason)).catch((thrown: unknown) => thrown)).toEqual(reason);
  });
});

describe('a forwarded fetch', () => {
  test('asks the same of the same address, and follows no redirect', async () => {
    const asked: { readonly url: string; readonly init: RequestInit }[] = [];
    const make = makeFetch(async (url, init) => {
      asked.push({ url, init });
      return new Response('moved', { status: 302, headers: { location: 'https://elsewhere.test/' } });
    });
    const send = forwardFetch({ fetch: (url, init) => make(new Request(url, init)) });
    const headers = { 'content-type': 'application/json', authorization: 'Bearer secret' };
    const response = await send('https://model.test/v1/chat?x=1', { method: 'POST', headers, body: '{"ä":1}' });
    expect([response.status, response.headers.get('location')]).toEqual([302, 'https://elsewhere.test/']);
    expect(asked).toMatchObject([
      {
        url: 'https://model.test/v1/chat?x=1',
        init: { method: 'POST', headers, body: '{"ä":1}', redirect: 'manual' },
      },
    ]);
  });

  test('throws what the fetch throws', async () => {
    const make = makeFetch(failing(new TypeError('fetch failed')));
    const send = forwardFetch({ fetch: (url, init) => make(new Request(url, init)) });
    await expect(send('https://model.test/', { method: 'POST', body: '' })).rejects.toMatchObject({
      name: 'TypeError',
      message: 'fetch failed',
    });
  });
});
