/**
 * What two chat front ends ask of an endpoint, as their source has it: Open WebUI at 074d488 (`routers/openai.py`, `routers/tasks.py`) and LibreChat at
 * 02fdca7 (`OpenAIClient.js`, which is OpenAI's client with its own parameters).
 */
import { createParser } from 'eventsource-parser';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { type ServedWorker, serveWorker } from './served-worker.ts';

let served: ServedWorker;

beforeAll(async () => {
  served = await serveWorker('frontends-test');
  const { answers } = served.model;
  answers.set('Generate a concise, 3-5 word title', { text: '{ "title": "Bridges of the Bay" }' });
  answers.set('in at most 4 words', { text: 'It is plain, and long as well.' });
  answers.set('Write your whole answer again', { text: 'it is plain.' });
  answers.set('What is it?', { text: 'It is a bridge.', pauseMs: 10 });
}, 60_000);

afterAll(() => served.close());

const chunkOf = z.looseObject({
  choices: z.array(
    z.looseObject({
      delta: z.looseObject({ content: z.nullish(z.string()), reasoning_content: z.nullish(z.string()) }),
    }),
  ),
  usage: z.nullish(z.looseObject({ total_tokens: z.number() })),
});

describe('Open WebUI', () => {
  const post = (body: object) => served.worker.post('/v1/chat/completions', served.apiKey, body);

  test('finds the models as a list of ids', async () => {
    const answer = await fetch(`${served.baseUrl}/models`, { headers: { authorization: `Bearer ${served.apiKey}` } });
    expect(await answer.json()).toMatchObject({ object: 'list', data: [{ id: 'reflect-fast' }, {}, {}, {}] });
  });

  test('has a title made, without a stream and with its own cap', async () => {
    const content =
      '### Task:\nGenerate a concise, 3-5 word title with an emoji.\n### Chat History:\n<chat_history>…</chat_history>';
    const messages = [{ role: 'user', content }];
    const answer = await post({ model: 'reflect-fast', messages, stream: false, max_completion_tokens: 1000 });
    const { choices } = await answer.json();
    expect(JSON.parse(choices[0].message.content)).toEqual({ title: 'Bridges of the Bay' });
  });

  test('shows what stands in reasoning_content apart from the answer', async () => {
    const messages = [{ role: 'user', content: 'Say it in at most 4 words.' }];
    const stream_options = { include_usage: true };
    const answer = await post({ model: 'reflect-fast:checks', messages, stream: true, stream_options });
    const chunks: z.output<typeof chunkOf>[] = [];
    const parser = createParser({
      onEvent: ({ data }) => {
        if (data !== '[DONE]') chunks.push(chunkOf.parse(JSON.parse(data)));
      },
    });
    parser.feed(await answer.text());
    const deltas = chunks.flatMap(({ choices }) => choices.map(({ delta }) => delta));
    expect(deltas.map(({ content }) => content ?? '').join('')).toBe('it is plain.');
    expect(deltas.map(({ reasoning_content }) => reasoning_content ?? '').join('')).toContain('long as well');
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: expect.any(Number) } });
  });
});

describe('LibreChat', () => {
  const client = () => new OpenAI({ baseURL: served.baseUrl, apiKey: served.apiKey, maxRetries: 0 });

  test('streams with the parameters that it always sends, and gets a whole message of the assistant', async () => {
    const stream = client().chat.completions.stream({
      model: 'reflect-fast:direct',
      messages: [{ role: 'user', content: 'What is it?' }],
      ...{ user: 'user-1', temperature: 1, top_p: 1, presence_penalty: 0, frequency_penalty: 0 },
      stream: true,
    });
    let shown = '';
    for await (const chunk of stream) shown += chunk.choices[0]?.delta.content ?? '';
    const { message, finish_reason } = (await stream.finalChatCompletion()).choices[0] ?? {};
    expect([message?.role, message?.content, finish_reason]).toEqual(['assistant', 'It is a bridge.', 'stop']);
    expect(shown).toBe('It is a bridge.');
  });
});
