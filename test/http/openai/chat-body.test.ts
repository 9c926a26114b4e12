import type OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { AppError } from '../../../src/errors.ts';
import { readChatBody } from '../../../src/http/openai/chat-body.ts';
import { chatParameters, type Parameter } from '../../../src/http/openai/parameters.ts';

const hello = { model: 'reflect-balanced', messages: [{ role: 'user', content: 'Hello?' }] };

const read = async (body: object) => (await readChatBody({ ...hello, ...body })).request;

/** Which fields are refused, and by which code. */
async function refusal(body: object): Promise<{ code: string; fields: string[] }> {
  const error: unknown = await readChatBody({ ...hello, ...body }).catch((failure: unknown) => failure);
  if (!(error instanceof AppError)) throw new Error('It was not refused.');
  return { code: error.code, fields: error.fields.map(({ field }) => field) };
}

/** Fails to compile when OpenAI's client knows a parameter that the table does not. */
const documented: Readonly<Record<keyof OpenAI.ChatCompletionCreateParams, Parameter>> = chatParameters;

describe('a parameter that OpenAI documents', () => {
  const refused = Object.entries(documented).filter(([, { treatment }]) => treatment === 'refused');
  const neutral = Object.entries(documented).filter(([, { treatment }]) => treatment === 'neutral');

  test.each(refused.map(([name]) => name))('%s is refused by its name, whatever its value', async (name) => {
    for (const value of [{ some: 'value' }, 'a value', 1, true])
      expect(await refusal({ [name]: value })).toEqual({ code: 'unsupported_parameter', fields: [name] });
  });

  test.each(neutral.map(([name]) => name))('%s is refused by its name where it asks for something', async (name) => {
    expect(await refusal({ [name]: { some: 'value' } })).toEqual({ code: 'unsupported_parameter', fields: [name] });
  });

  test.each(Object.keys(documented))('%s that is null counts as not given', async (name) => {
    if (name === 'model' || name === 'messages') {
      expect(await refusal({ [name]: null })).toEqual({ code: 'invalid_request', fields: [name] });
    } else expect(await read({ [name]: null })).toEqual(await read({}));
  });

  test('on tools says nothing where there are none, and goes on as it is where there are', async () => {
    expect(await read({ tools: [], tool_choice: 'auto', parallel_tool_calls: true })).toEqual(await read({}));
    const tools = [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }];
    const said = { tools, tool_choice: 'required', parallel_tool_calls: false };
    expect(await read({ model: 'reflect-fast', ...said })).toMatchObject({ strategy: 'direct', ...said });
  });

  test('is taken where its value changes nothing', async () => {
    const usual = {
      ...{ n: 1, logprobs: false, top_logprobs: 0, frequency_penalty: 0, presence_penalty: 0, logit_bias: {} },
      ...{ modalities: ['text'], service_tier: 'auto', verbosity: 'medium' },
      ...{ functions: [], function_call: 'none' },
    };
    expect(Object.keys(usual).toSorted()).toEqual(neutral.map(([name]) => name).toSorted());
    expect(await read(usual)).toEqual(await read({}));
  });

  test('is honoured', async () => {
    const request = await read({
      ...{ temperature: 0.3, top_p: 0.9, seed: 7, stop: 'END', max_completion_tokens: 50, store: true, stream: true },
      ...{ metadata: { of: 'a test' }, user: 'u1', safety_identifier: 's1', model: 'reflect-max:always' },
    });
    expect(request).toMatchObject({
      ...{ temperature: 0.3, top_p: 0.9, seed: 7, stop: ['END'], max_output_tokens: 50, store: true, stream: true },
      ...{ metadata: { of: 'a test', user: 'u1', safety_identifier: 's1' }, tier: 'max', strategy: 'always' },
    });
  });
});

describe('a format of the answer', () => {
  const schema = { type: 'object', properties: { a: { type: 'integer' } }, required: ['a'] };

  test.each([
    ['json_object', { type: 'json_object' }, { type: 'json' }],
    ['json_schema', { type: 'json_schema', json_schema: { name: 'a', schema } }, { type: 'json_schema', schema }],
    [
      'a strict json_schema',
      { type: 'json_schema', json_schema: { name: 'a', strict: true, schema, description: null } },
      { type: 'json_schema', schema },
    ],
    [
      'json_schema without a schema',
      { type: 'json_schema', json_schema: { name: 'a', schema: null } },
      { type: 'json_schema', schema: {} },
    ],
  ])('%s becomes a check', async (_, response_format, check) => {
    expect((await read({ response_format })).checks).toMatchObject([check]);
  });

  test('stands beside the checks that are declared, and is not lost where they are null', async () => {
    const response_format = { type: 'json_object' };
    const own = { checks: [{ type: 'words', max: 9 }] };
    expect((await read({ response_format, x_reflection: own })).checks).toMatchObject([
      ...own.checks,
      { type: 'json' },
    ]);
    expect((await read({ response_format, x_reflection: { checks: null } })).checks).toMatchObject([{ type: 'json' }]);
  });

  test('that is text asks for nothing', async () => {
    expect((await read({ response_format: { type: 'text' } })).checks).toEqual([]);
  });
});

