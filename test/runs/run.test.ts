/** A run's life in one place: how it starts, and all the ways in which it ends. */
import { describe, expect, test, vi } from 'vitest';
import type { EngineEvent, ReflectionEvent } from '../../src/reflection/events.ts';
import { fold } from '../../src/reflection/fold.ts';
import { reflect } from '../../src/reflection/reflect.ts';
import type { ReflectionEngine } from '../../src/runs/run-services.ts';
import { stranger } from '../support/callers.ts';
import { orderOf } from '../support/orders.ts';
import { emptyDisk } from './memory-run-store.ts';
import { account, eventsIn, markedDisk, requestOf, type Script, World } from './world.ts';

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
    world.run.start(orderOf(request));
    await world.time.pass(1_000);
    expect(world.run.read(account)).toMatchObject({ status: 'completed', output: 'Two and two is four.' });
  });

  test('stores nothing for a tenth of a second while nobody follows it', async () => {
    const world = new World({ commitMs: 0, script: () => ({ tokens: ['Two ', 'and ', 'two.'], everyMs: 50 }) });
    world.run.start(orderOf(request));
    await world.time.pass(90);
    expect(world.disk.batches).toEqual([]);
    await world.time.pass(20);
    expect(world.disk.batches).toHaveLength(1);
    expect(world.disk.spec).toBeDefined();
  });

  test('asks the model before it stores anything, and for one who follows it stores in the next turn', async () => {
    const world = new World({ commitMs: 0 });
    world.run.start(orderOf(request));
    world.reader();
    await Promise.resolve();
    expect(world.disk.batches).toEqual([]);
    await world.time.pass(0);
    expect(world.calls.get('draft')).toBe(1);
    expect(typesOf(JSON.parse(world.disk.batches[0] ?? '').events)).toEqual([
      'run.queued',
      'run.started',
      'pass.started',
    ]);
    expect(world.disk.spec).toBeDefined();
    expect(world.disk.alarm).toBe(world.time.now() + 30_000);
  });

  test('makes its first call as soon as it may, whatever storage takes', async () => {
    for (const permitMs of [0, 1, 40]) {
      const world = new World({ commitMs: 15, script: () => ({ tokens: ['Four.'], permitMs }) });
      world.run.start(orderOf(request));
      const startedAt = world.time.now();
      await world.time.pass(200);
      expect(world.askedAt.get('draft')).toBe(startedAt + permitMs);
    }
  });

  test('is stored and told soon, though its first call has to wait', async () => {
    const world = new World({ commitMs: 15, script: () => ({ tokens: ['Four.'], permitMs: 1_000 }) });
    world.run.start(orderOf(request));
    const reader = world.reader();
    await world.time.pass(120);
    expect(typesOf(reader.events)).toEqual(['run.queued', 'run.started']);
    expect(world.disk.alarm).toBeDefined();
    await finished(world);
    expect(world.run.read(account)?.status).toBe('completed');
  });

  test('in the background is stored before it goes on', async () => {
    const world = new World();
    world.run.start(orderOf(background));
    expect(world.store.lastBatch()?.events).toHaveLength(1);
    expect(world.store.spec()).toMatchObject({ order: { account }, nonce: 'nonce' });
  });

  test('leaves no trace when it is lost before it was stored, and a background one none lost', async () => {
    const foreground = new World();
    foreground.run.start(orderOf(request));
    foreground.crash();
    expect(foreground.run.read(account)).toBeUndefined();
    expect(foreground.run.follow(account, 0)).toBeUndefined();

    const kept = new World();
    kept.run.start(orderOf(background));
    await kept.time.pass(2);
    kept.crash();
    expect(kept.run.read(account)).toBeDefined();
    await finished(kept);
    expect(kept.run.read(account)?.status).toBe('completed');
  });

  test('with a webhook is stored before it goes on', async () => {
    const world = new World();
    world.run.start(orderOf(requestOf({ input: 'What is two and two?', webhook: 'https://example.com/hook' })));
    expect(world.store.lastBatch()?.events).toHaveLength(1);
  });

  test('is none for another account, which changes nothing for it', async () => {
    const world = new World();
    world.run.start(orderOf(request));
    await world.time.pass(30);
    const { account: another } = stranger;
    for (const elapsed of [0, 5_000]) {
      await world.time.pass(elapsed);
      expect(world.run.read(another)).toBeUndefined();
      expect(await world.run.settled(another)).toBeUndefined();
      expect(world.run.follow(another, 0)).toBeUndefined();
      expect(await world.run.cancel(another)).toBeUndefined();
      expect(await world.run.delete(another)).toBe(false);
      expect(world.run.became(another)).toBeUndefined();
    }
    expect(world.run.read(account)?.status).toBe('completed');
  });

  test('is the run it is when it is started again', async () => {
    const world = new World();
    world.run.start(orderOf(request));
    await world.time.pass(30);
    world.run.start(orderOf(requestOf({ input: 'Something else?' })));
    await finished(world);
    expect(world.calls.get('draft')).toBe(1);
  });
});

