import { expect, test } from 'vitest';
import { AppError } from '../../src/errors.ts';
import type { ReflectionEvent } from '../../src/reflection/events.ts';
import { Cancelled, type Model, type ModelCall, type ModelChunk } from '../../src/reflection/model.ts';
import type { PassUsage } from '../../src/reflection/record.ts';
import { ReplayClock } from '../../src/runs/replay-clock.ts';
import { replayedModel } from '../../src/runs/replay-model.ts';
import { storedPasses } from '../../src/runs/stored-passes.ts';

const at = (milliseconds: number) => new Date(milliseconds).toISOString();
const head = (id: number, milliseconds: number) => ({ id, reflection_id: 'refl_x', at: at(milliseconds) });

const usage: PassUsage = {
  id: 'draft',
  role: 'draft',
  round: 0,
  attempt: 1,
  model: 'large-1',
  input_tokens: 12,
  output_tokens: 3,
  cost_usd: 0.1,
  neurons: 4,
  estimated: false,
  charged: true,
  ttft_ms: 5,
  latency_ms: 9,
  finish_reason: 'stop',
  truncated: false,
};

const started: ReflectionEvent = {
  ...head(3, 100),
  type: 'pass.started',
  pass: 'draft',
  role: 'draft',
  round: 0,
  attempt: 1,
  model: 'large-1',
};
const deltas: ReflectionEvent[] = [
  { ...head(4, 110), type: 'pass.delta', pass: 'draft', attempt: 1, offset: 0, text: 'Fo' },
  { ...head(5, 120), type: 'pass.delta', pass: 'draft', attempt: 1, offset: 2, text: 'ur.' },
];
const retried: ReflectionEvent = {
  ...head(6, 130),
  type: 'pass.retried',
  pass: 'draft',
  attempt: 2,
  model: 'large-2',
  code: 'upstream_busy',
  message: 'busy',
  usage: { ...usage, charged: false, finish_reason: 'error' },
};
const completed: ReflectionEvent = { ...head(7, 140), type: 'pass.completed', pass: 'draft', attempt: 1, usage };

const liveChunks: readonly ModelChunk[] = [
  { type: 'start', attempt: 1, model: 'large-1' },
  { type: 'lost', attempt: 1, code: 'upstream_busy', message: 'busy' },
  { type: 'start', attempt: 2, model: 'large-1' },
  { type: 'delta', text: 'Live.' },
  { type: 'finish', reason: 'stop', usage: null },
];

const call: ModelCall = {
  pass: 'draft',
  role: 'draft',
  seat: 'author',
  messages: [],
  maxOutputTokens: 10,
  temperature: 0,
  deadlineAt: 9_000,
};

function replay(log: readonly ReflectionEvent[], passes = 1) {
  const asked: string[] = [];
  const live: Model = {
    async *ask({ pass }) {
      asked.push(pass);
      yield* liveChunks;
    },
  };
  const clock = new ReplayClock({ startedAt: 50, deadlineAt: 9_000, passes }, () => 99_000);
  return { model: replayedModel(storedPasses(log), live, clock), clock, asked };
}

async function all(chunks: AsyncIterable<ModelChunk>): Promise<ModelChunk[]> {
  return await Array.fromAsync(chunks);
}

test('a finished pass says again what it said, its text in one piece, and nobody is asked', async () => {
  const { model, asked, clock } = replay([started, ...deltas, completed]);
  expect(clock.now()).toBe(50);
  expect(await all(model.ask(call))).toEqual([
    { type: 'start', attempt: 1, model: 'large-1' },
    { type: 'delta', text: 'Four.' },
    { type: 'finish', reason: 'stop', usage: { inputTokens: 12, outputTokens: 3, neurons: 4, estimated: false } },
  ]);
  expect(asked).toEqual([]);
  expect(clock.now()).toBe(140);
});

