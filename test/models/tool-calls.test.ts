/** Tools and their calls, on the way to a provider and back. */
import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createOpenAiCompatible } from '../../src/models/openai-compatible.ts';
import type { Provider } from '../../src/models/provider.ts';
import { createWorkersAi } from '../../src/models/workers-ai.ts';
import type { Message, ModelCall, ModelChunk, ToolCall, ToolUse } from '../../src/reflection/model.ts';
import { bodyOf, callOf, cutAt, modelOf, textOf } from './calls.ts';

const signal = new AbortController().signal;
const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const toolUse: ToolUse = {
  tools: [
    { type: 'function', function: { name: 'get_weather', description: 'Weather.', parameters, strict: true } },
    { type: 'function', function: { name: 'get_time' } },
  ],
};
const asking = callOf({ toolUse });

const text = '{"city": "São Paulo", "days":  3,\n"note":"\\u00e9 \\"quoted\\" 😀"}';
const called = (id: string, name: string, words: string): ToolCall => ({
  id,
  type: 'function',
  function: { name, arguments: words },
});
const calls = [called('call_Ab1', 'get_weather', text), called('call_Cd2', 'get_time', '{}')];
const usage = { inputTokens: 91, outputTokens: 38, neurons: null };
const finish = { type: 'finish', reason: 'tool_calls', usage, toolCalls: calls };

/** What each adapter is given of a body, and what it sends. */
const adapters: Readonly<Record<string, (body: () => BodyInit, sent?: (body: unknown) => void) => Provider>> = {
  'openai-compatible': (body, sent) =>
    createOpenAiCompatible({
      baseUrl: 'http://model.test/v1',
      fetch: async (_, { body: asked }) => {
        sent?.(JSON.parse(String(asked)));
        return new Response(body());
      },
    }),
  'workers-ai': (body, sent) =>
    createWorkersAi({
      async run(_, inputs) {
        sent?.(inputs);
        return new Response(body());
      },
    }),
};

async function read(provider: Provider, call: ModelCall = asking): Promise<ModelChunk[]> {
  return Array.fromAsync(provider.stream(modelOf('m'), call, signal));
}

function stream(...payloads: readonly unknown[]): string {
  return [...payloads.map((each) => `data: ${JSON.stringify(each)}\n\n`), 'data: [DONE]\n\n'].join('');
}

const delta = (tool_calls: readonly unknown[], finish_reason: string | null = null) => ({
  choices: [{ index: 0, delta: { tool_calls }, finish_reason }],
});

