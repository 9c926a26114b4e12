import OpenAI, { APIError } from 'openai';
import { expect, test } from 'vitest';
import { AppError } from '../../../src/errors.ts';
import type { StreamedChat } from '../../../src/http/openai/chat-chunks.ts';
import { chatFrames, chatStream } from '../../../src/http/openai/chat-stream.ts';
import { frame } from '../../../src/reflection/event-frame.ts';
import type { EngineEvent, ReflectionEvent } from '../../../src/reflection/events.ts';
import { Recorder } from '../../../src/reflection/recorder.ts';

const plain = { model: 'reflect-fast:direct', strategy: 'direct', includeUsage: false, streamsDraft: true } as const;
const reasoning = { ...plain, model: 'reflect-fast', strategy: 'selective', streamsDraft: false } as const;

const started = { type: 'pass.started', pass: 'draft', role: 'draft', round: 0, attempt: 1, model: 'test/a' } as const;

const delta = (text: string, offset: number, attempt = 1): EngineEvent => ({
  ...{ type: 'pass.delta', pass: 'draft', attempt, offset, text },
});

/** The text in pieces of two characters, so that one of them may lie between the halves of an emoji. */
function deltas(text: string, attempt = 1): EngineEvent[] {
  return (text.match(/[\s\S]{1,2}/g) ?? []).map((piece, index) => delta(piece, index * 2, attempt));
}

function ended(output: string, draft = output): EngineEvent {
  const decision = output === draft ? 'unreflected' : 'accepted_revision';
  return {
    type: 'run.completed',
    outcome: { output, draft, finish_reason: 'stop', decision, exhausted: null, degraded: null, subject: 'draft' },
  };
}

/** The log of a run of these steps; an error fails it. */
function logOf(...steps: (EngineEvent | AppError)[]): ReflectionEvent[] {
  const recorder = new Recorder('refl_test', () => 0);
  const queued = recorder.queued([], {});
  return [
    queued,
    ...steps.map((step) =>
      step instanceof AppError
        ? recorder.end({ type: 'failed', error: { code: step.code, message: step.message } })
        : recorder.stamp(step),
    ),
  ];
}

function bytesOf(text: string, cut = 0): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  return new ReadableStream({
    start(controller) {
      controller.enqueue(bytes.slice(0, cut));
      controller.enqueue(bytes.slice(cut));
      controller.close();
    },
  });
}

const streamed = (log: readonly ReflectionEvent[], chat: StreamedChat, cut?: number) =>
  new Response(chatStream(bytesOf(log.map(frame).join(''), cut), chat)).text();

interface Read {
  readonly content: string;
  readonly reasoning: string;
  readonly error: { readonly code: string; readonly message: string } | undefined;
  readonly isDone: boolean;
}

/** What a client makes of the stream. */
function read(text: string): Read {
  const data = text.split('\n\n').flatMap((each) => (each.startsWith('data: ') ? [each.slice('data: '.length)] : []));
  const chunks = data.filter((each) => each !== '[DONE]').map((each) => JSON.parse(each));
  const told = chunks.map(({ choices }) => choices?.[0]?.delta ?? {});
  return {
    content: told.map(({ content = '' }) => content).join(''),
    reasoning: told.map(({ reasoning_content = '' }) => reasoning_content).join(''),
    error: chunks.find(({ error }) => error)?.error,
    isDone: data.at(-1) === '[DONE]',
  };
}

test('a stream is the same wherever its bytes are cut', async () => {
  const text = 'Zwölf Bäume. 🌳 [1]';
  const log = logOf(started, ...deltas(text), ended(text));
  for (const chat of [{ ...plain, includeUsage: true }, reasoning]) {
    const whole = chatFrames(log, chat);
    expect(read(whole)).toMatchObject({ content: text, isDone: true });
    const { length } = new TextEncoder().encode(log.map(frame).join(''));
    for (let cut = 0; cut <= length; cut += 1)
      if ((await streamed(log, chat, cut)) !== whole) throw new Error(`cut at ${cut}`);
  }
});

