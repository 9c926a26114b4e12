/** A run in one object: how it starts, and all the ways in which it ends. */
import { describe, expect, test } from 'vitest';
import type { EngineEvent, ReflectionEvent } from '../../src/reflection/events.ts';
import { fold } from '../../src/reflection/fold.ts';
import { reflect } from '../../src/reflection/reflect.ts';
import type { ReflectionEngine } from '../../src/runs/run-services.ts';
import { stranger } from '../support/callers.ts';
import { eventsIn } from '../support/event-frames.ts';
import { orderOf } from '../support/orders.ts';
import { nothingCommitted, removed } from './object-instance.ts';
import { account, requestOf, type Script, World } from './world.ts';

const request = requestOf({ input: 'What is two and two?' });
const background = requestOf({ input: 'What is two and two?', background: true });
const words = (count: number) => Array.from({ length: count }, (_, index) => `w${index} `);
const typesOf = (events: readonly ReflectionEvent[]) => events.map((event) => event.type);

async function finished(world: World): Promise<readonly ReflectionEvent[]> {
  const reader = world.reader();
  await world.watch(600_000, () => reader.ended);
  return reader.events;
}

describe('a run that starts', () => {
  test('goes on to its end with nobody following it', async () => {
    const world = new World();
    world.start(orderOf(request));
    await world.time.pass(1_000);
    expect(world.run.read(account)).toMatchObject({ status: 'completed', output: 'Two and two is four.' });
  });

  test('stores nothing for a fifth of a second, and then all there is', async () => {
    const world = new World({ commitMs: 0, script: () => ({ tokens: words(100), everyMs: 50 }) });
    world.start(orderOf(request));
    await world.time.pass(190);
    expect(world.disk.committed.batches).toEqual([]);
    await world.time.pass(20);
    expect(world.disk.committed.batches).toHaveLength(1);
    expect(world.disk.committed.spec).toBeDefined();
    expect(world.disk.alarm).toBe(world.time.now() - 10 + 30_000);
  });

  test('that is over sooner is answered at once and stored as one batch', async () => {
    const world = new World({ commitMs: 15, script: () => ({ tokens: ['Four.'] }), reflect });
    world.start(orderOf({ ...request, strategy: 'direct' }));
    const ended = world.run.ended(account);
    await world.time.pass(100);
    expect(await ended).toMatchObject({ status: 'completed', output: 'Four.' });
    expect(world.disk.committed).toEqual(nothingCommitted);
    await world.time.pass(200);
    expect(world.disk.committed.batches).toHaveLength(1);
    expect(world.disk.endIsStored).toBe(true);
    world.crash();
    expect(await world.run.ended(account)).toEqual(await ended);
  });

  test('asks the model before it stores anything, and shows who follows it everything at once', async () => {
    const world = new World({ commitMs: 15 });
    world.start(orderOf(request));
    const reader = world.reader();
    await world.time.pass(0);
    expect(world.calls.get('draft')).toBe(1);
    expect(world.disk.committed.batches).toEqual([]);
    expect(typesOf(reader.events)).toEqual(['run.queued', 'run.started', 'pass.started']);
  });

  test('makes its first call as soon as it may, whatever storage takes', async () => {
    for (const permitMs of [0, 1, 40]) {
      const world = new World({ commitMs: 15, script: () => ({ tokens: ['Four.'], permitMs }) });
      world.start(orderOf(request));
      const startedAt = world.time.now();
      await world.time.pass(200);
      expect(world.askedAt.get('draft')).toBe(startedAt + permitMs);
    }
  });

  test('is stored and told, though its first call has to wait', async () => {
    const world = new World({ commitMs: 15, script: () => ({ tokens: ['Four.'], permitMs: 1_000 }) });
    world.start(orderOf(request));
    const reader = world.reader();
    await world.time.pass(220);
    expect(typesOf(reader.events)).toEqual(['run.queued', 'run.started']);
    expect(world.disk.alarm).toBeDefined();
    await finished(world);
    expect(world.run.read(account)?.status).toBe('completed');
  });

  test('in the background is stored before it goes on', async () => {
    const world = new World();
    world.start(orderOf(background));
    expect(world.store.lastBatch()?.events).toHaveLength(1);
    expect(world.store.spec()).toMatchObject({ order: { account }, nonce: 'nonce' });
  });

  test('leaves no trace when it is lost before it was stored, and a background one none lost', async () => {
    const foreground = new World();
    foreground.start(orderOf(request));
    await foreground.time.pass(10);
    foreground.crash();
    expect(foreground.run.read(account)).toBeUndefined();
    expect(foreground.run.follow(account, 0)).toBeUndefined();

    const kept = new World();
    kept.start(orderOf(background));
    await kept.time.pass(2);
    kept.crash();
    expect(kept.run.read(account)).toBeDefined();
    await finished(kept);
    expect(kept.run.read(account)?.status).toBe('completed');
  });

  test('in the background that storage refuses was never begun', async () => {
    const world = new World();
    world.instance.full = true;
    expect(() => world.start(orderOf(background))).toThrow('The disk is full.');
    world.instance.full = false;
    await world.time.pass(1_000);
    expect(world.run.read(account)).toBeUndefined();
    expect(world.calls.size).toBe(0);
  });

  test('with a webhook is stored before it goes on', async () => {
    const world = new World();
    world.start(orderOf(requestOf({ input: 'What is two and two?', webhook: 'https://example.com/hook' })));
    expect(world.store.lastBatch()?.events).toHaveLength(1);
  });

  test('is none for another account, which changes nothing for it', async () => {
    const world = new World();
    world.start(orderOf(request));
    await world.time.pass(30);
    const { account: another } = stranger;
    for (const elapsed of [0, 5_000]) {
      await world.time.pass(elapsed);
      expect(world.run.read(another)).toBeUndefined();
      expect(await world.run.ended(another)).toBeUndefined();
      expect(world.run.follow(another, 0)).toBeUndefined();
      expect(await world.run.cancel(another)).toBeUndefined();
      expect(await world.run.delete(another)).toBe('absent');
    }
    expect(world.run.read(account)?.status).toBe('completed');
  });
});

