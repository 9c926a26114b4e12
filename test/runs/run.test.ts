/** A run's life in one place: what it stores and when, what its readers get, and how it ends. */
import { describe, expect, test } from 'vitest';
import { AppError } from '../../src/errors.ts';
import type { ReflectionTools } from '../../src/reflection/context.ts';
import type { EngineEvent, ReflectionEvent } from '../../src/reflection/events.ts';
import { fold } from '../../src/reflection/reflection.ts';
import type { ReflectionEngine } from '../../src/runs/run-services.ts';
import { requestOf, type Script, World } from './world.ts';

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
    world.run.start(request);
    await world.time.pass(1_000);
    expect(world.run.read()).toMatchObject({ status: 'completed', output: 'Two and two is four.' });
  });

  test('asks the model before it stores anything, and stores in the next turn', async () => {
    const world = new World({ commitMs: 0 });
    world.run.start(request);
    await Promise.resolve();
    expect(world.disk.batches).toEqual([]);
    await world.time.pass(0);
    expect(world.calls.get('draft')).toBe(1);
    expect(typesOf(JSON.parse(world.disk.batches[0] ?? '').events)).toEqual([
      'run.queued',
      'run.started',
      'pass.started',
    ]);
    expect(world.disk.facts).toBeDefined();
    expect(world.disk.alarm).toBe(world.time.now() + 30_000);
  });

  test('in the background is stored before it goes on', async () => {
    const world = new World();
    world.run.start(background);
    expect(world.shelf.lastBatch()?.events).toHaveLength(1);
    expect(world.shelf.facts()).toMatchObject({ lives: 1, nonce: 'nonce' });
  });

  test('leaves no trace when it is lost before it was stored, and a background one none lost', async () => {
    const foreground = new World();
    foreground.run.start(request);
    foreground.crash();
    expect(foreground.run.read()).toBeUndefined();
    expect(foreground.run.follow(0)).toBeUndefined();

    const kept = new World();
    kept.run.start(background);
    await kept.time.pass(2);
    kept.crash();
    expect(kept.run.read()).toBeDefined();
    await finished(kept);
    expect(kept.run.read()?.status).toBe('completed');
  });

  test('is the run it is when it is started again', async () => {
    const world = new World();
    world.run.start(request);
    await world.time.pass(30);
    world.run.start(requestOf({ input: 'Something else?' }));
    await finished(world);
    expect(world.calls.get('draft')).toBe(1);
  });
});

describe('the log', () => {
  test('shows the first delta at once, however slow storage is', async () => {
    const world = new World({ commitMs: 15, script: () => ({ tokens: words(20), everyMs: 30 }) });
    world.run.start(request);
    const startedAt = world.time.now();
    const reader = world.reader();
    await world.time.pass(1_000, () => reader.events.some((event) => event.type === 'pass.delta'));
    expect(world.time.now() - startedAt).toBe(20);
  });

  test('joins the deltas of a fast model', async () => {
    const world = new World({ script: () => ({ tokens: words(500), everyMs: 1 }) });
    world.run.start(request);
    const events = await finished(world);
    const deltas = events.filter((event) => event.type === 'pass.delta' && event.pass === 'draft');
    expect(deltas.length).toBeLessThanOrEqual(52);
    expect(world.run.read()?.output).toBe(words(500).join(''));
  });

  test('is stored in at most 100 rows for 500 tokens in ten seconds', async () => {
    const onePass: ReflectionEngine = async function* (asked, tools) {
      const { smallReflect } = await import('./small-engine.ts');
      for await (const event of smallReflect(asked, tools)) {
        yield event;
        if (event.type === 'pass.completed') throw new AppError('upstream_failed', 'One pass is enough.');
      }
    };
    const world = new World({ reflect: onePass, script: () => ({ tokens: words(500), everyMs: 20 }) });
    world.run.start(request);
    const events = await finished(world);
    expect(events.filter((event) => event.type === 'pass.delta').length).toBeGreaterThan(450);
    expect(world.disk.batches.filter((batch) => batch.includes('pass.delta')).length).toBeLessThanOrEqual(100);
    expect(world.disk.batches.length).toBeLessThanOrEqual(103);
  });

  test('shows what eight passes say at once as they say it', async () => {
    const passes = Array.from({ length: 8 }, (_, index) => `vote-${index + 2}`);
    const world = new World({ commitMs: 13, reflect: (_request, tools) => talking(passes, tools) });
    async function* talking(ids: readonly string[], { now }: ReflectionTools): AsyncGenerator<EngineEvent> {
      for (const pass of ids) {
        yield { type: 'pass.started', pass, role: 'vote', round: 0, attempt: 1, model: 'large-1' };
      }
      const startedAt = now();
      for (let offset = 0; now() < startedAt + 1_000; offset++) {
        await world.time.sleep(12, new AbortController().signal);
        for (const pass of ids) yield { type: 'pass.delta', pass, attempt: 1, offset, text: '.' };
      }
      throw new AppError('upstream_failed', 'They have talked enough.');
    }
    world.run.start(request);
    const reader = world.reader();
    let latest = 0;
    for (let seen = 0; !reader.ended; ) {
      await world.time.pass(1);
      for (const event of reader.events.slice(seen)) {
        // The first ones wait for the batch that reserves their numbers.
        if (event.type === 'pass.delta' && event.offset > 5)
          latest = Math.max(latest, world.time.now() - Date.parse(event.at));
      }
      seen = reader.events.length;
    }
    expect(reader.lastId).toBeGreaterThan(600);
    expect(latest).toBeLessThanOrEqual(14);
  });
});

