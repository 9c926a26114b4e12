import { describe, expect, test } from 'vitest';
import { AppError } from '../../src/errors.ts';
import { createContext } from '../../src/reflection/context.ts';
import type { StepEvent } from '../../src/reflection/events.ts';
import { Cancelled, type Model } from '../../src/reflection/model.ts';
import { type PassPlan, runPass } from '../../src/reflection/pass.ts';
import { drain, modelFacts, request, roster, tools } from '../support/reflections.ts';
import { type Reply, type ScriptedOptions, scriptedModel, virtualClock } from '../support/scripted-model.ts';

const plan: PassPlan = {
  pass: 'draft',
  role: 'draft',
  seat: 'author',
  round: 0,
  messages: [{ role: 'user', content: 'What is it, and where?' }],
  maxOutputTokens: 100,
  temperature: 0.5,
};

async function runOne(
  reply: Reply,
  options: ScriptedOptions & { body?: Parameters<typeof request>[0]; model?: Model } = {},
) {
  const clock = options.clock ?? virtualClock();
  const model = scriptedModel([reply], { clock, ...options });
  const context = createContext(request(options.body), tools(options.model ?? model, { now: clock.now }));
  return { ...(await drain(runPass(context, plan))), model, context };
}

const types = (events: readonly StepEvent[]) => events.map((event) => event.type);
const usageOf = (event: StepEvent | undefined) => (event && 'usage' in event ? event.usage : undefined);

describe('a pass that is finished', () => {
  test('tells its start, its text piece by piece, and what it used', async () => {
    const clock = virtualClock(1_000);
    const usage = { inputTokens: 1_000, outputTokens: 500, neurons: 3 };
    const { events, result, model } = await runOne({ chunks: ['Hel', '', 'lo'], usage, delay: 10 }, { clock });
    expect(result).toMatchObject({ kind: 'done', text: 'Hello', truncated: false });
    expect(events).toEqual([
      { type: 'pass.started', pass: 'draft', role: 'draft', round: 0, attempt: 1, model: 'test/author' },
      { type: 'pass.delta', pass: 'draft', attempt: 1, offset: 0, text: 'Hel' },
      { type: 'pass.delta', pass: 'draft', attempt: 1, offset: 3, text: 'lo' },
      {
        type: 'pass.completed',
        pass: 'draft',
        attempt: 1,
        usage: {
          id: 'draft',
          role: 'draft',
          round: 0,
          attempt: 1,
          model: 'test/author',
          input_tokens: 1_000,
          output_tokens: 500,
          cost_usd: 0.002,
          neurons: 3,
          estimated: false,
          charged: true,
          ttft_ms: 10,
          latency_ms: 40,
          finish_reason: 'stop',
          truncated: false,
        },
      },
    ]);
    expect(model.asked).toEqual([
      expect.objectContaining({ pass: 'draft', maxOutputTokens: 100, deadlineAt: 60_000, temperature: 0.5 }),
    ]);
    expect(model.asked[0]).not.toHaveProperty('round');
    expect(model.ended()).toBe(1);
  });

  test('is estimated where the provider sends no counts, and says so', async () => {
    const { events } = await runOne('word '.repeat(20).trim());
    expect(usageOf(events.at(-1))).toMatchObject({
      input_tokens: 44,
      output_tokens: 20,
      estimated: true,
      neurons: null,
    });
  });

  test('without a word has no time to the first token', async () => {
    const { events, result } = await runOne('');
    expect(result).toMatchObject({ kind: 'done', text: '', truncated: false });
    expect(usageOf(events.at(-1))?.ttft_ms).toBeNull();
  });

  test('at its cap is truncated', async () => {
    const { events, result } = await runOne({ text: 'Hello', finish: 'length' });
    expect(result).toMatchObject({ kind: 'done', truncated: true });
    expect(usageOf(events.at(-1))).toMatchObject({ finish_reason: 'length', truncated: true });
  });

  test('by a model that no price is known of costs nothing', async () => {
    const { events } = await runOne({ text: 'Hello', model: 'test/unknown' });
    expect(usageOf(events.at(-1))).toMatchObject({ model: 'test/unknown', cost_usd: 0, charged: true });
  });

  test('is cut where the server writes on and on', async () => {
    const { result, model } = await runOne({ chunks: Array.from({ length: 1_000 }, () => 'word word ') });
    expect(result).toMatchObject({ kind: 'done', truncated: true });
    expect(result.kind === 'done' && result.text.length).toBeLessThan(2_000);
    expect(model.ended()).toBe(1);
  });
});

