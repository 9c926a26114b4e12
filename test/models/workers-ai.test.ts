import { describe, expect, test } from 'vitest';
import { createWorkersAi } from '../../src/models/workers-ai.ts';
import type { ModelCall, ModelChunk } from '../../src/reflection/model.ts';
import { callOf, modelOf, textOf } from './calls.ts';

const signal = new AbortController().signal;
const jsonModel = modelOf('@cf/json', { abilities: { streaming: true, jsonSchema: 'whole', prefill: false } });
const schema = { type: 'object', properties: { verdict: { type: 'string' } } };

/** The binding with one result a run, and what it was asked. An Error is thrown. */
function recorded(...results: readonly unknown[]) {
  const asked: { readonly inputs: Record<string, unknown>; readonly options: Record<string, unknown> }[] = [];
  const workersAi = createWorkersAi({
    async run(_model, inputs, options) {
      const result = results[asked.length];
      asked.push({ inputs, options });
      if (result instanceof Error) throw result;
      return result;
    },
  });
  return { workersAi, asked };
}

async function read(
  { workersAi }: ReturnType<typeof recorded>,
  call: ModelCall,
  model = jsonModel,
): Promise<ModelChunk[]> {
  const chunks: ModelChunk[] = [];
  for await (const chunk of workersAi.stream(model, call, signal)) chunks.push(chunk);
  return chunks;
}

describe('what Workers AI is asked', () => {
  test('always says how long the answer may be, streams, and passes the signal', async () => {
    const binding = recorded({ response: 'yes' });
    await read(binding, callOf({ maxOutputTokens: 77, topP: 0.9, seed: 5 }));
    expect(binding.asked[0]?.inputs).toEqual({
      messages: [{ role: 'user', content: 'What is six times seven?' }],
      max_tokens: 77,
      temperature: 0.5,
      top_p: 0.9,
      seed: 5,
      stream: true,
    });
    expect(binding.asked[0]?.options).toMatchObject({ signal, returnRawResponse: true });
  });

  test.each([0, -3, 12_345_678_901])('brings the seed %d into the range that is taken', async (seed) => {
    const binding = recorded({ response: 'yes' });
    await read(binding, callOf({ seed }));
    expect(binding.asked[0]?.inputs['seed']).toSatisfy((sent: number) => sent >= 1 && sent <= 9_999_999_999);
  });

  test('sends a bare schema, and does not stream then', async () => {
    const binding = recorded({ response: { verdict: 'pass' } });
    const chunks = await read(binding, callOf({ jsonSchema: schema }));
    expect(binding.asked[0]?.inputs).toMatchObject({
      response_format: { type: 'json_schema', json_schema: schema },
      stream: false,
    });
    expect(textOf(chunks)).toBe('{"verdict":"pass"}');
  });

  test('sends no schema to a model that cannot follow one', async () => {
    const binding = recorded({ response: '{}' });
    await read(binding, callOf({ jsonSchema: schema }), modelOf('@cf/plain'));
    expect(binding.asked[0]?.inputs).not.toHaveProperty('response_format');
    expect(binding.asked[0]?.inputs).toMatchObject({ stream: true });
  });

  test('asks once more without the schema when the model cannot follow one, and remembers it', async () => {
    const binding = recorded(
      new Error("AiError: 5025: This model doesn't support JSON Schema"),
      { response: '{}' },
      { response: '{}' },
    );
    await read(binding, callOf({ jsonSchema: schema }));
    await read(binding, callOf({ jsonSchema: schema }));
    expect(binding.asked.map(({ inputs }) => 'response_format' in inputs)).toEqual([true, false, false]);
  });

  test('asks once more without the schema when it could not be met, and does not hold it against the model', async () => {
    const unmet = Response.json({ internalCode: 0, description: "JSON Mode couldn't be met" }, { status: 400 });
    const binding = recorded(unmet, { response: '{}' }, { response: {} });
    await read(binding, callOf({ jsonSchema: schema }));
    await read(binding, callOf({ jsonSchema: schema }));
    expect(binding.asked.map(({ inputs }) => 'response_format' in inputs)).toEqual([true, false, true]);
  });
});

describe('what Workers AI answers', () => {
  test.each([
    ['a string', 'It is 42.', 'It is 42.'],
    ['a text in an object', { response: 'It is 42.' }, 'It is 42.'],
    ['a number', { response: 42 }, '42'],
    ['an object', { response: { answer: 42 } }, '{"answer":42}'],
    ['a message', { choices: [{ message: { content: 'It is 42.' }, finish_reason: 'stop' }] }, 'It is 42.'],
    ['nothing', { response: null, tool_calls: [] }, ''],
  ])('may be %s', async (_, result, text) => {
    const chunks = await read(recorded(result), callOf());
    expect(textOf(chunks)).toBe(text);
    expect(chunks.at(-1)).toMatchObject({ type: 'finish', reason: 'stop' });
  });

  test('counts neurons by the response header where the usage has none', async () => {
    const usage = { prompt_tokens: 3, completion_tokens: 2 };
    const response = Response.json({ response: 'yes', usage }, { headers: { 'cf-ai-neurons': '0.75' } });
    const chunks = await read(recorded(response), callOf());
    expect(chunks.at(-1)).toMatchObject({ usage: { inputTokens: 3, outputTokens: 2, neurons: 0.75 } });
  });

  test('ends at a stop sequence, which the provider does not know', async () => {
    const frames = ['One. T', 'wo.\nEN', 'D and more'].map((response) => `data: ${JSON.stringify({ response })}\n\n`);
    const chunks = await read(recorded(new Response(frames.join(''))), callOf({ stop: ['END', '###'] }));
    expect(textOf(chunks)).toBe('One. Two.\n');
    expect(chunks.at(-1)).toEqual({ type: 'finish', reason: 'stop', usage: null });
  });

  test('gives what only looked like a stop sequence', async () => {
    const chunks = await read(recorded({ response: 'One. EN' }), callOf({ stop: ['END'] }));
    expect(textOf(chunks)).toBe('One. EN');
  });
});