describe('a reader', () => {
  test('who comes late gets what has happened and then what happens', async () => {
    const world = new World();
    world.run.start(request);
    await world.time.pass(100);
    const late = world.reader();
    await world.time.pass(0);
    expect(late.lastId).toBeGreaterThan(10);
    expect(late.ended).toBe(false);
    await world.time.pass(1_000);
    expect(late.ended).toBe(true);
    expect(late.events.map((event) => event.id)).toEqual(late.events.map((_, index) => index + 1));
  });

  test('who comes back after any event gets every later one once', async () => {
    const world = new World();
    world.run.start(request);
    const all = await finished(world);
    for (const { id } of all) {
      const reader = world.reader(id);
      await world.time.pass(0);
      expect(reader.ended).toBe(true);
      expect(reader.events).toEqual(all.slice(id));
    }
  });

  test('of an ended run that was lost since gets the same', async () => {
    const world = new World();
    world.run.start(request);
    const all = await finished(world);
    world.crash();
    const reader = world.reader();
    await world.time.pass(0);
    expect(reader.events).toEqual(all);
    expect(world.run.read()).toEqual(fold(all));
  });

  test('who asks for events far beyond the end is let go at the end', async () => {
    const world = new World();
    world.run.start(request);
    const reader = world.reader(1_000_000);
    await world.time.pass(1_000);
    expect(reader).toMatchObject({ ended: true, events: [] });
  });

  test('who reads slowly is handed one batch at a time and holds up nobody', async () => {
    const world = new World({ script: () => ({ tokens: words(300), everyMs: 10 }) });
    world.run.start(request);
    const stream = world.run.follow(0)?.getReader();
    const quick = await finished(world);
    expect(quick.at(-1)?.type).toBe('run.completed');
    const sizes: number[] = [];
    for (let chunk = await stream?.read(); chunk?.value; chunk = await stream?.read()) {
      sizes.push(new TextDecoder().decode(chunk.value).split('\n\n').length - 1);
    }
    expect(sizes.reduce((sum, size) => sum + size)).toBe(quick.length);
    const largest = Math.max(...world.disk.batches.map((batch) => JSON.parse(batch).events.length));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(largest);
    expect(largest).toBeLessThanOrEqual(40);
  });

  test('hears a heartbeat when nothing happens for 15 seconds', async () => {
    const world = new World({ script: () => ({ tokens: ['slow ', 'words'], everyMs: 40_000 }) });
    world.run.start(request);
    const reader = world.reader();
    await world.time.pass(36_000);
    expect(reader.text.split('\n\n').filter((frame) => frame.startsWith(':'))).toHaveLength(2);
  });

  test('who leaves changes nothing for the run', async () => {
    const world = new World();
    world.run.start(request);
    const reader = world.reader();
    await world.time.pass(30);
    await reader.leave();
    await world.time.pass(1_000);
    expect(world.run.read()?.status).toBe('completed');
  });

  test('who leaves while nothing happens leaves nothing behind', async () => {
    const world = new World({ script: () => ({ tokens: ['slow'], everyMs: 40_000 }) });
    world.run.start(request);
    await world.time.pass(200);
    const timers = world.time.timers;
    const reader = world.reader();
    await world.time.pass(0);
    expect(world.time.timers).toBe(timers + 1);
    await reader.leave();
    await world.time.pass(0);
    expect(world.time.timers).toBe(timers);
  });
});

describe('a run that is cancelled', () => {
  const slow: Script = () => ({ tokens: words(100), everyMs: 50 });

  test('closes the model’s request at once and says what was used', async () => {
    const world = new World({ script: slow });
    world.run.start(request);
    const reader = world.reader();
    await world.time.pass(230);
    const cancelled = world.run.cancel();
    await world.time.pass(0);
    expect(world.aborted).toEqual(['draft']);
    const record = await cancelled;
    expect(record).toMatchObject({ status: 'cancelled', output: '' });
    expect(record?.usage.passes).toEqual([
      expect.objectContaining({ id: 'draft', charged: true, finish_reason: 'length' }),
    ]);
    await world.time.pass(10);
    expect(typesOf(reader.events).slice(-2)).toEqual(['pass.failed', 'run.cancelled']);
    expect(reader.ended).toBe(true);
    expect(await world.run.cancel()).toEqual(record);
  });

  test('is cancelled within a second by an engine that does not listen', async () => {
    const deaf: ReflectionEngine = async function* () {
      yield { type: 'run.started', strategy: 'direct', tier: 'fast', small_judge: false } satisfies EngineEvent;
      await new Promise(() => {});
    };
    const world = new World({ reflect: deaf });
    world.run.start(request);
    await world.time.pass(30);
    const cancelled = world.run.cancel();
    await world.time.pass(1_000);
    expect((await cancelled)?.status).toBe('cancelled');
  });

  test('stays completed when it had completed', async () => {
    const world = new World();
    world.run.start(request);
    await finished(world);
    expect((await world.run.cancel())?.status).toBe('completed');
  });

  test('is not resumed for it when it had been lost', async () => {
    const world = new World({ script: slow });
    world.run.start(request);
    await world.time.pass(200);
    world.crash();
    expect((await world.run.cancel())?.status).toBe('cancelled');
    expect(world.calls.get('draft')).toBe(1);
  });
});

