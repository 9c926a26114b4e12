/** What a run's log holds and when it is stored, and what readers get of it and when. */
import { describe, expect, test } from 'vitest';
import { AppError } from '../../src/errors.ts';
import type { ReflectionTools } from '../../src/reflection/context.ts';
import type { EngineEvent, ReflectionEvent } from '../../src/reflection/events.ts';
import { fold } from '../../src/reflection/fold.ts';
import type { ReflectionEngine } from '../../src/runs/run-services.ts';
import { orderOf } from '../support/orders.ts';
import { account, requestOf, World } from './world.ts';

const request = requestOf({ input: 'What is two and two?' });
const words = (count: number) => Array.from({ length: count }, (_, index) => `w${index} `);

async function finished(world: World): Promise<readonly ReflectionEvent[]> {
  const reader = world.reader();
  await world.watch(600_000, () => reader.ended);
  return reader.events;
}

describe('the log', () => {
  test('shows the first delta at once, however slow storage is', async () => {
    const world = new World({ commitMs: 15, script: () => ({ tokens: words(20), everyMs: 30 }) });
    world.start(orderOf(request));
    const startedAt = world.time.now();
    const reader = world.reader();
    await world.time.pass(1_000, () => reader.events.some((event) => event.type === 'pass.delta'));
    expect(world.time.now() - startedAt).toBe(20);
  });

  test('shows a delta at once that comes 10 ms after the last one, and sets no timer for it', async () => {
    const world = new World({ reflect: (_request, tools) => talking(tools) });
    async function* talking({ now }: ReflectionTools): AsyncGenerator<EngineEvent> {
      yield { type: 'pass.started', pass: 'draft', role: 'draft', round: 0, attempt: 1, model: 'large-1' };
      for (let offset = 0; offset < 40 * 13; offset += 13) {
        await world.time.sleep(12, new AbortController().signal);
        yield { type: 'pass.delta', pass: 'draft', attempt: 1, offset, text: String(now()) };
      }
      await world.time.sleep(1_000, new AbortController().signal);
    }
    world.start(orderOf(request));
    const reader = world.reader();
    await world.time.pass(300);
    const timers = world.time.timers;
    for (let seen = reader.events.length; seen < 40; ) {
      await world.time.pass(1);
      expect(world.time.timers).toBeLessThanOrEqual(timers);
      for (const event of reader.events.slice(seen)) {
        if (event.type === 'pass.delta') expect(Number(event.text)).toBe(world.time.now());
      }
      seen = reader.events.length;
    }
  });

  test('joins the deltas of a fast model', async () => {
    const world = new World({ script: () => ({ tokens: words(500), everyMs: 1 }) });
    world.start(orderOf(request));
    const events = await finished(world);
    const deltas = events.filter((event) => event.type === 'pass.delta' && event.pass === 'draft');
    expect(deltas.length).toBeLessThanOrEqual(52);
    expect(world.run.read(account)?.output).toBe(words(500).join(''));
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
    world.start(orderOf(request));
    const events = await finished(world);
    expect(events.filter((event) => event.type === 'pass.delta').length).toBeGreaterThan(450);
    expect(
      world.disk.committed.batches.filter(({ events }) => events.some(({ type }) => type === 'pass.delta')).length,
    ).toBeLessThanOrEqual(100);
    expect(world.disk.committed.batches.length).toBeLessThanOrEqual(103);
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
    world.start(orderOf(request));
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
    world.start(orderOf(request));
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
    world.start(orderOf(request));
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
    world.start(orderOf(request));
    const all = await finished(world);
    world.crash();
    const reader = world.reader();
    await world.time.pass(0);
    expect(reader.events).toEqual(all);
    expect(world.run.read(account)).toEqual(fold(all));
  });

  test('who asks for events far beyond the end is told the end, and is let go', async () => {
    const world = new World();
    world.start(orderOf(request));
    const reader = world.reader(1_000_000);
    await world.time.pass(1_000);
    expect(reader.ended).toBe(true);
    expect(reader.events.map((event) => event.type)).toEqual(['run.completed']);
  });

  test('who asks for events beyond the end of an ended run is told where it ended, after a loss too', async () => {
    const world = new World();
    world.start(orderOf(request));
    const { length } = await finished(world);
    expect(world.run.follow(account, length + 1)).toEqual({ lastEventId: length });
    world.crash();
    expect(world.run.follow(account, length + 1)).toEqual({ lastEventId: length });
    expect(world.run.follow(account, length)).toBeInstanceOf(ReadableStream);
  });

  test('who reads slowly is handed one batch at a time and holds up nobody', async () => {
    const world = new World({ script: () => ({ tokens: words(300), everyMs: 10 }) });
    world.start(orderOf(request));
    const stream = world.stream().getReader();
    const quick = await finished(world);
    expect(quick.at(-1)?.type).toBe('run.completed');
    const sizes: number[] = [];
    for (let chunk = await stream.read(); chunk.value; chunk = await stream.read()) {
      sizes.push(new TextDecoder().decode(chunk.value).split('\n\n').length - 1);
    }
    expect(sizes.reduce((sum, size) => sum + size)).toBe(quick.length);
    const largest = Math.max(...world.disk.committed.batches.map(({ events }) => events.length));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(largest);
    // Half a reservation, and what the other of two passes says in the same turn.
    expect(largest).toBeLessThanOrEqual(65);
  });

  test('hears a heartbeat when nothing happens for 15 seconds', async () => {
    const world = new World({ script: () => ({ tokens: ['slow ', 'words'], everyMs: 40_000 }) });
    world.start(orderOf(request));
    const reader = world.reader();
    await world.time.pass(36_000);
    expect(reader.text.split('\n\n').filter((frame) => frame.startsWith(':'))).toHaveLength(2);
  });

  test('who leaves changes nothing for the run', async () => {
    const world = new World();
    world.start(orderOf(request));
    const reader = world.reader();
    await world.time.pass(30);
    await reader.leave();
    await world.time.pass(1_000);
    expect(world.run.read(account)?.status).toBe('completed');
  });

  test('who leaves while nothing happens leaves nothing behind', async () => {
    const world = new World({ script: () => ({ tokens: ['slow'], everyMs: 40_000 }) });
    world.start(orderOf(request));
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