describe('a run that is cancelled', () => {
  const slow: Script = () => ({ tokens: words(100), everyMs: 50 });

  test('closes the model’s request at once, keeps what was written and says what was used', async () => {
    const world = new World({ script: slow });
    world.start(orderOf(request));
    const reader = world.reader();
    await world.time.pass(230);
    const cancelled = world.run.cancel(account);
    await world.time.pass(0);
    expect(world.aborted).toEqual(['draft']);
    const record = await cancelled;
    expect(record).toMatchObject({ status: 'cancelled', output: words(5).join('').trim() });
    expect(record?.usage.passes).toEqual([
      expect.objectContaining({ id: 'draft', charged: true, finish_reason: 'interrupted' }),
    ]);
    await world.time.pass(10);
    expect(typesOf(reader.events).slice(-2)).toEqual(['pass.failed', 'run.cancelled']);
    expect(reader.ended).toBe(true);
    expect(await world.run.cancel(account)).toEqual(record);
  });

  test('is cancelled within a second by an engine that does not listen', async () => {
    const deaf: ReflectionEngine = async function* () {
      yield { type: 'run.started', strategy: 'direct', tier: 'fast', small_judge: false } satisfies EngineEvent;
      await new Promise(() => {});
    };
    const world = new World({ reflect: deaf });
    world.start(orderOf(request));
    await world.time.pass(30);
    const cancelled = world.run.cancel(account);
    await world.time.pass(1_000);
    expect((await cancelled)?.status).toBe('cancelled');
  });

  test('stays completed when it had completed', async () => {
    const world = new World();
    world.start(orderOf(request));
    await finished(world);
    expect((await world.run.cancel(account))?.status).toBe('completed');
  });

  test('is not resumed for it when it had been lost', async () => {
    const world = new World({ script: slow });
    world.start(orderOf(request));
    await world.time.pass(250);
    world.crash();
    expect((await world.run.cancel(account))?.status).toBe('cancelled');
    expect(world.calls.get('draft')).toBe(1);
  });
});