describe('a run that is deleted', () => {
  test('is gone, whether it had ended or not', async () => {
    for (const elapsed of [30, 5_000]) {
      const world = new World();
      world.run.start(request);
      const reader = world.reader();
      await world.time.pass(elapsed);
      const deleted = world.run.delete();
      await world.time.pass(1_000);
      expect(await deleted).toBe(true);
      expect(world.run.read()).toBeUndefined();
      expect(await world.run.settled()).toBeUndefined();
      expect(await world.run.cancel()).toBeUndefined();
      expect(await world.run.delete()).toBe(false);
      expect({ ...world.disk }).toEqual({ facts: undefined, batches: [], alarm: undefined });
      expect(reader.ended).toBe(true);
    }
  });

  test('is deleted by its alarm when its time is over, later when it was to be stored', async () => {
    for (const [store, keptMs] of [
      [false, 1_000_000],
      [true, 9_000_000],
    ] as const) {
      const world = new World();
      world.run.start(requestOf({ input: 'What is two and two?', store }));
      await finished(world);
      const endedAt = world.time.now() - 2;
      expect(world.disk.alarm).toBe(endedAt + keptMs);
      world.crash();
      await world.run.alarm();
      expect(world.run.read()?.status).toBe('completed');
      await world.time.pass(keptMs);
      const alarm = world.run.alarm();
      await world.time.pass(10);
      await alarm;
      expect(world.run.read()).toBeUndefined();
    }
  });
});

describe('the alarm', () => {
  test('resumes a run that was lost, and lets one be that goes on', async () => {
    const world = new World({ script: () => ({ tokens: words(10), everyMs: 2_000 }) });
    world.run.start(request);
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
    world.run.start(requestOf({ input: 'Hello?', budget: { deadline_ms: 40_000 } }));
    const reader = world.reader();
    const startedAt = world.time.now();
    await world.watch(600_000, () => reader.ended);
    expect(world.time.now() - startedAt).toBeLessThan(53_000);
    expect(world.run.read()).toMatchObject({ status: 'failed', error: { code: 'deadline' } });
  });

  test('does nothing where no run is', async () => {
    const world = new World();
    await world.run.alarm();
    expect({ ...world.disk }).toEqual({ facts: undefined, batches: [], alarm: undefined });
  });
});

describe('a run that fails', () => {
  test('tells the error’s code and message', async () => {
    const world = new World({ script: () => ({ tokens: [], fails: 'upstream_quota' }) });
    world.run.start(request);
    const events = await finished(world);
    expect(events.at(-1)).toMatchObject({
      type: 'run.failed',
      reflection: { status: 'failed', error: { code: 'upstream_quota', message: 'failed with upstream_quota' } },
    });
    expect(await world.run.settled()).toEqual(fold(events));
  });

  test('for a reason nobody foresaw tells nothing of it, and logs where it happened but not what was said', async () => {
    const broken: ReflectionEngine = async function* () {
      yield { type: 'run.started', strategy: 'direct', tier: 'fast', small_judge: false } satisfies EngineEvent;
      throw new TypeError('Unexpected token in "my secret prompt"');
    };
    const world = new World({ reflect: broken });
    world.run.start(request);
    const events = await finished(world);
    expect(events.at(-1)).toMatchObject({ reflection: { error: { code: 'upstream_failed' } } });
    expect(world.logged).toEqual([expect.objectContaining({ event: 'run.broke', error: 'TypeError' })]);
    expect(JSON.stringify([events, world.logged])).not.toContain('secret');
  });

  test('to be stored is given up here and resumed from what is stored', async () => {
    const world = new World({ script: () => ({ tokens: words(30), everyMs: 20 }) });
    world.run.start(background);
    const reader = world.reader();
    await world.time.pass(200);
    world.shelf.full = true;
    await world.time.pass(500);
    expect(reader.ended).toBe(true);
    expect(world.logged).toContainEqual(expect.objectContaining({ event: 'run.lost' }));
    world.shelf.full = false;
    await world.watch(600_000, () => world.logged.some((entry) => entry.event === 'run.resumed'));
    expect((await finished(world)).at(-1)?.type).toBe('run.completed');
  });
});