describe.each(Object.entries(adapters))('%s', (_, connect) => {
  test.each([
    'openai-tool-calls.sse',
    'openai-tool-calls-whole.json',
    'ollama-tool-calls.sse',
    'workers-ai-native-tool-calls.sse',
  ])('reads the calls of %s, however it is cut', async (file) => {
    const bytes = Uint8Array.from(readFileSync(new URL(`../fixtures/models/${file}`, import.meta.url)));
    const cuts = fc.array(fc.nat(bytes.length), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(cuts, async (places) => {
        const chunks = await read(connect(() => bodyOf(cutAt(bytes, places))));
        expect([textOf(chunks), chunks.at(-1)]).toEqual(['', finish]);
      }),
      { numRuns: 40 },
    );
  });

  test('reads calls that come as objects, without ids', async () => {
    const file = readFileSync(new URL('../fixtures/models/workers-ai-tool-calls-whole.json', import.meta.url));
    const toolCalls = [
      called('call_1', 'get_weather', '{"city":"São Paulo","days":3}'),
      called('call_2', 'get_time', '{}'),
    ];
    expect((await read(connect(() => Uint8Array.from(file)))).at(-1)).toEqual({ ...finish, toolCalls });
  });

  test('numbers calls without ids on from those of the conversation', async () => {
    const messages: Message[] = [
      { role: 'assistant', content: '', tool_calls: [called('call_1', 'get_time', '{}')] },
      { role: 'tool', tool_call_id: 'call_1', content: 'noon' },
    ];
    const body = JSON.stringify({ response: '', tool_calls: [{ name: 'get_time', arguments: {} }] });
    const chunks = await read(
      connect(() => body),
      callOf({ toolUse, messages }),
    );
    expect(chunks.at(-1)).toMatchObject({ toolCalls: [{ id: 'call_2' }] });
  });

  test('gives arguments back byte for byte, whatever they are and however they are cut', async () => {
    const words = fc.array(fc.string({ unit: 'grapheme', maxLength: 12 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(fc.array(words, { minLength: 1, maxLength: 3 }), fc.boolean(), async (each, mixed) => {
        const named = each.map((_, index) => ({ index, id: `c${index}`, function: { name: 'f', arguments: '' } }));
        const pieces = each.map((own, index) =>
          own.map((arguments_) => ({ index, function: { arguments: arguments_ } })),
        );
        // Of several calls, the pieces may take turns.
        const longest = Math.max(...pieces.map(({ length }) => length));
        const turns = Array.from({ length: longest }, (_, turn) => pieces.flatMap((own) => own.slice(turn, turn + 1)));
        const parts = mixed
          ? [...named, ...turns.flat()]
          : named.flatMap((head, index) => [head, ...(pieces[index] ?? [])]);
        const body = stream(...parts.map((part) => delta([part])), delta([], 'tool_calls'));
        const last = (await read(connect(() => body))).at(-1);
        const toolCalls = each.map((own, index) => called(`c${index}`, 'f', own.join('')));
        expect(last).toEqual({ type: 'finish', reason: 'tool_calls', usage: null, toolCalls });
      }),
      { numRuns: 100 },
    );
  });

  test('reads pieces without an index, and words beside the calls', async () => {
    const body = stream(
      { choices: [{ index: 0, delta: { content: 'Let me see.' } }] },
      delta([{ id: 'a', function: { name: 'f', arguments: '{"x"' } }]),
      delta([{ function: { arguments: ':1}' } }]),
      delta([{ id: 'b', function: { name: 'g', arguments: {} } }], 'stop'),
    );
    const chunks = await read(connect(() => body));
    expect(textOf(chunks)).toBe('Let me see.');
    expect(chunks.at(-1)).toMatchObject({
      reason: 'tool_calls',
      toolCalls: [called('a', 'f', '{"x":1}'), called('b', 'g', '{}')],
    });
  });

  test('says of a call that was cut that it is cut', async () => {
    const body = stream(delta([{ index: 0, id: 'a', function: { name: 'f', arguments: '{"x' } }], 'length'));
    expect((await read(connect(() => body))).at(-1)).toMatchObject({
      reason: 'length',
      toolCalls: [called('a', 'f', '{"x')],
    });
  });

  test('tells of a call that has begun, so that it does not count as silence', async () => {
    const chunks = await read(
      connect(() => stream(delta([{ index: 0, id: 'a', function: { name: 'f' } }], 'tool_calls'))),
    );
    expect(chunks[0]).toEqual({ type: 'delta', text: '' });
  });

  test.each([
    ['a call without a name', delta([{ index: 0, id: 'a', function: { arguments: '{}' } }], 'tool_calls')],
    ['calls that are no list', { choices: [{ index: 0, delta: { tool_calls: 'f()' }, finish_reason: 'stop' }] }],
    [
      'arguments far longer than the answer may be',
      delta([{ index: 0, id: 'a', function: { name: 'f', arguments: 'x'.repeat(40 * 256 + 1) } }], 'tool_calls'),
    ],
  ])('does not take %s', async (_, payload) => {
    await expect(read(connect(() => stream(payload, { choices: [] })))).rejects.toMatchObject({
      code: 'upstream_failed',
    });
  });

  test('reads no calls where no tools were offered', async () => {
    const chunks = await read(
      connect(() => stream({ choices: [{ index: 0, delta: { content: 'Hi' } }] }, delta([{ id: 'a' }], 'tool_calls'))),
      callOf(),
    );
    expect(chunks.at(-1)).toEqual({ type: 'finish', reason: 'stop', usage: null });
  });
});

/** What is sent of a call. */
async function sent(name: string, call: ModelCall): Promise<unknown> {
  let body: unknown;
  const connect = adapters[name];
  if (!connect) throw new Error(`There is no adapter ${name}.`);
  const keep = (each: unknown) => {
    body = each;
  };
  await read(
    connect(() => JSON.stringify({ choices: [{ message: { content: 'yes' }, finish_reason: 'stop' }] }), keep),
    call,
  );
  return body;
}

const conversation: readonly Message[] = [
  { role: 'user', content: 'Weather?', name: 'ann' },
  { role: 'assistant', content: '', tool_calls: [called('call_Ab1', 'get_weather', text)] },
  { role: 'tool', tool_call_id: 'call_Ab1', content: 'rain' },
];

test('an OpenAI-compatible endpoint is sent tools and messages as they are', async () => {
  const use: ToolUse = {
    ...toolUse,
    tool_choice: { type: 'function', function: { name: 'get_time' } },
    parallel_tool_calls: false,
  };
  expect(await sent('openai-compatible', callOf({ messages: conversation, toolUse: use }))).toMatchObject({
    messages: conversation,
    ...use,
  });
});

test('Workers AI is sent tools with all that it requires, and the one that was chosen', async () => {
  const call = (choice?: ToolUse['tool_choice']) =>
    sent('workers-ai', callOf({ messages: conversation, toolUse: { ...toolUse, tool_choice: choice } }));
  const weather = { name: 'get_weather', description: 'Weather.', parameters };
  const time = { name: 'get_time', description: '', parameters: { type: 'object', properties: {} } };
  const [asked, ...rest] = conversation;
  expect(await call()).toMatchObject({
    messages: [{ role: asked?.role, content: asked?.content }, ...rest],
    tools: [
      { type: 'function', function: weather },
      { type: 'function', function: time },
    ],
  });
  expect(await call()).not.toHaveProperty('tool_choice');
  expect(await call('required')).toMatchObject({ tool_choice: 'required' });
  expect(await call({ type: 'function', function: { name: 'get_time' } })).toMatchObject({
    tools: [{ type: 'function', function: time }],
    tool_choice: 'required',
  });
});
