import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createOpenAiCompatible } from '../../src/models/openai-compatible.ts';
import type { Provider } from '../../src/models/provider.ts';
import { createWorkersAi } from '../../src/models/workers-ai.ts';
import type { ModelCall, ModelChunk } from '../../src/reflection/model.ts';
import { bodyOf, callOf, cutAt, modelOf, textOf } from './calls.ts';

type Bytes = Uint8Array<ArrayBuffer>;

function fixture(name: string): Bytes {
  return Uint8Array.from(readFileSync(new URL(`../fixtures/models/${name}`, import.meta.url)));
}

/** Each adapter over a provider whose body is the pieces. */
const adapters: Readonly<Record<string, (pieces: readonly Bytes[]) => Provider>> = {
  'openai-compatible': (pieces) =>
    createOpenAiCompatible({ baseUrl: 'http://model.test/v1', fetch: async () => new Response(bodyOf(pieces)) }),
  'workers-ai, raw response': (pieces) => createWorkersAi({ run: async () => new Response(bodyOf(pieces)) }),
  'workers-ai, bare stream': (pieces) => createWorkersAi({ run: async () => bodyOf(pieces) }),
};

const signal = new AbortController().signal;

async function read(provider: Provider, call: ModelCall = callOf()): Promise<ModelChunk[]> {
  const chunks: ModelChunk[] = [];
  for await (const chunk of provider.stream(modelOf('m'), call, signal)) chunks.push(chunk);
  return chunks;
}

const answer = 'Die Antwort ist 42 – naïve 😀.';
const usage = { inputTokens: 21, outputTokens: 9, neurons: null };

const answers: readonly { readonly file: string; readonly text?: string; readonly finish: object }[] = [
  { file: 'workers-ai-native.sse', finish: { reason: 'stop', usage: { ...usage, neurons: 1.25 } } },
  {
    file: 'workers-ai-native-numbers.sse',
    text: '42',
    finish: { reason: 'stop', usage: { ...usage, outputTokens: 2 } },
  },
  { file: 'workers-ai-openai.sse', finish: { reason: 'stop', usage: { ...usage, neurons: 1.25 } } },
  { file: 'workers-ai-whole.json', finish: { reason: 'stop', usage: { ...usage, neurons: 1.25 } } },
  { file: 'workers-ai-json-mode.json', text: '{"verdict":"pass","issues":[]}', finish: { reason: 'stop', usage } },
  { file: 'openai.sse', finish: { reason: 'stop', usage } },
  { file: 'openai-whole.json', finish: { reason: 'stop', usage } },
  { file: 'llama-cpp.sse', finish: { reason: 'stop', usage } },
  { file: 'llama-cpp-reasoning.sse', finish: { reason: 'stop', usage } },
  { file: 'ollama.sse', finish: { reason: 'stop', usage } },
  { file: 'vllm-length-no-done.sse', finish: { reason: 'length', usage } },
];

test('the body of an answer is closed when the reader leaves early', async () => {
  let closed = false;
  const frame = new TextEncoder().encode('data: {"response":"It"}\n\n');
  const body = bodyOf([frame, frame], 'stay', () => {
    closed = true;
  });
  const provider = createWorkersAi({ run: async () => body });
  for await (const chunk of provider.stream(modelOf('m'), callOf(), signal)) if (chunk.type === 'delta') break;
  expect(closed).toBe(true);
});

/** How many bytes come before the provider's word that this is all. */
function lengthBeforeEnd(bytes: Bytes): number {
  const text = new TextDecoder().decode(bytes);
  return new TextEncoder().encode(text.slice(0, text.search(/"finish_reason":"stop"|\[DONE\]|\}\s*$/))).length;
}

describe('the body of an answer', () => {
  test.each(answers)('in $file may be cut in two at every byte', async ({ file, text = answer }) => {
    const bytes = fixture(file);
    for (const place of bytes.keys()) {
      const chunks = await read(createWorkersAi({ run: async () => bodyOf(cutAt(bytes, [place])) }));
      expect(textOf(chunks)).toBe(text);
    }
  });

  test.each(['workers-ai-native.sse', 'openai.sse', 'llama-cpp.sse', 'workers-ai-whole.json', 'openai-whole.json'])(
    'in %s is not taken for whole when it ends early',
    async (file) => {
      const bytes = fixture(file);
      for (let length = 0; length <= lengthBeforeEnd(bytes); length += 1) {
        const reading = read(createWorkersAi({ run: async () => bodyOf([bytes.slice(0, length)]) }));
        await expect(reading).rejects.toMatchObject({ code: 'upstream_failed' });
      }
    },
  );
});

