/** LangChain.js, by its chat model for OpenAI. */
import { HumanMessage, SystemMessage } from '@langchain/core/messages';
import { ChatOpenAI } from '@langchain/openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { type ServedWorker, serveWorker } from './served-worker.ts';

let served: ServedWorker;

beforeAll(async () => {
  served = await serveWorker('langchain-test');
}, 60_000);

afterAll(() => served.close());

const chat = (model: string, more = {}) =>
  new ChatOpenAI({
    model,
    apiKey: served.apiKey,
    maxRetries: 0,
    configuration: { baseURL: served.baseUrl },
    ...more,
  });

describe('LangChain', () => {
  test('invokes, with its usage', async () => {
    served.model.answers.set('What is it?', { text: 'It is a bridge.' });
    const answer = await chat('reflect-balanced:direct', { temperature: 0.2, maxTokens: 50 }).invoke([
      new SystemMessage('Be brief.'),
      new HumanMessage('What is it?'),
    ]);
    expect(answer.content).toBe('It is a bridge.');
    expect(answer.usage_metadata).toMatchObject({ input_tokens: 20, output_tokens: 3 });
    expect(answer.response_metadata).toMatchObject({ finish_reason: 'stop' });
  });

  test('streams', async () => {
    served.model.answers.set('Stream it.', { text: 'One two three four five.', pauseMs: 20 });
    const pieces = [];
    for await (const chunk of await chat('reflect-balanced:direct').stream('Stream it.')) pieces.push(chunk.content);
    expect(pieces.filter((piece) => piece !== '').length).toBeGreaterThan(2);
    expect(pieces.join('')).toBe('One two three four five.');
  });

  test('gets structured output by a schema', async () => {
    served.model.answers.set('Which bridge?', { text: 'Here:\n{"name": "Golden Gate"}' });
    const structured = chat('reflect-balanced:checks').withStructuredOutput(z.object({ name: z.string() }), {
      name: 'place',
      method: 'jsonSchema',
    });
    expect(await structured.invoke('Which bridge?')).toEqual({ name: 'Golden Gate' });
  });

  test('uses the Responses API where it is told to', async () => {
    served.model.answers.set('What is it?', { text: 'It is a bridge.' });
    const answer = await chat('reflect-balanced:direct', { useResponsesApi: true }).invoke('What is it?');
    expect(answer.text).toBe('It is a bridge.');
  });
});