describe('a run that is deleted', () => {
  test('is gone, whether it had ended or not', async () => {
    for (const elapsed of [30, 5_000]) {
      const world = new World();
      world.start(orderOf(request));
      const reader = world.reader();
      await world.time.pass(elapsed);
      const deleted = world.run.delete(account);
      await world.time.pass(1_000);
      expect(await deleted).toBe('removed');
      expect(world.run.read(account)).toBeUndefined();
      expect(await world.run.ended(account)).toBeUndefined();
      expect(await world.run.cancel(account)).toBeUndefined();
      expect(await world.run.delete(account)).toBe('absent');
      expect(world.disk.committed).toEqual(removed);
      expect(reader.ended).toBe(true);
    }
  });

  test('ends as cancelled for whoever follows it, with no event missing for those who kept up', async () => {
    for (const elapsed of [0, 1, 30, 230]) {
      const world = new World({ script: () => ({ tokens: words(100), everyMs: 50 }) });
      world.start(orderOf(request));
      const reader = world.reader();
      await world.time.pass(elapsed);
      const behind = world.stream().getReader();
      const deleted = world.run.delete(account);
      await world.time.pass(1_000);
      expect(await deleted).toBe('removed');
      expect(reader.ended).toBe(true);
      expect(reader.events.map(({ id }) => id)).toEqual(reader.events.map((_, index) => index + 1));
      expect(reader.events.at(-1)).toEqual({
        ...reader.events.at(-1),
        type: 'run.cancelled',
        reflection: fold(reader.events),
      });
      const late: ReflectionEvent[] = [];
      for (let chunk = await behind.read(); chunk.value; chunk = await behind.read())
        late.push(...eventsIn(new TextDecoder().decode(chunk.value)));
      expect(late.at(-1)).toEqual(reader.events.at(-1));
    }
  });

  test('is removed by an alarm when its time is over, later when it was to be stored', async () => {
    for (const [store, keptMs] of [
      [false, 1_000_000],
      [true, 9_000_000],
    ] as const) {
      const world = new World();
      world.start(orderOf(requestOf({ input: 'What is two and two?', store })));
      const events = await finished(world);
      const endedAt = Date.parse(events.at(-1)?.at ?? '');
      await world.watch(endedAt + keptMs - 1_000 - world.time.now(), () => false);
      world.crash();
      expect(world.run.read(account)?.status).toBe('completed');
      await world.watch(70_000, () => false);
      expect(world.run.read(account)).toBeUndefined();
      expect(world.disk.committed).toEqual(removed);
    }
  });
});

describe('the alarm', () => {
  test('resumes a run that was lost, and lets one be that goes on', async () => {
    const world = new World({ script: () => ({ tokens: words(10), everyMs: 2_000 }) });
    world.start(orderOf(request));
    await world.time.pass(1_000);
    await world.alarm();
    expect(world.logged).toEqual([]);
    world.crash();
    await world.alarm();
    expect(world.logged).toEqual([expect.objectContaining({ event: 'run.resumed' })]);
    await world.time.pass(1_000);
    expect(world.calls.get('draft')).toBe(2);
  });

  test('ends a run whose engine is stuck beyond the deadline', async () => {
    const stuck: ReflectionEngine = async function* () {
      yield { type: 'run.started', strategy: 'direct', tier: 'fast', small_judge: false } satisfies EngineEvent;
      await new Promise(() => {});
    };
    const world = new World({ reflect: stuck });
    world.start(orderOf(requestOf({ input: 'Hello?', budget: { deadline_ms: 40_000 } })));
    const reader = world.reader();
    const startedAt = world.time.now();
    await world.watch(600_000, () => reader.ended);
    expect(world.time.now() - startedAt).toBeLessThan(53_000);
    expect(world.run.read(account)).toMatchObject({ status: 'failed', error: { code: 'deadline' } });
  });

  test('leaves nothing where no run is', async () => {
    const world = new World();
    const over = world.alarm();
    await world.time.pass(10);
    await over;
    expect(world.disk.committed).toEqual(nothingCommitted);
  });
});

