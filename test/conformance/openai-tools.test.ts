/** Tools by OpenAI's own client: passed on to the model, and its calls passed back as it made them. */
import OpenAI, { BadRequestError } from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ServedWorker, serveWorker } from './served-worker.ts';

let served: ServedWorker;
let client: OpenAI;

const words = '{ "city":  "Seoul", "note": "한국어 \\u00e9 \\n" }';
const tools: OpenAI.ChatCompletionTool[] = [
  {
    type: 'function',
    function: {
      name: 'weather',
      parameters: { type: 'object', properties: { city: { type: 'string' } } },
      strict: true,
    },
  },
];

beforeAll(async () => {
  served = await serveWorker('openai-tools-test');
  client = new OpenAI({ baseURL: served.baseUrl, apiKey: served.apiKey, maxRetries: 0 });
  served.model.answers.set('What is the weather?', { text: '', calls: [['weather', words]] });
}, 60_000);

afterAll(() => served.close());

const asked = [{ role: 'user' as const, content: 'What is the weather?' }];

test('a call is passed on letter by letter, whole and streamed', async () => {
  const completion = await client.chat.completions.create({ model: 'reflect-balanced', messages: asked, tools });
  const [choice] = completion.choices;
  expect(choice).toMatchObject({
    finish_reason: 'tool_calls',
    message: { content: null, tool_calls: [{ type: 'function', function: { name: 'weather', arguments: words } }] },
  });
  expect(served.model.asked.at(-1)).toMatchObject({ tools });
  const stream = client.chat.completions.stream({ model: 'reflect-balanced:direct', messages: asked, tools });
  const [streamed] = (await stream.finalChatCompletion()).choices;
  expect(streamed?.finish_reason).toBe('tool_calls');
  expect(streamed?.message.tool_calls?.map((call) => 'function' in call && call.function.arguments)).toEqual([words]);
});

test('what a tool said goes on in the conversation', async () => {
  served.model.answers.set('Sunny.', { text: 'It is sunny in Seoul.' });
  const call = { id: 'call_0', type: 'function' as const, function: { name: 'weather', arguments: words } };
  const { choices } = await client.chat.completions.create({
    model: 'reflect-balanced',
    messages: [
      ...asked,
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: 'call_0', content: 'Sunny.' },
    ],
    tools,
  });
  expect(choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: 'It is sunny in Seoul.' } });
  expect(served.model.asked.at(-1)?.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool']);
});

test('another strategy refuses tools by name', async () => {
  const failure = await client.chat.completions
    .create({ model: 'reflect-balanced:selective', messages: asked, tools })
    .catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(BadRequestError);
  expect(failure).toMatchObject({ code: 'unsupported_parameter', param: 'tools' });
});
