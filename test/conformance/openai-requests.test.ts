/** How OpenAI's client for JavaScript gets on with limits, caches, keys of idempotency and its own helpers, with only its base URL changed. */
import OpenAI, { APIError, APIUserAbortError, ConflictError, RateLimitError, UnprocessableEntityError } from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { type ServedWorker, serveWorker } from './served-worker.ts';

let served: ServedWorker;
/** Counts what it sends. */
let client: OpenAI;
let sent = 0;

beforeAll(async () => {
  served = await serveWorker('openai-requests-test');
  client = clientFor(served.apiKey);
}, 60_000);

afterAll(() => served.close());

function clientFor(apiKey: string): OpenAI {
  return new OpenAI({
    baseURL: served.baseUrl,
    apiKey,
    maxRetries: 2,
    fetch: (...call: Parameters<typeof fetch>) => {
      sent += 1;
      return fetch(...call);
    },
  });
}

const model = 'reflect-balanced:direct';
const says = (question: string, text: string, pauseMs = 0) => {
  served.model.answers.set(question, { text, pauseMs });
  return [{ role: 'user' as const, content: question }];
};

const failureOf = (made: Promise<unknown>): Promise<unknown> => made.catch((error: unknown) => error);

const newKey = z.looseObject({ key: z.string() });

test('a limit of the account is the client’s own error, with what it says of the limit', async () => {
  const made = await served.worker.post('/v1/keys', 'admin-token-of-the-tests', {
    name: 'limited',
    limits: { requests_per_minute: 1 },
  });
  const limited = clientFor(newKey.parse(await made.json()).key);
  const messages = says('Once?', 'Once.');
  await limited.chat.completions.create({ model, messages });
  const failure = await failureOf(limited.chat.completions.create({ model, messages }, { maxRetries: 0 }));
  expect(failure).toBeInstanceOf(RateLimitError);
  if (!(failure instanceof APIError)) return;
  expect(failure).toMatchObject({ code: 'rate_limited', error: { limit: 'requests_per_minute', size: 1 } });
  expect(Number(failure.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(failure.headers.get('x-should-retry')).toBe('true');
  expect(failure.requestID).toMatch(/^req_/);
});

test('what no retry can mend is sent once', async () => {
  const messages = says('Not in the cache?', 'No.');
  const cache = { x_reflection: { cache: { mode: 'only-if-cached' } } };
  sent = 0;
  const failure = await failureOf(client.chat.completions.create({ model, messages, ...cache }));
  expect(failure).toMatchObject({ status: 504, code: 'only_if_cached_miss' });
  expect(sent).toBe(1);
});

test('an answer with a seed comes from the cache, whole and streamed; without, it is made anew', async () => {
  const body = { model, messages: says('Seeded?', 'Seeded, and the same.'), seed: 3 };
  const cacheStatus = async (asked: OpenAI.ChatCompletionCreateParams) =>
    (await client.chat.completions.create(asked).withResponse()).response.headers.get('cache-status');
  // Answers are put into the cache after they are given.
  await expect.poll(() => cacheStatus(body), { timeout: 10_000, interval: 100 }).toMatch(/; hit$/);
  const calls = served.model.asked.length;
  const stream = await client.chat.completions.create({ ...body, stream: true });
  const contents: string[] = [];
  for await (const { choices } of stream) contents.push(choices[0]?.delta.content ?? '');
  expect(contents.join('')).toBe('Seeded, and the same.');
  expect(served.model.asked.length).toBe(calls);
  const { seed: _, ...unseeded } = body;
  expect(await cacheStatus(unseeded)).not.toMatch(/; hit$/);
  expect(served.model.asked.length).toBe(calls + 1);
});

test('the same idempotency key gives the same completion, and refuses another body', async () => {
  const headers = { 'idempotency-key': 'of-the-test' };
  const messages = says('Only once?', 'Only once.');
  const first = await client.chat.completions.create({ model, messages }, { headers });
  const again = await client.chat.completions.create({ model, messages }, { headers });
  expect(again.id).toBe(first.id);
  sent = 0;
  const other = await failureOf(client.chat.completions.create({ model, messages, top_p: 0.5 }, { headers }));
  expect(other).not.toBeInstanceOf(ConflictError);
  expect(other).toBeInstanceOf(UnprocessableEntityError);
  expect(sent).toBe(1);
});

test('the client’s helper for streams puts the completion together', async () => {
  const messages = says('Stream it?', 'It is streamed in pieces.', 5);
  const runner = client.chat.completions.stream({ model, messages, stream_options: { include_usage: true } });
  const pieces: string[] = [];
  runner.on('content', (piece) => pieces.push(piece));
  const completion = await runner.finalChatCompletion();
  expect(pieces.join('')).toBe('It is streamed in pieces.');
  expect(completion).toMatchObject({
    choices: [{ message: { content: 'It is streamed in pieces.', role: 'assistant' }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 20 },
  });
});

test('a stream that its caller aborts ends there, and its run goes on', async () => {
  const messages = says('Abort me?', 'This is said to the end, whoever listens.', 30);
  const stream = await client.chat.completions.create({ model, messages, stream: true });
  let id = '';
  const read = async (): Promise<void> => {
    for await (const chunk of stream) {
      id = chunk.id;
      if (chunk.choices[0]?.delta.content) stream.controller.abort();
    }
  };
  const end = await failureOf(read());
  expect(end === undefined || end instanceof APIUserAbortError).toBe(true);
  await expect
    .poll(() => client.get(`/reflections/${id}`), { timeout: 10_000 })
    .toMatchObject({ status: 'completed', output: 'This is said to the end, whoever listens.' });
});

test('an answer comes with its request’s id and what is left of the limits', async () => {
  const made = client.chat.completions.create({ model, messages: says('How much is left?', 'Much.') });
  const { response, request_id } = await made.withResponse();
  expect(request_id).toMatch(/^req_/);
  expect(Number(response.headers.get('x-ratelimit-remaining-requests'))).toBeGreaterThan(0);
});