test('attempts that were lost are lost again, with what they had said', async () => {
  const second: ReflectionEvent = {
    ...head(7, 135),
    type: 'pass.delta',
    pass: 'draft',
    attempt: 2,
    offset: 0,
    text: 'Five.',
  };
  const { model } = replay([started, ...deltas, retried, second, { ...completed, attempt: 2 }]);
  expect(await all(model.ask(call))).toEqual([
    { type: 'start', attempt: 1, model: 'large-1' },
    { type: 'delta', text: 'Four.' },
    { type: 'lost', attempt: 1, code: 'upstream_busy', message: 'busy' },
    { type: 'start', attempt: 2, model: 'large-2' },
    { type: 'delta', text: 'Five.' },
    expect.objectContaining({ type: 'finish' }),
  ]);
});

test('usage that was estimated is so again, and a cut answer is cut again', async () => {
  const cut = { ...usage, estimated: true, finish_reason: 'length', truncated: true } as const;
  const { model } = replay([started, ...deltas, { ...completed, usage: cut }]);
  expect((await all(model.ask(call))).at(-1)).toEqual({
    type: 'finish',
    reason: 'length',
    usage: { inputTokens: 12, outputTokens: 3, neurons: 4, estimated: true },
  });
});

test('a failed pass fails again with its code and message', async () => {
  const failed = {
    ...head(7, 140),
    type: 'pass.failed',
    pass: 'draft',
    attempt: 1,
    message: 'no luck',
    usage,
  } as const;
  const { model, asked } = replay([started, { ...failed, code: 'upstream_quota' }]);
  await expect(all(model.ask(call))).rejects.toEqual(new AppError('upstream_quota', 'no luck'));
  const cancelled = replay([started, { ...failed, code: 'cancelled' }]);
  await expect(all(cancelled.model.ask(call))).rejects.toThrow(Cancelled);
  expect([...asked, ...cancelled.asked]).toEqual([]);
});

test('a pass that was under way is interrupted and asked again, its attempts counted on', async () => {
  const { model, asked, clock } = replay([started, ...deltas], 0);
  expect(await all(model.ask(call))).toEqual([
    { type: 'start', attempt: 1, model: 'large-1' },
    { type: 'delta', text: 'Four.' },
    { type: 'lost', attempt: 1, code: 'interrupted', message: expect.any(String) },
    { type: 'start', attempt: 2, model: 'large-1' },
    { type: 'lost', attempt: 2, code: 'upstream_busy', message: 'busy' },
    { type: 'start', attempt: 3, model: 'large-1' },
    { type: 'delta', text: 'Live.' },
    { type: 'finish', reason: 'stop', usage: null },
  ]);
  expect(asked).toEqual(['draft']);
  expect(clock.now()).toBe(99_000);
});

test('a pass that the log does not know is asked', async () => {
  const { model, asked } = replay([started, ...deltas, completed]);
  expect(await all(model.ask({ ...call, pass: 'critique-r1' }))).toEqual(liveChunks);
  expect(asked).toEqual(['critique-r1']);
});

test('leaving a live pass early leaves the live model early', async () => {
  let left = false;
  const live: Model = {
    async *ask() {
      try {
        yield* liveChunks;
      } finally {
        left = true;
      }
    },
  };
  const clock = new ReplayClock({ startedAt: 50, deadlineAt: 9_000, passes: 0 }, () => 99_000);
  for await (const chunk of replayedModel(new Map(), live, clock).ask(call)) if (chunk.type === 'start') break;
  expect(left).toBe(true);
});

test('a finished pass that is left early counts as replayed, with its time', async () => {
  const { model, clock } = replay([started, ...deltas, { ...completed, at: at(9_500) }]);
  for await (const chunk of model.ask(call)) if (chunk.type === 'delta') break;
  expect(clock.now()).toBe(9_500);
});

test('the clock stays before the deadline until every finished pass was replayed', () => {
  const clock = new ReplayClock({ startedAt: 50, deadlineAt: 1_000, passes: 2 }, () => 99_000);
  clock.reach(1_200);
  clock.passReplayed();
  expect(clock.now()).toBe(999);
  clock.goLive();
  expect(clock.now()).toBe(999);
  clock.passReplayed();
  expect(clock.now()).toBe(99_000);
});
