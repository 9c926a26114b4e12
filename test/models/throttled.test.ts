import { expect, test } from 'vitest';
import { throttledModel } from '../../src/models/throttled.ts';
import { Cancelled, type ModelCall, type ModelChunk, type PassRole } from '../../src/reflection/model.ts';
import { callOf, type Heard, hear, textOf } from './calls.ts';
import { scriptedPlatform } from './scripted-platform.ts';
import { createVirtualClock } from './virtual-clock.ts';

const start = (attempt: number): ModelChunk => ({ type: 'start', attempt, model: 'm' });
const lost: ModelChunk = { type: 'lost', attempt: 1, code: 'upstream_busy', message: 'The model is out of capacity.' };
const answer: readonly ModelChunk[] = [
  { type: 'delta', text: '42' },
  { type: 'finish', reason: 'stop', usage: null },
];
const once = [start(1), ...answer];
const twice = [start(1), lost, start(2), ...answer];

/** A run whose model says so at each call, under a platform. `made` has the time of each attempt that went out. */
function scene(script: Parameters<typeof scriptedPlatform>[1] = {}, says: readonly ModelChunk[] = once) {
  const clock = createVirtualClock();
  const platform = scriptedPlatform(clock, script);
  const run = new AbortController();
  const made: number[] = [];
  let closed = 0;
  const inner = {
    async *ask(): AsyncGenerator<ModelChunk> {
      try {
        for (const chunk of says) {
          yield chunk;
          if (chunk.type === 'start') made.push(clock.now());
        }
      } finally {
        closed += 1;
      }
    },
  };
  const model = throttledModel(inner, 'acct_a', run.signal, { platform, now: clock.now });
  const listen = (fields: Partial<ModelCall> = {}): Promise<Heard> => hear(model.ask(callOf(fields)));
  const ask = (role: PassRole): Promise<Heard> => clock.run(listen({ role, pass: role }));
  return { clock, platform, run, made, listen, ask, closed: () => closed };
}

test('a run that ends with its draft asks once, and has nothing to give back', async () => {
  const { ask, platform, run } = scene();
  expect(textOf((await ask('draft')).chunks)).toBe('42');
  run.abort();
  expect(platform.asked).toEqual([{ account: 'acct_a', calls: 1 }]);
  expect(platform.given).toEqual([]);
});

test('a run that holds unused calls is not idle, whatever its model is', async () => {
  const clock = createVirtualClock();
  const platform = scriptedPlatform(clock, {});
  const inner = {
    isIdle: true,
    async *ask(): AsyncGenerator<ModelChunk> {
      yield* once;
    },
  };
  const { signal } = new AbortController();
  const model = throttledModel(inner, 'acct_a', signal, { platform, now: clock.now });
  await clock.run(hear(model.ask(callOf({ role: 'draft' }))));
  expect(model.isIdle).toBe(true);
  await clock.run(hear(model.ask(callOf({ role: 'critique' }))));
  expect(model.isIdle).toBe(false);
});

test('a grant covers the calls that usually follow', async () => {
  const { ask, platform, made } = scene();
  for (const role of ['draft', 'critique', 'confirm', 'revision', 'judge', 'judge'] as const) await ask(role);
  expect(platform.asked.map(({ calls }) => calls)).toEqual([1, 3, 2]);
  expect(made).toHaveLength(6);
});

test('what was not used is given back when the run ends, with when the rest was made', async () => {
  const { ask, clock, platform, run } = scene();
  await ask('critique');
  await clock.advance(4_000);
  await ask('confirm');
  await clock.advance(1_000);
  run.abort();
  expect(platform.given).toEqual([{ grant: 'grant-1', madeAgoMs: [5_000, 1_000] }]);
});

test('a grant in part is used, and another asked for', async () => {
  const { ask, platform } = scene({ grants: [1, 2] });
  for (const role of ['critique', 'confirm', 'revision'] as const) await ask(role);
  expect(platform.asked.map(({ calls }) => calls)).toEqual([3, 1]);
});

test('granted calls that were put off for too long are given back and not made', async () => {
  const { ask, clock, platform } = scene({ validMs: 10_000 });
  await ask('critique');
  await clock.advance(10_000);
  await ask('confirm');
  expect(platform.given).toEqual([{ grant: 'grant-1', madeAgoMs: [10_000] }]);
  expect(platform.asked.map(({ calls }) => calls)).toEqual([3, 1]);
});

test('every attempt needs its own call, a retry too', async () => {
  const { ask, platform } = scene({}, twice);
  expect((await ask('draft')).chunks).toEqual(twice);
  expect(platform.asked).toHaveLength(2);
});

test('calls side by side never share a granted call', async () => {
  const { listen, clock, platform, made } = scene({ waitMs: 500 });
  await clock.run(Promise.all([2, 3].map((sample) => listen({ role: 'vote', pass: `vote-${sample}` }))));
  expect(platform.asked.reduce((sum, { calls }) => sum + calls, 0)).toBe(2);
  expect(made).toHaveLength(2);
});

test('a platform without capacity refuses the call with a time to come again, and no attempt is told', async () => {
  const { ask, made, closed } = scene({ grants: ['busy'] });
  const { chunks, error } = await ask('draft');
  expect(error).toMatchObject({ code: 'upstream_busy', retryAfterSeconds: 8 });
  expect([chunks, made, closed()]).toEqual([[], [], 1]);
});

test('a retry that is refused is not told as one that follows', async () => {
  const { ask } = scene({ grants: [1, 'busy'] }, twice);
  const { chunks, error } = await ask('draft');
  expect(chunks).toEqual([start(1)]);
  expect(error).toMatchObject({ code: 'upstream_busy' });
});

test('a run that is cancelled while it waits stops at once, and gives back what comes after', async () => {
  const { listen, clock, platform, run, made } = scene({ waitMs: 1_500 });
  const heard = listen({ role: 'critique' });
  await clock.advance(1_000);
  run.abort(new Cancelled());
  expect((await heard).error).toBeInstanceOf(Cancelled);
  expect(platform.given).toEqual([]);
  await clock.advance(500);
  expect(platform.given).toEqual([{ grant: 'grant-1', madeAgoMs: [] }]);
  expect(made).toEqual([]);
});

test('a run that is over asks for nothing', async () => {
  const { ask, platform, run } = scene();
  run.abort(new Cancelled());
  expect((await ask('draft')).error).toBeInstanceOf(Cancelled);
  expect(platform.asked).toEqual([]);
});
