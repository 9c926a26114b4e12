/** The API over the real engine: whatever a model says, the answer has the documented shape, and the stream tells the same story. */
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from '../../src/errors.ts';
import { reflectionRecord } from '../../src/http/reflection-record.ts';
import type { ReflectionEvent } from '../../src/reflection/events.ts';
import { fold } from '../../src/reflection/fold.ts';
import type { Model, ModelCall } from '../../src/reflection/model.ts';
import { reflect } from '../../src/reflection/reflect.ts';
import { tierNames } from '../../src/reflection/request.ts';
import { strategyNames } from '../../src/reflection/strategies.ts';
import { type Api, makeApi, roster } from './api.ts';

function modelThatSays(answer: (call: ModelCall) => string): Model {
  return {
    async *ask(call) {
      yield { type: 'start', attempt: 1, model: 'test/small' };
      const text = answer(call);
      yield { type: 'delta', text: text.slice(0, 5) };
      yield { type: 'delta', text: text.slice(5) };
      yield { type: 'finish', reason: 'stop', usage: { inputTokens: 10, outputTokens: 5, neurons: null } };
    },
  };
}

function apiOver(model: Model): Api {
  return makeApi({
    engine: (request) =>
      reflect(request, { model, roster, nonce: 'nonce', now: Date.now, startedAt: Date.now(), reserve: () => null }),
  });
}

const critique = JSON.stringify({ independent_answer: '42', verdict: 'pass', issues: [] });
const sensible = modelThatSays(({ role }) => (role === 'critique' ? critique : 'The answer is 42.'));

function eventsOf(text: string): ReflectionEvent[] {
  const events: ReflectionEvent[] = [];
  const take = ({ data }: EventSourceMessage): void => void events.push(JSON.parse(data));
  createParser({ onEvent: take }).feed(text);
  return events;
}

test('a tool call is given to the caller as the model made it, streamed and not, and is never kept', async () => {
  const tool_calls = [
    { id: 'call_1', type: 'function', function: { name: 'look_up', arguments: '{"of": "Lima",\n "x":  1.50}' } },
  ] as const;
  const asked: ModelCall[] = [];
  const api = apiOver({
    async *ask(call) {
      asked.push(call);
      yield { type: 'start', attempt: 1, model: 'test/small' };
      yield { type: 'finish', reason: 'tool_calls', usage: null, toolCalls: tool_calls };
    },
  });
  const tools = [{ type: 'function', function: { name: 'look_up' } }];
  const body = { input: 'Where is Lima?', strategy: 'direct', tools };
  const answered = await api.post('/v1/reflections', body);
  const record = reflectionRecord.parse(await answered.json());
  expect(record).toMatchObject({ output: '', finish_reason: 'tool_calls', tool_calls, cache: { status: 'bypass' } });
  const events = eventsOf(await (await api.post('/v1/reflections', { ...body, stream: true })).text());
  const last = events.at(-1);
  expect(last).toMatchObject({ type: 'run.completed', reflection: { finish_reason: 'tool_calls', tool_calls } });
  expect(last?.type === 'run.completed' && fold(events)).toEqual(last?.type === 'run.completed' && last.reflection);
  expect(asked).toHaveLength(2);
});

const cases = tierNames.flatMap((tier) => strategyNames.map((strategy) => [tier, strategy] as const));

describe('over the real engine', () => {
  test.each(cases)(
    'tier %s, strategy %s: the blocking answer is the fold of the streamed events',
    async (tier, strategy) => {
      const api = apiOver(sensible);
      const body = { input: 'What is 6 times 7?', tier, strategy, include: ['draft', 'diff', 'trace'] };
      const blocking = await api.post('/v1/reflections', body);
      expect(blocking.status).toBe(200);
      const record = reflectionRecord.parse(await blocking.json());
      expect(record).toMatchObject({ status: 'completed', finish_reason: 'stop' });
      const events = eventsOf(await (await api.get(`/v1/reflections/${record.id}/events`)).text());
      expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => index + 1));
      expect(fold(events)).toEqual(record);
    },
  );

  test('whatever a model says, the record keeps its shape', async () => {
    const words = fc.oneof(
      fc.string(),
      fc.json(),
      fc.constantFrom('', critique, '<thinking>', '<output>42</output>', '{"verdict": "revise"}'),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(words, { minLength: 1, maxLength: 8 }),
        fc.constantFrom(...strategyNames),
        async (said, strategy) => {
          let call = 0;
          const api = apiOver(modelThatSays(() => said[call++ % said.length] ?? ''));
          const response = await api.post('/v1/reflections', {
            input: 'Write at most 20 words about 6 times 7.',
            strategy,
            checks: [{ type: 'words', max: 20 }],
          });
          const body = await response.json();
          if (response.status === 200) expect(reflectionRecord.safeParse(body)).toMatchObject({ success: true });
          else expect([response.status, body.error.code]).toEqual([502, 'upstream_failed']);
          expect(api.log.filter(({ level }) => level === 'error')).toEqual([]);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('a draft that cannot be had fails the request with the model’s own code', async () => {
    const busy: Model = {
      async *ask() {
        yield { type: 'start', attempt: 1, model: 'test/small' };
        throw new AppError('upstream_busy', 'The model is out of capacity.');
      },
    };
    const response = await apiOver(busy).post('/v1/reflections', { input: 'hello' });
    expect([response.status, (await response.json()).error.code]).toEqual([503, 'upstream_busy']);
  });

  test('a critic that cannot be had degrades the answer and no more', async () => {
    const model: Model = {
      async *ask(call) {
        if (call.role !== 'draft') throw new AppError('upstream_failed', 'The critic is away.');
        yield* sensible.ask(call);
      },
    };
    const response = await apiOver(model).post('/v1/reflections', { input: 'What is 6 times 7?', strategy: 'always' });
    expect(response.status).toBe(200);
    expect(reflectionRecord.parse(await response.json())).toMatchObject({
      output: 'The answer is 42.',
      degraded: { pass: 'critique', code: 'upstream_failed' },
    });
  });
});