describe('a run that is rated', () => {
  const praise = { rating: 'up', comment: 'Well done.', preferred_output: null, created_at: 1_790_000_000 } as const;

  test('keeps what was said last, through losses', async () => {
    const world = new World();
    world.start(orderOf(background));
    await world.time.pass(30);
    expect(world.run.rate(account, { ...praise, rating: 'down' })).toBe(true);
    await finished(world);
    expect(world.run.rate(account, praise)).toBe(true);
    await world.time.pass(10);
    world.crash();
    expect(world.run.read(account)?.status).toBe('completed');
    expect(world.store.meta()).toMatchObject({ feedback: praise });
  });

  test('before any event of it is stored keeps what was said', async () => {
    const world = new World({ commitMs: 3 });
    world.start(orderOf(request));
    expect(world.run.rate(account, praise)).toBe(true);
    await world.time.pass(1_000, () => world.disk.committed.meta !== undefined);
    world.crash();
    expect(world.run.read(account)).toBeDefined();
    expect(world.store.meta()).toMatchObject({ feedback: praise });
  });
});

describe('a run that fails', () => {
  test('tells the error’s code and message', async () => {
    const world = new World({ script: () => ({ tokens: [], fails: 'upstream_quota' }) });
    world.start(orderOf(request));
    const events = await finished(world);
    expect(events.at(-1)).toMatchObject({
      type: 'run.failed',
      reflection: { status: 'failed', error: { code: 'upstream_quota', message: 'failed with upstream_quota' } },
    });
    expect(await world.run.ended(account)).toEqual(fold(events));
  });

  test('for a reason nobody foresaw tells nothing of it, and logs where it happened but not what was said', async () => {
    const broken: ReflectionEngine = async function* () {
      yield { type: 'run.started', strategy: 'direct', tier: 'fast', small_judge: false } satisfies EngineEvent;
      throw new TypeError('Unexpected token in "my secret prompt"');
    };
    const world = new World({ reflect: broken });
    world.start(orderOf(request));
    const events = await finished(world);
    expect(events.at(-1)).toMatchObject({ reflection: { error: { code: 'upstream_failed' } } });
    expect(world.logged).toEqual([expect.objectContaining({ event: 'run.broke', error: 'TypeError' })]);
    expect(JSON.stringify([events, world.logged])).not.toContain('secret');
  });

  test('to be stored is given up here and resumed from what is stored', async () => {
    const world = new World({ script: () => ({ tokens: words(30), everyMs: 20 }) });
    world.start(orderOf(background));
    const reader = world.reader();
    await world.time.pass(200);
    world.instance.full = true;
    await world.time.pass(500);
    expect(reader.ended).toBe(true);
    expect(world.logged).toContainEqual(expect.objectContaining({ event: 'run.lost' }));
    world.instance.full = false;
    await world.watch(600_000, () => world.logged.some((entry) => entry.event === 'run.resumed'));
    expect((await finished(world)).at(-1)?.type).toBe('run.completed');
  });

  test('to be stored for a moment answers whoever waits for it all the same', async () => {
    const world = new World({ script: () => ({ tokens: words(30), everyMs: 20 }) });
    world.start(orderOf(request));
    await world.time.pass(200);
    const settled = world.run.ended(account);
    world.instance.full = true;
    await world.time.pass(2_500);
    world.instance.full = false;
    await world.time.pass(60_000);
    expect(await settled).toMatchObject({ status: 'completed' });
  });

  test('to be stored at all is told as a failure to whoever waits for it', async () => {
    for (const elapsed of [0, 200]) {
      const world = new World({ script: () => ({ tokens: words(30), everyMs: 20 }) });
      world.start(orderOf(request));
      await world.time.pass(elapsed);
      const refused = expect(world.run.ended(account)).rejects.toMatchObject({ code: 'upstream_failed' });
      world.instance.full = true;
      await world.time.pass(60_000);
      await refused;
    }
  });
});
