/** How answers are read that nobody watches: over a real connection, since scripted streams cannot be read in chunks. */
import { env, exports } from 'cloudflare:workers';
import { describe, expect, test } from 'vitest';
import { forwardFetch } from '../../../src/models/forwarded-calls.ts';
import { createOpenAiCompatible } from '../../../src/models/openai-compatible.ts';
import { callOf, modelOf } from '../../models/calls.ts';
import { type Answering, modelServerUrl, words } from '../../support/model-server-url.ts';

const text = words.join('');
const unwatched = (): boolean => false;

// The entrypoint reads these at its first call.
Object.assign(env, { MODEL_PROVIDER: 'openai-compatible', UPSTREAM_URL: 'http://model.test', UPSTREAM_MODEL: 'model' });

type Send = (url: string, init: RequestInit) => Promise<Response>;

const ways: readonly (readonly [string, Send])[] = [
  ['directly', (url, init) => fetch(url, init)],
  ['through the entrypoint', forwardFetch({ fetch: (url, init) => exports.ModelCalls.fetch(url, init) })],
];

/** Reads an answer of a server that answers so, from one that has been seen to close its answers. */
async function providerOver(send: Send, answering: () => Answering) {
  let seen = false;
  const provider = createOpenAiCompatible({
    baseUrl: 'http://model.test/v1',
    fetch: (_input, init) => send(modelServerUrl(seen ? answering() : { pauseMs: 0 }), init),
  });
  const stream = (watched?: () => boolean, signal = new AbortController().signal) =>
    provider.stream(modelOf('llama'), callOf(), signal, watched);
  await Array.fromAsync(stream(unwatched));
  seen = true;
  return stream;
}

type Stream = Awaited<ReturnType<typeof providerOver>>;

async function read(stream: Stream, watched?: () => boolean) {
  const chunks = await Array.fromAsync(stream(watched));
  const deltas = chunks.flatMap((chunk) => (chunk.type === 'delta' ? [chunk.text] : []));
  return { deltas: deltas.length, text: deltas.join(''), last: chunks.at(-1)?.type };
}

/** What was given before the answer ended by an error, and the error's message. */
async function readTorn(stream: Stream, signal?: AbortSignal) {
  let given = '';
  try {
    for await (const chunk of stream(unwatched, signal)) if (chunk.type === 'delta') given += chunk.text;
    return { given, message: null };
  } catch (error) {
    return { given, message: error instanceof Error ? error.message : null };
  }
}

describe.each(ways)('asked %s', (_, send) => {
  const providerOf = (answering: () => Answering) => providerOver(send, answering);

  test('an answer that nobody watches is whole and comes in a few chunks, a watched one as the model writes it', async () => {
    const stream = await providerOf(() => ({ pauseMs: 8 }));
    const watched = await read(stream);
    expect(watched).toMatchObject({ text, last: 'finish' });
    const chunks = await read(stream, unwatched);
    expect(chunks).toMatchObject({ text, last: 'finish' });
    expect(chunks.deltas).toBeLessThan(watched.deltas / 1.5);
  });

  test('a server that leaves its answers open is never waited for', async () => {
    const provider = createOpenAiCompatible({
      baseUrl: 'http://model.test/v1',
      fetch: (_input, init) => send(modelServerUrl({ pauseMs: 0, ends: 'stays open' }), init),
    });
    for (let answer = 1; answer <= 3; answer += 1) {
      const stream = () => provider.stream(modelOf('llama'), callOf(), new AbortController().signal, unwatched);
      expect(await read(stream, unwatched)).toMatchObject({ text, last: 'finish' });
    }
  });

  test('a slow model is never waited for by the chunk, since who comes to watch would wait', async () => {
    const stream = await providerOf(() => ({ pauseMs: 60 }));
    const { deltas, text: whole } = await read(stream, unwatched);
    expect(whole).toBe(text);
    expect(deltas).toBeGreaterThan(words.length / 2);
  });

  test.for([2, 5, 9, 20, 45, 60])(
    'a call stopped while the model is silent after %i words gives all of them',
    async (written) => {
      const stream = await providerOf(() => ({ pauseMs: 4, words: written, ends: 'stays silent' }));
      const stop = new AbortController();
      setTimeout(() => stop.abort(new Error('stopped')), 900);
      expect(await readTorn(stream, stop.signal)).toEqual({
        given: words.slice(0, written).join(''),
        message: 'stopped',
      });
    },
  );

  test.for([2, 20, 45])('an answer whose connection breaks after %i words gives all of them', async (written) => {
    const stream = await providerOf(() => ({ pauseMs: 4, words: written, ends: 'breaks' }));
    const { given, message } = await readTorn(stream);
    expect(given).toBe(words.slice(0, written).join(''));
    expect(message).toContain('broke');
  });

  test('whoever comes to watch gets what follows piece by piece', async () => {
    const stream = await providerOf(() => ({ pauseMs: 8 }));
    let asked = 0;
    const watchedLater = (): boolean => {
      asked += 1;
      return asked > 5;
    };
    const { deltas, text: whole } = await read(stream, watchedLater);
    expect(whole).toBe(text);
    expect(deltas).toBeGreaterThan(5);
    expect(deltas).toBeLessThan(words.length);
  });
});