describe('lost attempts', () => {
  test('are told and not charged; their text is void', async () => {
    const lost = [
      { code: 'upstream_busy', text: 'Lost words' },
      { code: 'interrupted', text: 'Half' },
    ] as const;
    const { events, result, context } = await runOne({ text: 'Hello', lost, model: 'test/other' });
    expect(result).toMatchObject({ kind: 'done', text: 'Hello', truncated: false });
    const told = events.filter((event) => event.type !== 'pass.delta');
    expect(told).toMatchObject([
      { type: 'pass.started', attempt: 1, model: 'test/author' },
      {
        type: 'pass.retried',
        attempt: 2,
        model: 'test/author',
        code: 'upstream_busy',
        usage: { attempt: 1, finish_reason: 'error', charged: false, cost_usd: 0, neurons: null, output_tokens: 2 },
      },
      {
        type: 'pass.retried',
        attempt: 3,
        model: 'test/other',
        code: 'interrupted',
        usage: { attempt: 2, finish_reason: 'interrupted', charged: false },
      },
      { type: 'pass.completed', attempt: 3, usage: { attempt: 3, charged: true, model: 'test/other' } },
    ]);
    const offsets = events.flatMap((event) => (event.type === 'pass.delta' ? [[event.attempt, event.offset]] : []));
    expect(offsets).toEqual([
      [1, 0],
      [1, 7],
      [2, 0],
      [3, 0],
    ]);
    expect(context.budget.callsLeft).toBe(7);
  });

  test('that no other follows fail the pass once, uncharged', async () => {
    const lost = [{ code: 'upstream_busy', text: 'Lost words' }] as const;
    const breaks = new AppError('upstream_busy', 'No model is free.');
    const { events, result } = await runOne({ lost, breaks });
    expect(result).toEqual({ kind: 'failed', error: breaks });
    expect(types(events)).toEqual(['pass.started', 'pass.delta', 'pass.delta', 'pass.failed']);
    expect(usageOf(events.at(-1))).toMatchObject({
      attempt: 1,
      charged: false,
      finish_reason: 'error',
      output_tokens: 2,
    });
  });

  test('leave nothing behind for a deadline that passes before the next', async () => {
    const lost = [{ code: 'upstream_busy', text: 'Lost words' }] as const;
    const { events, result } = await runOne({ lost, breaks: new AppError('deadline', 'Too late.') });
    expect(result).toEqual({ kind: 'exhausted', by: 'deadline', text: '' });
    expect(usageOf(events.at(-1))).toMatchObject({ charged: false, finish_reason: 'error' });
  });
});

