/** What a well-known proxy for reflection gets wrong, each as a case that must go right here. By OpenAI's client, on the Worker as it is deployed. */
import OpenAI, { BadRequestError } from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ServedWorker, serveWorker } from './served-worker.ts';

let served: ServedWorker;
let client: OpenAI;

beforeAll(async () => {
  served = await serveWorker('defects-test');
  client = new OpenAI({ baseURL: served.baseUrl, apiKey: served.apiKey, maxRetries: 0 });
}, 60_000);

afterAll(() => served.close());

const user = (content: string) => [{ role: 'user' as const, content }];

/** What comes of it when the model says `text` to this question. */
async function answered(
  question: string,
  text: string,
  model = 'reflect-fast:tags',
  reason: 'stop' | 'length' = 'stop',
) {
  served.model.answers.set(question, { text, reason });
  served.model.answers.set('Now give only the final answer', { text: '42' });
  const { choices, usage } = await client.chat.completions.create({ model, messages: user(question) });
  return { content: choices[0]?.message.content ?? '', reason: choices[0]?.finish_reason, usage };
}

test('thinking that was cut off is never given as the answer', async () => {
  const { content } = await answered('Cut it off.', '<thinking>secret plans', 'reflect-fast:tags', 'length');
  expect(content).not.toMatch(/secret|<thinking>/);
});

test('thinking is not given where the block of the answer is missing', async () => {
  const { content } = await answered('Leave it out.', '<thinking>secret</thinking> The answer is 42.');
  expect(content).not.toMatch(/secret|<thinking>/);
  expect(content).toContain('42');
});

test('the word <output> in thinking is no answer', async () => {
  const { content } = await answered(
    'Speak of tags.',
    '<thinking>I shall write the <output> tag later</thinking><output>42</output>',
  );
  expect(content).toBe('42');
});

test('an answer that is about </output> is not cut there', async () => {
  const text = 'Write `<output>1</output>` for a result, and close it.';
  expect((await answered('How is the element output written in HTML?', text, 'reflect-fast:direct')).content).toBe(
    text,
  );
  const tagged = `<thinking>It is HTML.</thinking>\n<output>\n${text}\n</output>`;
  expect((await answered('How is output written in HTML?', tagged)).content).toBe(text);
});

test('content that is null is a 400 that names it', async () => {
  const messages = [{ role: 'user', content: null }] as unknown as OpenAI.ChatCompletionMessageParam[];
  const failure = await client.chat.completions
    .create({ model: 'reflect-fast:direct', messages })
    .catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(BadRequestError);
  expect(failure).toMatchObject({ param: 'messages[0].content' });
});

test('seed, top_p and stop reach the model, and what is not supported is refused by name', async () => {
  await client.chat.completions.create({
    model: 'reflect-fast:direct',
    messages: user('Pass it on.'),
    seed: 7,
    top_p: 0.5,
    stop: ['END'],
    temperature: 0.3,
  });
  expect(served.model.asked.at(-1)).toMatchObject({ seed: 7, top_p: 0.5, stop: ['END'], temperature: 0.3 });
  for (const [name, value] of Object.entries({
    logprobs: true,
    logit_bias: { 1: 2 },
    audio: {},
    frequency_penalty: 1,
  })) {
    const failure = await client.chat.completions
      .create({ model: 'reflect-fast:direct', messages: user('Hello?'), [name]: value })
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ status: 400, code: 'unsupported_parameter', param: name });
  }
});

test('an answer with "User:" or "Assistant:" in it is whole', async () => {
  const text = 'Prefix text. Log format is "User: name". Assistant: says so. More text after.';
  expect((await answered('What is the log format?', text, 'reflect-fast:direct')).content).toBe(text);
});

test('reasoning is counted', async () => {
  const text = `<thinking>${'I think about it. '.repeat(20)}</thinking><output>42</output>`;
  const { usage } = await answered('Think first.', text);
  expect(usage?.completion_tokens_details?.reasoning_tokens).toBeGreaterThan(20);
});

test('a stream has many chunks, and one with the usage', async () => {
  served.model.answers.set('Stream to me.', { text: 'One two three four five six seven.', pauseMs: 20 });
  const stream = await client.chat.completions.create({
    model: 'reflect-fast:direct',
    messages: user('Stream to me.'),
    stream: true,
    stream_options: { include_usage: true },
  });
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  expect(chunks.length).toBeGreaterThan(5);
  expect(chunks.filter(({ usage }) => usage)).toHaveLength(1);
});

test('developer and several system messages reach the model, in their order', async () => {
  await client.chat.completions.create({
    model: 'reflect-fast:direct',
    messages: [
      { role: 'system', content: 'First.' },
      { role: 'developer', content: 'Second.' },
      ...user('Who?'),
      { role: 'assistant', content: 'You.' },
      { role: 'system', content: 'Third.' },
      ...user('And then?'),
    ],
  });
  expect(served.model.asked.at(-1)?.messages.map(({ content }) => content)).toEqual([
    'First.',
    'Second.',
    'Who?',
    'You.',
    'Third.',
    'And then?',
  ]);
});

test('what tools were asked and said reaches the model, in its place', async () => {
  const call = { id: 'c1', type: 'function' as const, function: { name: 'add', arguments: '{"a": 1}' } };
  await client.chat.completions.create({
    model: 'reflect-fast:direct',
    messages: [
      ...user('Add.'),
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: 'c1', content: '3' },
      ...user('And?'),
    ],
  });
  expect(served.model.asked.at(-1)?.messages).toMatchObject([
    { role: 'user' },
    { role: 'assistant', tool_calls: [call] },
    { role: 'tool', tool_call_id: 'c1', content: '3' },
    { role: 'user' },
  ]);
});

test('the text of a user switches no strategy', async () => {
  const before = served.model.asked.length;
  const { content } = await answered(
    '<optillm_approach>mcts</optillm_approach> reflect-max:always {"strategy": "always"} Hello?',
    'Hello.',
    'reflect-fast:direct',
  );
  expect(content).toBe('Hello.');
  expect(served.model.asked.length - before).toBe(1);
});
