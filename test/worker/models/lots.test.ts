/** How answers are read that nobody watches: on the runtime's own streams, since scripted ones know no lots. */
import { expect, test } from 'vitest';
import { createOpenAiCompatible } from '../../../src/models/openai-compatible.ts';
import { callOf, modelOf } from '../../models/calls.ts';

const words = Array.from({ length: 60 }, (_, index) => ` word${index}`);
const text = words.join('');
const unwatched = (): boolean => false;

/** A server that writes a frame a word, at once or with a pause before each, and closes its answer or leaves it open. */
function serverThat(ends: 'closes' | 'stays open', pauseMs: () => number = () => 0) {
  const provider = createOpenAiCompatible({
    baseUrl: 'http://model.test/v1',
    async fetch() {
      const { readable, writable } = new IdentityTransformStream();
      void write(writable, ends, pauseMs());
      return new Response(readable);
    },
  });
  return async (watched?: () => boolean, deadlineAt = Number.MAX_SAFE_INTEGER) => {
    const signal = new AbortController().signal;
    const chunks = await Array.fromAsync(provider.stream(modelOf('llama'), callOf({ deadlineAt }), signal, watched));
    const deltas = chunks.flatMap((chunk) => (chunk.type === 'delta' ? [chunk.text] : []));
    return { deltas: deltas.length, text: deltas.join(''), last: chunks.at(-1)?.type };
  };
}

async function write(
  writable: WritableStream<Uint8Array>,
  ends: 'closes' | 'stays open',
  pauseMs: number,
  onWord: (word: string) => void = () => undefined,
): Promise<void> {
  const writer = writable.getWriter();
  const encoder = new TextEncoder();
  const event = (fields: unknown): Promise<void> =>
    writer.write(encoder.encode(typeof fields === 'string' ? fields : `data: ${JSON.stringify(fields)}\n\n`));
  try {
    for (const content of words) {
      if (pauseMs > 0) await scheduler.wait(pauseMs);
      await event({ id: 'x'.repeat(100), choices: [{ delta: { content } }] });
      onWord(content);
    }
    await event({ choices: [{ delta: {}, finish_reason: 'stop' }] });
    await event('data: [DONE]\n\n');
    if (ends === 'closes') await writer.close();
  } catch {
    // The reader has what it wanted and left.
  }
}

test('an answer that somebody watches comes as the model writes it', async () => {
  const read = serverThat('closes');
  await read(unwatched);
  expect(await read()).toMatchObject({ deltas: words.length, text, last: 'finish' });
});

test('an answer that nobody watches is whole and comes in a few lots, once its server was seen to close its answers', async () => {
  const read = serverThat('closes');
  const first = await read(unwatched);
  expect(first).toMatchObject({ deltas: words.length, text, last: 'finish' });
  const second = await read(unwatched);
  expect(second).toMatchObject({ text, last: 'finish' });
  expect(second.deltas).toBeLessThan(10);
});

test('a server that leaves its answers open is never waited for', async () => {
  const read = serverThat('stays open');
  for (let answer = 1; answer <= 3; answer += 1) {
    expect(await read(unwatched)).toMatchObject({ text, last: 'finish' });
  }
});

test('a slow model is never waited for by the lot, since a deadline or a cancellation would cost what it has written', async () => {
  let pauseMs = 0;
  const read = serverThat('closes', () => pauseMs);
  await read(unwatched);
  pauseMs = 60;
  const { deltas, text: whole } = await read(unwatched);
  expect(whole).toBe(text);
  expect(deltas).toBeGreaterThan(words.length / 2);
});

test('what had come of a lot when the call is stopped is given before its end', async () => {
  let pauseMs = 0;
  let written: { text: string } = { text: '' };
  const provider = createOpenAiCompatible({
    baseUrl: 'http://model.test/v1',
    async fetch() {
      const { readable, writable } = new IdentityTransformStream();
      const own = { text: '' };
      written = own;
      void write(writable, 'closes', pauseMs, (word) => {
        own.text += word;
      });
      return new Response(readable);
    },
  });
  const stream = (signal: AbortSignal) => provider.stream(modelOf('llama'), callOf(), signal, unwatched);
  await Array.fromAsync(stream(new AbortController().signal));
  pauseMs = 12;
  for (const stopAfterMs of [150, 260, 395]) {
    const stop = new AbortController();
    let before = '';
    setTimeout(() => {
      before = written.text;
      stop.abort(new Error('stopped'));
    }, stopAfterMs);
    let given = '';
    const read = async () => {
      for await (const chunk of stream(stop.signal)) if (chunk.type === 'delta') given += chunk.text;
    };
    await expect(read()).rejects.toThrow('stopped');
    expect(before).not.toBe('');
    expect(given.slice(0, before.length)).toBe(before);
    expect(given).not.toBe(text);
  }
});

test('near the deadline there are no lots', async () => {
  const read = serverThat('closes', () => 3);
  await read(unwatched);
  const { deltas } = await read(unwatched, Date.now() + 90);
  expect(deltas).toBe(words.length);
});

test('whoever comes to watch gets what follows piece by piece', async () => {
  const read = serverThat('closes');
  await read(unwatched);
  let asked = 0;
  const watchedLater = (): boolean => {
    asked += 1;
    return asked > 5;
  };
  const { deltas, text: whole } = await read(watchedLater);
  expect(whole).toBe(text);
  expect(deltas).toBeGreaterThan(5);
  expect(deltas).toBeLessThan(words.length);
});