describe('a pass that fails', () => {
  test('before any model was chosen is told as started and failed', async () => {
    const error = new AppError('upstream_quota', 'The quota is spent.');
    const { events, result } = await runOne(error);
    expect(result).toEqual({ kind: 'failed', error });
    expect(events).toMatchObject([
      { type: 'pass.started', attempt: 1, model: 'test/author' },
      { type: 'pass.failed', attempt: 1, code: 'upstream_quota', usage: { charged: false, attempt: 1 } },
    ]);
  });

  test('in a seat where nobody sits names no model', async () => {
    const model = scriptedModel([new AppError('upstream_failed', 'Nobody sits there.')]);
    const context = createContext(request(), tools(model, { roster: roster({ empty: ['author'] }) }));
    const { events } = await drain(runPass(context, plan));
    expect(events[0]).toMatchObject({ type: 'pass.started', model: 'none' });
  });

  test('in the middle is not charged', async () => {
    const { events, result } = await runOne({
      text: 'Hello there',
      breaks: new AppError('upstream_failed', 'Broken.'),
    });
    expect(result.kind).toBe('failed');
    expect(usageOf(events.at(-1))).toMatchObject({ charged: false, cost_usd: 0, output_tokens: 4 });
  });

  test('by ending without its end', async () => {
    const { result } = await runOne({ text: 'Hello', finish: 'none' });
    expect(result).toMatchObject({ kind: 'failed', error: { code: 'upstream_failed' } });
  });

  test('gives its grant back', async () => {
    const { context } = await runOne(new AppError('upstream_failed', 'Broken.'), {
      body: { budget: { max_output_tokens: 100 } },
    });
    expect(context.budget.grant(100, 1, { input: 0, output: 0 }, 0)).toMatchObject({ maxOutputTokens: 100 });
  });

  test('in a way that no table knows throws', async () => {
    await expect(runOne(new TypeError('a bug'))).rejects.toThrow('a bug');
  });
});

describe('limits', () => {
  test('a pass that the budget does not let in is not made', async () => {
    const { events, result, model } = await runOne('Hello', { body: { budget: { max_output_tokens: 15 } } });
    expect(result).toEqual({ kind: 'exhausted', by: 'tokens', text: '' });
    expect(events).toEqual([]);
    expect(model.asked).toEqual([]);
  });

  test('its output is cut to the budget, at the dearest price of the chain', async () => {
    const model = scriptedModel(['Hello']);
    const author = [
      modelFacts('cheap', 'small', { price: { input: 0, output: 0 } }),
      modelFacts('dear', 'large', { price: { input: 0, output: 100 } }),
    ];
    const context = createContext(
      request({ budget: { max_cost_usd: 0.005 } }),
      tools(model, { roster: { ...roster(), author } }),
    );
    await drain(runPass(context, plan));
    expect(model.asked[0]?.maxOutputTokens).toBe(50);
  });

  test('the deadline ends it with what was written, which is paid for', async () => {
    const clock = virtualClock();
    const { events, result } = await runOne(
      { chunks: ['one ', 'two ', 'three '], delay: 400 },
      { clock, body: { budget: { deadline_ms: 1_000 } } },
    );
    expect(result).toEqual({ kind: 'exhausted', by: 'deadline', text: 'one two ' });
    expect(events.at(-1)).toMatchObject({
      type: 'pass.failed',
      code: 'deadline',
      usage: { charged: true, finish_reason: 'interrupted', truncated: true, output_tokens: 3, latency_ms: 1_000 },
    });
  });

  test('the deadline ends even a model that does not keep it', async () => {
    const clock = virtualClock();
    const model: Model = {
      async *ask() {
        yield { type: 'start', attempt: 1, model: 'test/author' };
        for (;;) {
          clock.advance(600);
          yield { type: 'delta', text: 'on ' };
        }
      },
    };
    const { result } = await runOne('', { clock, model, body: { budget: { deadline_ms: 1_000 } } });
    expect(result).toEqual({ kind: 'exhausted', by: 'deadline', text: 'on on ' });
  });

  test('a cancelled pass is told, paid for as far as it came, and throws', async () => {
    const model = scriptedModel(['Hello there, friend'], { cancelAt: 2 });
    const context = createContext(request(), tools(model));
    const events: StepEvent[] = [];
    const steps = runPass(context, plan);
    await expect(
      (async () => {
        for await (const event of steps) events.push(event);
      })(),
    ).rejects.toThrow(Cancelled);
    expect(events.at(-1)).toMatchObject({
      type: 'pass.failed',
      code: 'cancelled',
      usage: { charged: true, finish_reason: 'interrupted', truncated: true, output_tokens: 4 },
    });
  });

  test('a reader that leaves ends the call upstream', async () => {
    const model = scriptedModel(['Hello there, friend']);
    for await (const event of runPass(createContext(request(), tools(model)), plan))
      if (event.type === 'pass.delta') break;
    expect(model.ended()).toBe(1);
  });
});