test('heartbeats pass between the chunks', async () => {
  const log = logOf(started, ...deltas('It is so.'), ended('It is so.'));
  const text = await new Response(chatStream(bytesOf(log.map(frame).join(': still running\n\n')), plain)).text();
  expect(text.match(/^: ?still running$/gm)).toHaveLength(log.length - 1);
  expect(read(text).content).toBe('It is so.');
});

test('a model that is lost and writes the same again leaves no trace in the content', async () => {
  const log = logOf(started, ...deltas('It is').slice(0, 2), ...deltas('It is so.', 2), ended('It is so.'));
  expect(read(await streamed(log, plain))).toMatchObject({ content: 'It is so.', isDone: true });
});

test('a model that is lost and writes something else is an error, since what was sent cannot be taken back', async () => {
  const log = logOf(started, ...deltas('It is'), ...deltas('Perhaps not.', 2), ended('Perhaps not.'));
  const { error, isDone } = read(await streamed(log, plain));
  expect(error).toMatchObject({ code: 'upstream_failed', message: expect.stringContaining('refl_test') });
  expect(isDone).toBe(false);
});

test('a draft that is written again begins on its own line of the reasoning', async () => {
  const log = logOf(started, ...deltas('It is'), delta('', 5), ...deltas('Perhaps.', 2), ended('Perhaps.'));
  const { reasoning: told, content } = read(await streamed(log, reasoning));
  expect(told).toBe('Draft:\nIt is\nPerhaps.');
  expect(content).toBe('Perhaps.');
});

test('an early draft that stays is told once', async () => {
  const log = logOf(started, ...deltas('It is so.'), ended('It is so.'));
  expect(read(await streamed(log, { ...reasoning, streamsDraft: true }))).toMatchObject({ content: 'It is so.' });
});

test('an early draft that does not stay is followed by the answer behind a rule', async () => {
  const log = logOf(started, ...deltas('It is.'), ended('It is not.', 'It is.'));
  const { content, isDone } = read(await streamed(log, { ...reasoning, streamsDraft: true }));
  expect(content).toBe('It is.\n\n---\n\nIt is not.');
  expect(isDone).toBe(true);
});

test('a run that fails ends the stream with its error', async () => {
  const log = logOf(started, ...deltas('It'), new AppError('upstream_busy', 'The model is out of capacity.'));
  for (const chat of [plain, reasoning]) {
    expect(read(await streamed(log, chat))).toMatchObject({ error: { code: 'upstream_busy' }, isDone: false });
  }
});

test('a stream that is lost before its run’s end says so, and where the answer will be', async () => {
  const log = logOf(started, ...deltas('It is so.'));
  const { content, error, isDone } = read(await streamed(log, plain));
  expect(content).toBe('It is so.');
  expect(error).toMatchObject({ code: 'upstream_failed', message: expect.stringContaining('refl_test') });
  expect(isDone).toBe(false);
});

test('an error in a stream is thrown by OpenAI’s client where it reads it', async () => {
  const failing = logOf(started, ...deltas('It'), new AppError('upstream_failed', 'The model failed.'));
  for (const log of [failing, logOf(started, ...deltas('It'))]) {
    const body = await streamed(log, plain);
    const fetch = async () => new Response(body, { headers: { 'content-type': 'text/event-stream' } });
    const client = new OpenAI({ apiKey: 'none', fetch });
    const messages = [{ role: 'user' as const, content: 'Is it so?' }];
    const stream = await client.chat.completions.create({ model: plain.model, messages, stream: true });
    let content = '';
    const reading = (async () => {
      for await (const { choices } of stream) content += choices[0]?.delta.content ?? '';
    })();
    const failure: unknown = await reading.catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(APIError);
    expect(failure).toMatchObject({ code: 'upstream_failed', type: 'api_error' });
    expect(content).toBe('It');
  }
});
