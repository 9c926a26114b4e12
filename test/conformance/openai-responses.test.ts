/** The Responses API by OpenAI's own client for JavaScript, with only its base URL changed. */
import OpenAI, { BadRequestError, InternalServerError, NotFoundError } from 'openai';
import { zodTextFormat } from 'openai/helpers/zod';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { type ServedWorker, serveWorker } from './served-worker.ts';

let served: ServedWorker;
let client: OpenAI;

beforeAll(async () => {
  served = await serveWorker('openai-responses-test');
  client = new OpenAI({ baseURL: served.baseUrl, apiKey: served.apiKey, maxRetries: 0 });
}, 60_000);

afterAll(() => served.close());

const model = 'reflect-balanced:direct';

function says(question: string, text: string, more: { reason?: 'length'; pauseMs?: number } = {}): string {
  served.model.answers.set(question, { text, ...more });
  return question;
}

const refusal = (work: Promise<unknown>) => work.catch((error: unknown) => error);

describe('a response', () => {
  test('is the answer, with what it cost, and is read again by its id', async () => {
    const input = says('What is it?', 'It is a bridge.');
    const response = await client.responses.create({ model, input, instructions: 'Be brief.', metadata: { a: 'b' } });
    expect(response).toMatchObject({
      object: 'response',
      status: 'completed',
      model,
      output_text: 'It is a bridge.',
      instructions: 'Be brief.',
      metadata: { a: 'b' },
      usage: { input_tokens: 20, output_tokens: 3, output_tokens_details: { reasoning_tokens: 0 } },
    });
    expect(served.model.asked.at(-1)?.messages.map(({ role }) => role)).toEqual(['system', 'user']);
    expect(await client.responses.retrieve(response.id)).toMatchObject({
      id: response.id,
      model,
      output: response.output,
    });
    await client.responses.delete(response.id);
    expect(await refusal(client.responses.retrieve(response.id))).toBeInstanceOf(NotFoundError);
  });

  test('of a conversation takes the items of earlier responses', async () => {
    const input = says('And then?', 'Then it ends.');
    const response = await client.responses.create({
      model,
      input: [
        { role: 'developer', content: 'Be kind.' },
        { role: 'user', content: [{ type: 'input_text', text: 'Tell a story.' }] },
        { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'I think.' }] },
        {
          type: 'message',
          id: 'msg_1',
          role: 'assistant',
          status: 'completed',
          content: [{ type: 'output_text', text: 'Once upon a time.', annotations: [] }],
        },
        { role: 'user', content: input },
      ],
    });
    expect(response.output_text).toBe('Then it ends.');
    expect(served.model.asked.at(-1)?.messages.map(({ content }) => content)).toEqual([
      'Be kind.',
      'Tell a story.',
      'Once upon a time.',
      'And then?',
    ]);
  });

  test('that was cut is incomplete', async () => {
    const input = says('Tell it at length.', 'Once upon a', { reason: 'length' });
    expect(await client.responses.create({ model, input, max_output_tokens: 3 })).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
      output_text: 'Once upon a',
    });
  });

  test('follows a schema, which the client parses', async () => {
    const Place = z.object({ name: z.string(), metres: z.number() });
    const response = await client.responses.parse({
      model: 'reflect-balanced:checks',
      input: says('Which bridge?', 'Here it is:\n{"name": "Golden Gate", "metres": 2737}'),
      text: { format: zodTextFormat(Place, 'place') },
    });
    expect(response.output_parsed).toEqual({ name: 'Golden Gate', metres: 2737 });
  });

  test('in the background is queued, followed from any event, and cancelled', async () => {
    const input = says('Take long.', 'It takes a while until all of it is said, and longer still.', { pauseMs: 60 });
    const queued = await client.responses.create({ model, input, background: true });
    expect(['queued', 'in_progress']).toContain(queued.status);
    const events = [];
    const followed = await client.responses.retrieve(queued.id, { stream: true, starting_after: 1 });
    for await (const event of followed) {
      events.push(event);
      if (event.type === 'response.output_text.delta') break;
    }
    expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_, index) => index + 2));
    const cancelled = await client.responses.cancel(queued.id);
    expect(cancelled).toMatchObject({ id: queued.id, status: 'cancelled', model });
    const [message] = cancelled.output;
    const text =
      message?.type === 'message' && message.content[0]?.type === 'output_text' ? message.content[0].text : '';
    expect('It takes a while until all of it is said').toContain(text.slice(0, 8));
  });
});

describe('a streamed response', () => {
  test('has each event of the sequence, numbered without gaps', async () => {
    const input = says('Stream it.', 'One two three four five.', { pauseMs: 20 });
    const events = [];
    for await (const event of await client.responses.create({ model, input, stream: true })) events.push(event);
    const types = events.map(({ type }) => type);
    expect(types.filter((type, index) => type !== types[index - 1])).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ]);
    expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_, index) => index));
    const deltas = events.flatMap((event) => (event.type === 'response.output_text.delta' ? [event.delta] : []));
    expect(deltas.length).toBeGreaterThan(2);
    expect(deltas.join('')).toBe('One two three four five.');
  });

  test('of another strategy brings its phases as a reasoning item, which the client’s own helper assembles', async () => {
    served.model.answers.set('Write your whole answer again', { text: 'it is plain.' });
    const stream = client.responses.stream({
      model: 'reflect-balanced:checks',
      input: says('Say it in at most 4 words.', 'It is plain, and long as well.'),
    });
    const response = await stream.finalResponse();
    expect(response.output.map(({ type }) => type)).toEqual(['reasoning', 'message']);
    expect(response.output_text).toBe('it is plain.');
    const [reasoning] = response.output;
    expect(reasoning?.type === 'reasoning' && reasoning.summary[0]?.text).toMatch(
      /^Draft:\nIt is plain, and long as well\.\nCheck words/,
    );
  });

  test('that fails before its first word is refused with the failure’s own status', async () => {
    served.model.answers.set('Fail now.', { status: 500 });
    const failure = await refusal(client.responses.create({ model, input: 'Fail now.', stream: true }));
    expect(failure).toBeInstanceOf(InternalServerError);
    expect(failure).toMatchObject({ status: 502, code: 'upstream_failed' });
  });
});

test('what is not supported is refused by name', async () => {
  const refused = {
    previous_response_id: 'resp_1',
    conversation: 'conv_1',
    prompt: { id: 'p' },
    tools: [{ type: 'web_search' }],
    truncation: 'auto',
    reasoning: { effort: 'high' },
  };
  for (const [name, value] of Object.entries(refused)) {
    const failure = await refusal(client.responses.create({ model, input: 'Hello?', [name]: value }));
    expect(failure).toBeInstanceOf(BadRequestError);
    expect(failure).toMatchObject({ code: 'unsupported_parameter', param: name });
  }
  expect(
    await refusal(
      client.responses.create({
        model,
        input: [
          {
            type: 'message',
            role: 'user',
            content: [{ type: 'input_image', detail: 'auto', image_url: 'https://example.com/a.png' }],
          },
        ],
      }),
    ),
  ).toMatchObject({
    status: 400,
    param: expect.stringMatching(/^messages\[0\]\.content|^input/),
  });
  expect(await refusal(client.responses.create({ model, input: 'Hello?', max_output_tokens: 0 }))).toMatchObject({
    param: 'max_output_tokens',
  });
});
