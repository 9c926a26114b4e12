/** Chat completions by OpenAI's own client for JavaScript, with only its base URL changed. */
import OpenAI, {
  APIConnectionTimeoutError,
  APIUserAbortError,
  AuthenticationError,
  BadRequestError,
  InternalServerError,
  NotFoundError,
} from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { type ServedWorker, serveWorker } from './served-worker.ts';

let served: ServedWorker;
let client: OpenAI;

beforeAll(async () => {
  served = await serveWorker('openai-chat-test');
  client = new OpenAI({ baseURL: served.baseUrl, apiKey: served.apiKey, maxRetries: 0 });
}, 60_000);

afterAll(() => served.close());

const model = 'reflect-balanced:direct';
const says = (question: string, text: string, more: { reason?: 'length'; pauseMs?: number } = {}) => {
  served.model.answers.set(question, { text, ...more });
  return [{ role: 'user' as const, content: question }];
};

/** Fields that clients pass on without knowing them. */
interface Reasoning {
  readonly reasoning_content?: string;
}

async function collected(stream: AsyncIterable<OpenAI.ChatCompletionChunk>) {
  const chunks: OpenAI.ChatCompletionChunk[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  const deltas = chunks.flatMap(({ choices }) => choices.map(({ delta }) => delta as typeof delta & Reasoning));
  return {
    chunks,
    content: deltas.map(({ content }) => content ?? '').join(''),
    reasoning: deltas.map(({ reasoning_content }) => reasoning_content ?? '').join(''),
    reasons: chunks.flatMap(({ choices }) => choices.flatMap(({ finish_reason }) => finish_reason ?? [])),
  };
}

describe('a chat completion', () => {
  test('is the answer, with what it cost and the id under which its reflection is read', async () => {
    const completion = await client.chat.completions.create({
      model,
      messages: says('What is it?', 'It is a bridge.'),
    });
    expect(completion).toMatchObject({
      object: 'chat.completion',
      model,
      choices: [{ index: 0, message: { role: 'assistant', content: 'It is a bridge.' }, finish_reason: 'stop' }],
      usage: {
        prompt_tokens: 20,
        completion_tokens: 3,
        total_tokens: 23,
        completion_tokens_details: { reasoning_tokens: 0 },
      },
    });
    const record = await client.get<{ output: string }>(`/reflections/${completion.id}`);
    expect(record.output).toBe('It is a bridge.');
  });

  test('says that it was cut', async () => {
    const messages = says('Tell it at length.', 'Once upon a', { reason: 'length' });
    const { choices } = await client.chat.completions.create({ model, messages, max_completion_tokens: 3 });
    expect(choices[0]).toMatchObject({ message: { content: 'Once upon a' }, finish_reason: 'length' });
  });

  test('of another strategy counts what is outside the answer as reasoning', async () => {
    served.model.answers.set('Write your whole answer again', { text: 'it is plain.' });
    const completion = await client.chat.completions.create({
      model: 'reflect-balanced:checks',
      messages: says('Describe it in at most 4 words.', 'It is plain, and long as well.'),
    });
    expect(completion.choices[0]?.message.content).toBe('it is plain.');
    const { completion_tokens = 0, completion_tokens_details } = completion.usage ?? {};
    expect(completion_tokens_details?.reasoning_tokens).toBeGreaterThan(0);
    expect(completion_tokens_details?.reasoning_tokens).toBeLessThan(completion_tokens);
  });

  test('follows a schema, which the client parses', async () => {
    const Place = z.object({ name: z.string(), metres: z.number() });
    const completion = await client.chat.completions.parse({
      model: 'reflect-balanced:checks',
      messages: says('Which bridge?', 'Here it is:\n{"name": "Golden Gate", "metres": 2737}'),
      response_format: zodResponseFormat(Place, 'place'),
    });
    expect(completion.choices[0]?.message.parsed).toEqual({ name: 'Golden Gate', metres: 2737 });
  });
});

describe('a streamed chat completion', () => {
  test('of a plain call brings the content as it is written, and usage in a last chunk of its own', async () => {
    const stream = await client.chat.completions.create({
      model,
      messages: says('Stream it.', 'One two three four five.', { pauseMs: 20 }),
      stream: true,
      stream_options: { include_usage: true },
    });
    const { chunks, content, reasons } = await collected(stream);
    expect(content).toBe('One two three four five.');
    expect(reasons).toEqual(['stop']);
    expect(chunks[0]?.choices[0]?.delta).toEqual({ role: 'assistant', content: '' });
    expect(chunks.filter(({ choices }) => choices[0]?.delta.content).length).toBeGreaterThan(2);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: 20, completion_tokens: 4 } });
    expect(chunks.slice(0, -1).every(({ usage }) => usage === null)).toBe(true);
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
  });

  test('of another strategy shows its phases as reasoning, and as content the accepted answer alone', async () => {
    served.model.answers.set('Write your whole answer again', { text: 'it is plain.' });
    const stream = await client.chat.completions.create({
      model: 'reflect-balanced:checks',
      messages: says('Say it in at most 4 words.', 'It is plain, and long as well.'),
      stream: true,
    });
    const { content, reasoning, chunks } = await collected(stream);
    expect(content).toBe('it is plain.');
    expect(reasoning).toContain('Draft:\nIt is plain, and long as well.');
    expect(reasoning).toMatch(/Check words: fail/);
    expect(reasoning).toMatch(/The new text is taken/);
    expect(chunks.every((chunk) => !('usage' in chunk))).toBe(true);
  });

  test('gives the draft early where that is asked for, and the answer that took its place behind a rule', async () => {
    served.model.answers.set('Write your whole answer again', { text: 'it is plain.' });
    const stream = await client.chat.completions.create({
      model: 'reflect-balanced:checks',
      messages: says('Say it early in at most 4 words.', 'It is plain, and long as well.'),
      stream: true,
      ...{ x_reflection: { early_draft: true } },
    });
    const { content, chunks } = await collected(stream);
    expect(content).toBe('It is plain, and long as well.\n\n---\n\nit is plain.');
    expect(chunks.at(-1)).toMatchObject({ x_reflection: { answer_starts_at: content.length - 'it is plain.'.length } });
  });

  test('that the client leaves goes on, and is read by its id', async () => {
    const stream = await client.chat.completions.create({
      model,
      messages: says('Take your time.', 'It takes a while until all of it is said.', { pauseMs: 40 }),
      stream: true,
      ...{ x_reflection: { store: true } },
    });
    let id = '';
    for await (const chunk of stream) {
      id = chunk.id;
      if (chunk.choices[0]?.delta.content) break;
    }
    await expect
      .poll(() => client.get(`/reflections/${id}`), { timeout: 10_000 })
      .toMatchObject({ status: 'completed', output: 'It takes a while until all of it is said.' });
  });

  test('that fails before its first word is the client’s error for it, which it tries again', async () => {
    served.model.answers.set('Fail now.', { status: 500 });
    const body = { model, messages: [{ role: 'user' as const, content: 'Fail now.' }], stream: true as const };
    const failure: unknown = await client.chat.completions.create(body).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(InternalServerError);
    expect(failure).toMatchObject({ status: 502, code: 'upstream_failed', type: 'api_error' });
  });

  test('whose model is lost on its way goes on where it was lost', async () => {
    served.model.answers.set('Break off.', { text: 'It begins', breaks: true });
    // It is asked to go on with what it wrote.
    served.model.answers.set('It begins', { text: ' and ends.' });
    const stream = await client.chat.completions.create({
      model,
      messages: [{ role: 'user', content: 'Break off.' }],
      stream: true,
    });
    expect(await collected(stream)).toMatchObject({ content: 'It begins and ends.', reasons: ['stop'] });
  });
});