describe('the cache', () => {
  test.each([
    ['is not used by itself', {}, 'no-store'],
    ['is not used where words may differ', { temperature: 0.5 }, 'no-store'],
    ['is used with temperature 0', { temperature: 0 }, 'default'],
    ['is used with a seed', { seed: 1 }, 'default'],
    ['is used where it is asked for', { x_reflection: { cache: { mode: 'default' } } }, 'default'],
    ['is left alone where that is asked for', { seed: 1, x_reflection: { cache: { mode: 'no-store' } } }, 'no-store'],
  ])('%s', async (_, body, mode) => {
    expect((await read(body)).cache.mode).toBe(mode);
  });
});

describe('our own fields', () => {
  test('hold whatever the native API takes', async () => {
    const own = { strategy: 'checks', max_rounds: 2, include: ['draft'], budget: { max_calls: 3 }, early_draft: null };
    expect(await read({ x_reflection: own })).toMatchObject({ strategy: 'checks', max_rounds: 2, include: ['draft'] });
  });

  test('do not say again what the request says', async () => {
    const own = { temperature: 1, input: 'Hello?', tier: 'max', strategy: 'direct' };
    expect(await refusal({ model: 'reflect-fast:checks', temperature: 1, x_reflection: own })).toEqual({
      code: 'invalid_request',
      fields: Object.keys(own).map((name) => `x_reflection.${name}`),
    });
    expect(await read({ temperature: 1, x_reflection: { temperature: null } })).toMatchObject({ temperature: 1 });
  });

  test('are named where they are wrong', async () => {
    expect(await refusal({ x_reflection: { nonsense: null } })).toMatchObject({ fields: ['x_reflection.nonsense'] });
    expect(await refusal({ x_reflection: { checks: [{ type: 'words' }] }, max_tokens: 0 })).toMatchObject({
      fields: ['max_tokens', 'x_reflection.checks[0].max'],
    });
  });
});

describe('messages', () => {
  const asked = async (...messages: object[]) => (await read({ messages })).messages;
  const question = { role: 'user', content: 'And now?' };

  test('keep their order, their roles and their parts', async () => {
    const messages = [
      { role: 'system', content: 'One.' },
      { role: 'developer', content: [{ type: 'text', text: 'Two.' }] },
      { role: 'user', content: 'Hello?', name: 'bob' },
      { role: 'assistant', content: 'Yes.' },
      { role: 'system', content: 'Three.' },
      { role: 'user', content: [...'ab'].map((text) => ({ type: 'text', text })) },
    ];
    expect(await asked(...messages)).toEqual(messages);
  });

  test('that were answers are taken as they were given', async () => {
    const answer = { role: 'assistant', content: 'Yes.' };
    const given = {
      ...answer,
      refusal: null,
      tool_calls: [],
      annotations: [],
      audio: null,
      reasoning_content: 'I see.',
    };
    expect(await asked(given, question)).toEqual([answer, question]);
  });

  test('that refuse are what the assistant said', async () => {
    const whole = { role: 'assistant', content: null, refusal: 'No.' };
    const part = { role: 'assistant', content: [{ type: 'refusal', refusal: 'No.' }] };
    expect(await asked(whole, question)).toMatchObject([{ content: 'No.' }, question]);
    expect(await asked(part, question)).toMatchObject([{ content: [{ type: 'text', text: 'No.' }] }, question]);
  });

  test.each([
    ['an image', { role: 'user', content: [{ type: 'image_url', image_url: { url: 'a' } }] }, 'content[0]'],
    ['a sound', { role: 'user', content: [{ type: 'input_audio', input_audio: {} }] }, 'content[0]'],
    [
      'a file',
      {
        role: 'user',
        content: [
          { type: 'text', text: 'a' },
          { type: 'file', file: {} },
        ],
      },
      'content[1]',
    ],
    ['the call of a function', { role: 'assistant', content: 'a', function_call: { name: 'f' } }, 'function_call'],
    ['the result of a function', { role: 'function', name: 'f', content: '3' }, 'role'],
  ])('with %s are refused by its name', async (_, message, place) => {
    expect(await refusal({ messages: [message, question] })).toEqual({
      code: 'unsupported_parameter',
      fields: [`messages[0].${place}`],
    });
  });

  test('of a hostile body are told of in a short reply', async () => {
    const content = Array.from({ length: 5_000 }, () => ({ type: 'x'.repeat(100) }));
    expect((await refusal({ messages: [{ role: 'user', content }] })).fields).toHaveLength(20);
  });
});

test.each(['gpt-9', 'reflect', 'reflect-', 'reflect-huge', 'reflect-fast:', 'reflect-fast:guess', 'REFLECT-FAST', ''])(
  'there is no model %j',
  async (model) => {
    expect(await refusal({ model })).toEqual({ code: 'not_found', fields: ['model'] });
  },
);