describe.each(Object.entries(adapters))('%s', (_, connect) => {
  test.each(answers)('reads $file whole and byte by byte', async ({ file, text = answer, finish }) => {
    const bytes = fixture(file);
    for (const places of [[], [...bytes.keys()]]) {
      const chunks = await read(connect(cutAt(bytes, places)));
      expect(textOf(chunks)).toBe(text);
      expect(chunks.at(-1)).toEqual({ type: 'finish', ...finish });
      expect(chunks.filter(({ type }) => type === 'finish')).toHaveLength(1);
    }
  });

  test.each(answers)('reads $file however it is cut', async ({ file, text = answer }) => {
    const bytes = fixture(file);
    const places = fc.array(fc.nat(bytes.length), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(places, async (cuts) => {
        expect(textOf(await read(connect(cutAt(bytes, cuts))))).toBe(text);
      }),
      { numRuns: 30 },
    );
  });

  test('counts an answer that used up its tokens as cut, where no reason is given', async () => {
    const chunks = await read(connect([fixture('workers-ai-native.sse')]), callOf({ maxOutputTokens: 9 }));
    expect(chunks.at(-1)).toMatchObject({ type: 'finish', reason: 'length' });
  });

  test.each([
    ['llama-cpp-error-in-stream.sse', 'context_length_exceeded'],
    ['llama-cpp-error-field.sse', 'upstream_failed'],
  ])('throws the error in the middle of %s', async (file, code) => {
    await expect(read(connect([fixture(file)]))).rejects.toMatchObject({ code });
  });

  test.each([
    '{"response": ',
    'data: {"response"',
    'data: 7\n\n',
    'data: [1]\n\n',
    '<html>busy</html>',
    '{"choices": 7}',
    'data: {"usage": 3}\n\n',
  ])('does not understand %s', async (text) => {
    await expect(read(connect([new TextEncoder().encode(text)]))).rejects.toMatchObject({ code: 'upstream_failed' });
  });

  test('reads any bytes to an answer or to an AppError', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 6 }), async (pieces) => {
        const result = await read(connect(pieces.map((piece) => Uint8Array.from(piece)))).catch((error) => error);
        expect(Array.isArray(result) || result.code === 'upstream_failed').toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  test('refuses an event that never ends', async () => {
    const piece = new TextEncoder().encode(`data: ${'x'.repeat(100_000)}`);
    await expect(read(connect(Array(20).fill(piece)))).rejects.toMatchObject({
      message: expect.stringContaining('too long'),
    });
  });

  test('refuses an answer that goes on far beyond what was allowed', async () => {
    const event = new TextEncoder().encode(`data: ${JSON.stringify({ response: 'word '.repeat(100) })}\n\n`);
    const reading = read(connect(Array(100).fill(event)), callOf({ maxOutputTokens: 10 }));
    await expect(reading).rejects.toMatchObject({ kind: { retry: 'next-model' } });
  });

  test('takes no text that is not the answer', async () => {
    const chunks = await read(connect([fixture('llama-cpp-reasoning.sse')]));
    expect(textOf(chunks)).not.toContain('wants');
  });

  test('loses the attempt when the connection breaks', async () => {
    const [head] = cutAt(fixture('openai.sse'), [900]);
    const broken: Provider =
      connect === adapters['openai-compatible']
        ? createOpenAiCompatible({
            baseUrl: 'http://model.test',
            fetch: async () => new Response(bodyOf(head ? [head] : [], 'break')),
          })
        : createWorkersAi({ run: async () => bodyOf(head ? [head] : [], 'break') });
    await expect(read(broken)).rejects.toMatchObject({ code: 'upstream_failed', kind: { retry: 'again' } });
  });
});
