/** The Vercel AI SDK, by its provider for OpenAI-compatible servers. */
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateText, Output, streamText } from 'ai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { type ServedWorker, serveWorker } from './served-worker.ts';

let served: ServedWorker;
let provider: ReturnType<typeof createOpenAICompatible>;

beforeAll(async () => {
  served = await serveWorker('vercel-ai-test');
  provider = createOpenAICompatible({
    name: 'edge-reflection',
    baseURL: served.baseUrl,
    apiKey: served.apiKey,
    includeUsage: true,
    supportsStructuredOutputs: true,
  });
}, 60_000);

afterAll(() => served.close());

describe('the Vercel AI SDK', () => {
  test('generates a text, with its usage', async () => {
    served.model.answers.set('What is it?', { text: 'It is a bridge.' });
    const { text, finishReason, usage } = await generateText({
      model: provider('reflect-balanced:direct'),
      system: 'Be brief.',
      prompt: 'What is it?',
      temperature: 0,
      seed: 1,
    });
    expect([text, finishReason]).toEqual(['It is a bridge.', 'stop']);
    expect(usage).toMatchObject({ inputTokens: 20, outputTokens: 3, totalTokens: 23 });
  });

  test('streams the phases as reasoning and the accepted answer as text', async () => {
    served.model.answers.set('in at most 4 words', { text: 'It is plain, and long as well.' });
    served.model.answers.set('Write your whole answer again', { text: 'it is plain.' });
    const { fullStream } = streamText({
      model: provider('reflect-balanced:checks'),
      prompt: 'Say it in at most 4 words.',
    });
    const parts = { reasoning: '', text: '' };
    for await (const part of fullStream) {
      if (part.type === 'reasoning-delta') parts.reasoning += part.text;
      if (part.type === 'text-delta') parts.text += part.text;
    }
    expect(parts.reasoning).toContain('It is plain, and long as well.');
    expect(parts.text).toBe('it is plain.');
  });

  test('generates an object', async () => {
    served.model.answers.set('Which bridge?', { text: 'Here:\n{"name": "Golden Gate"}' });
    const { output } = await generateText({
      model: provider('reflect-balanced:checks'),
      output: Output.object({ schema: z.object({ name: z.string() }) }),
      prompt: 'Which bridge?',
    });
    expect(output).toEqual({ name: 'Golden Gate' });
  });

  test('is told what was wrong', async () => {
    const failing = generateText({ model: provider('gpt-9'), prompt: 'Hello?', maxRetries: 0 });
    await expect(failing).rejects.toMatchObject({
      statusCode: 404,
      message: expect.stringContaining('there is no model'),
    });
  });
});