describe('a refusal', () => {
  const ask = (body: object, options = {}) =>
    client.chat.completions
      .create({ model, messages: [{ role: 'user', content: 'Hello?' }], ...body }, options)
      .catch((error: unknown) => error);

  test('is the error that the client has for it', async () => {
    const stranger = new OpenAI({ baseURL: served.baseUrl, apiKey: 'sk-nobody', maxRetries: 0 });
    expect(await stranger.models.list().catch((error: unknown) => error)).toBeInstanceOf(AuthenticationError);
    expect(await ask({ model: 'gpt-9' })).toBeInstanceOf(NotFoundError);
    expect(await ask({ temperature: 9 })).toMatchObject({ status: 400, code: 'invalid_request', param: 'temperature' });
    expect(await ask({ max_tokens: 0 })).toMatchObject({ status: 400, param: 'max_tokens' });
    expect(await ask({ n: 2 })).toMatchObject({ status: 400, code: 'unsupported_parameter', param: 'n' });
    expect(await ask({ nonsense: 1 })).toMatchObject({ status: 400, param: 'nonsense' });
    expect(await ask({ x_reflection: { budget: { max_calls: 0 } } })).toMatchObject({
      status: 400,
      param: 'x_reflection.budget.max_calls',
    });
    const schema = { type: 'json_schema', json_schema: { name: 'a', schema: { type: 'nonsense' } } };
    expect(await ask({ response_format: schema })).toMatchObject({
      status: 400,
      param: expect.stringMatching(/^response_format\.json_schema/),
    });
  });

  test('is not tried again where that cannot help, and is where it can', async () => {
    let sent = 0;
    const counting = new OpenAI({
      baseURL: served.baseUrl,
      apiKey: served.apiKey,
      maxRetries: 2,
      fetch: (...call: Parameters<typeof fetch>) => {
        sent += 1;
        return fetch(...call);
      },
    });
    const failing = (content: string, body = {}) =>
      counting.chat.completions
        .create({ model, messages: [{ role: 'user', content }], ...body })
        .catch((error: unknown) => error);
    expect(await failing('Hello?', { top_p: 7 })).toBeInstanceOf(BadRequestError);
    expect(sent).toBe(1);
    served.model.answers.set('Fail again.', { status: 500 });
    expect(await failing('Fail again.')).toBeInstanceOf(InternalServerError);
    expect(sent).toBe(4);
  }, 60_000);

  test('to wait is the client’s own', async () => {
    says('Wait long.', 'This will be late, and nobody waits.', { pauseMs: 200 });
    const late = await ask({ messages: [{ role: 'user', content: 'Wait long.' }] }, { timeout: 300 });
    expect(late).toBeInstanceOf(APIConnectionTimeoutError);
    const signal = AbortSignal.timeout(100);
    const left = await ask({ messages: [{ role: 'user', content: 'Wait long.' }] }, { signal });
    expect(left).toBeInstanceOf(APIUserAbortError);
  });
});

describe('the models', () => {
  test('are the tiers, and each is found by its id, with a strategy or without', async () => {
    const ids = [];
    for await (const { id } of client.models.list()) ids.push(id);
    expect(ids).toEqual(['reflect-fast', 'reflect-balanced', 'reflect-quality', 'reflect-max']);
    expect(await client.models.retrieve('reflect-max')).toMatchObject({ id: 'reflect-max', object: 'model' });
    expect(await client.models.retrieve('reflect-fast:vote')).toMatchObject({ id: 'reflect-fast:vote' });
    expect(await client.models.retrieve('gpt-9').catch((error: unknown) => error)).toBeInstanceOf(NotFoundError);
  });
});