describe('a run that is cancelled', () => {
  const slow: Script = () => ({ tokens: words(100), everyMs: 50 });

  test('closes the model’s request at once, keeps what was written and says what was used', async () => {
    const world = new World({ script: slow });
    world.run.start(orderOf(request));
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
    world.run.start(orderOf(request));
    await world.time.pass(30);
    const cancelled = world.run.cancel(account);
    await world.time.pass(1_000);
    expect((await cancelled)?.status).toBe('cancelled');
  });

  test('stays completed when it had completed', async () => {
    const world = new World();
    world.run.start(orderOf(request));
    await finished(world);
    expect((await world.run.cancel(account))?.status).toBe('completed');
  });

  test('is not resumed for it when it had been lost', async () => {
    const world = new World({ script: slow });
    world.run.start(orderOf(request));
    await world.time.pass(200);
    world.crash();
    expect((await world.run.cancel(account))?.status).toBe('cancelled');
    expect(world.calls.get('draft')).toBe(1);
  });
});

describe('a run that is deleted', () => {
  test('is gone, whether it had ended or not', async () => {
    for (const elapsed of [30, 5_000]) {
      const world = new World();
      world.run.start(orderOf(request));
      const reader = world.reader();
      await world.time.pass(elapsed);
      const deleted = world.run.delete(account);
      await world.time.pass(1_000);
      expect(await deleted).toBe(true);
      expect(world.run.read(account)).toBeUndefined();
      expect(await world.run.settled(account)).toBeUndefined();
      expect(await world.run.cancel(account)).toBeUndefined();
      expect(await world.run.delete(account)).toBe(false);
      expect({ ...world.disk }).toEqual(markedDisk);
      expect(reader.ended).toBe(true);
    }
  });

  test('ends as cancelled for whoever follows it, with no event missing for those who kept up', async () => {
    for (const elapsed of [0, 1, 30, 230]) {
      const world = new World({ script: () => ({ tokens: words(100), everyMs: 50 }) });
      world.run.start(orderOf(request));
      const reader = world.reader();
      await world.time.pass(elapsed);
      const behind = world.stream().getReader();
      const deleted = world.run.delete(account);
      await world.time.pass(1_000);
      expect(await deleted).toBe(true);
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

  test('is not started anew by whoever comes late', async () => {
    const world = new World();
    world.run.start(orderOf(request));
    await world.time.pass(30);
    const deleted = world.run.delete(account);
    await world.time.pass(1_000);
    expect(await deleted).toBe(true);
    world.run.start(orderOf(request));
    await world.time.pass(1_000);
    expect(world.run.read(account)).toBeUndefined();
    expect({ ...world.disk }).toEqual(markedDisk);
    expect(world.calls.get('draft')).toBe(1);
  });

  test('is deleted by its alarm when its time is over, later when it was to be stored', async () => {
    for (const [store, keptMs] of [
      [false, 1_000_000],
      [true, 9_000_000],
    ] as const) {
      const world = new World();
      world.run.start(orderOf(requestOf({ input: 'What is two and two?', store })));
      const events = await finished(world);
      const endedAt = Date.parse(events.at(-1)?.at ?? '');
      await world.time.pass(30);
      expect(world.disk.alarm).toBe(endedAt + keptMs);
      world.crash();
      await world.run.alarm();
      expect(world.run.read(account)?.status).toBe('completed');
      await world.time.pass(keptMs);
      const alarm = world.run.alarm();
      await world.time.pass(10);
      await alarm;
      expect(world.run.read(account)).toBeUndefined();
    }
  });
});

describe('the alarm', () => {
  test('resumes a run that was lost, and lets one be that goes on', async () => {
    const world = new World({ script: () => ({ tokens: words(10), everyMs: 2_000 }) });
    world.run.start(orderOf(request));
    await world.time.pass(1_000);
    await world.run.alarm();
    expect(world.logged).toEqual([]);
    world.crash();
    await world.run.alarm();
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
    world.run.start(orderOf(requestOf({ input: 'Hello?', budget: { deadline_ms: 40_000 } })));
    const reader = world.reader();
    const startedAt = world.time.now();
    await world.watch(600_000, () => reader.ended);
    expect(world.time.now() - startedAt).toBeLessThan(53_000);
    expect(world.run.read(account)).toMatchObject({ status: 'failed', error: { code: 'deadline' } });
  });

  test('leaves nothing where no run is', async () => {
    const world = new World();
    const over = world.run.alarm();
    await world.time.pass(10);
    await over;
    expect({ ...world.disk }).toEqual(emptyDisk);
  });

  test('takes away what was made ready for a run that never came', async () => {
    const world = new World();
    world.run.prepare();
    await world.time.pass(10);
    expect(world.disk.alarm).toBeDefined();
    await world.watch(70_000, () => false);
    expect({ ...world.disk }).toEqual(emptyDisk);
  });

  test('lets a run that came to a place made ready go on', async () => {
    const world = new World();
    world.run.prepare();
    await world.time.pass(10);
    world.run.start(orderOf(request));
    await finished(world);
    await world.watch(70_000, () => false);
    expect(world.run.read(account)?.status).toBe('completed');
  });

  test('is set when a run that ended at once is lost before it had one, as soon as its account asks', async () => {
    const world = new World({ reflect, script: () => ({ tokens: ['Yes.'] }) });
    world.run.start(orderOf({ ...request, strategy: 'direct' }));
    await world.watch(1_000, () => world.store.endIsStored);
    expect(world.disk.alarm).toBeUndefined();
    world.crash();
    expect(world.run.became(account)).toMatchObject({ status: 'completed' });
    await world.time.pass(10);
    expect(world.disk.alarm).toBeDefined();
  });

  test('clears what is left of a run whose first events storage refused', async () => {
    const world = new World();
    vi.spyOn(world.store, 'append').mockImplementation(() => {
      throw new Error('The disk is full.');
    });
    world.run.start(orderOf(request));
    await world.time.pass(1_000);
    expect(world.disk.spec).toBeDefined();
    expect(world.disk.alarm).toBeDefined();
    await world.watch(60_000, () => false);
    expect({ ...world.disk }).toEqual(emptyDisk);
  });
});

describe('a run that was deleted', () => {
  test('is not begun again by whoever starts it late, through losses, for a day', async () => {
    const world = new World();
    world.run.start(orderOf(request));
    await finished(world);
    const deleted = world.run.delete(account);
    await world.watch(1_000, () => world.disk.markedUntil !== undefined);
    expect(await deleted).toBe(true);
    world.crash();
    const asked = world.calls.get('draft');
    world.run.start(orderOf(request));
    await world.time.pass(1_000);
    expect(world.run.read(account)).toBeUndefined();
    expect(world.calls.get('draft')).toBe(asked);
    await world.watch(24 * 3_600_000, () => false);
    expect({ ...world.disk }).toEqual(emptyDisk);
  });
});

describe('a run that is rated', () => {
  const praise = { rating: 'up', comment: 'Well done.', preferred_output: null, created_at: 1_790_000_000 } as const;

  test('keeps what was said last, through losses', async () => {
    const world = new World();
    world.run.start(orderOf(background));
    await world.time.pass(30);
    expect(world.run.rate(account, { ...praise, rating: 'down' })).toBe(true);
    await finished(world);
    expect(world.run.rate(account, praise)).toBe(true);
    await world.time.pass(10);
    world.crash();
    expect(world.run.read(account)?.status).toBe('completed');
    expect(world.store.meta()).toMatchObject({ feedback: praise });
  });

  test('before anything of it is stored is stored with it, not before it', async () => {
    const world = new World({ commitMs: 3 });
    world.run.start(orderOf(request));
    expect(world.run.rate(account, praise)).toBe(true);
    await world.time.pass(1_000, () => world.disk.meta !== undefined);
    world.crash();
    expect(world.run.read(account)).toBeDefined();
    expect(world.store.meta()).toMatchObject({ feedback: praise });
  });
});

describe('a run that fails', () => {
  test('tells the error’s code and message', async () => {
    const world = new World({ script: () => ({ tokens: [], fails: 'upstream_quota' }) });
    world.run.start(orderOf(request));
    const events = await finished(world);
    expect(events.at(-1)).toMatchObject({
      type: 'run.failed',
      reflection: { status: 'failed', error: { code: 'upstream_quota', message: 'failed with upstream_quota' } },
    });
    expect(await world.run.settled(account)).toEqual(fold(events));
  });

  test('for a reason nobody foresaw tells nothing of it, and logs where it happened but not what was said', async () => {
    const broken: ReflectionEngine = async function* () {
      yield { type: 'run.started', strategy: 'direct', tier: 'fast', small_judge: false } satisfies EngineEvent;
      throw new TypeError('Unexpected token in "my secret prompt"');
    };
    const world = new World({ reflect: broken });
    world.run.start(orderOf(request));
    const events = await finished(world);
    expect(events.at(-1)).toMatchObject({ reflection: { error: { code: 'upstream_failed' } } });
    expect(world.logged).toEqual([expect.objectContaining({ event: 'run.broke', error: 'TypeError' })]);
    expect(JSON.stringify([events, world.logged])).not.toContain('secret');
  });

  test('to be stored is given up here and resumed from what is stored', async () => {
    const world = new World({ script: () => ({ tokens: words(30), everyMs: 20 }) });
    world.run.start(orderOf(background));
    const reader = world.reader();
    await world.time.pass(200);
    world.store.full = true;
    await world.time.pass(500);
    expect(reader.ended).toBe(true);
    expect(world.logged).toContainEqual(expect.objectContaining({ event: 'run.lost' }));
    world.store.full = false;
    await world.watch(600_000, () => world.logged.some((entry) => entry.event === 'run.resumed'));
    expect((await finished(world)).at(-1)?.type).toBe('run.completed');
  });

  test('to be stored for a moment answers whoever waits for it all the same', async () => {
    const world = new World({ script: () => ({ tokens: words(30), everyMs: 20 }) });
    world.run.start(orderOf(request));
    await world.time.pass(200);
    const settled = world.run.settled(account);
    world.store.full = true;
    await world.time.pass(2_500);
    world.store.full = false;
    await world.time.pass(60_000);
    expect(await settled).toMatchObject({ status: 'completed' });
  });

  test('to be stored at all is told as a failure to whoever waits for it', async () => {
    for (const elapsed of [0, 200]) {
      const world = new World({ script: () => ({ tokens: words(30), everyMs: 20 }) });
      world.run.start(orderOf(request));
      await world.time.pass(elapsed);
      const refused = expect(world.run.settled(account)).rejects.toMatchObject({ code: 'upstream_failed' });
      world.store.full = true;
      await world.time.pass(60_000);
      await refused;
    }
  });
});
