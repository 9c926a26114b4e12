/** A run whose object is lost: whenever that happens, it ends as it would have ended, and no reader sees a gap, a repetition or a contradiction. */
import { describe, expect, test } from 'vitest';
import type { ReflectionEvent } from '../../src/reflection/events.ts';
import { isTerminal } from '../../src/reflection/events.ts';
import { applyDelta, fold } from '../../src/reflection/fold.ts';
import type { ToolCall } from '../../src/reflection/model.ts';
import type { Reflection } from '../../src/reflection/record.ts';
import { reflect } from '../../src/reflection/reflect.ts';
import type { ReflectionBody, ReflectionRequest } from '../../src/reflection/request.ts';
import type { ReflectionEngine } from '../../src/runs/run-services.ts';
import { orderOf } from '../support/orders.ts';
import { smallReflect } from './small-engine.ts';
import { account, requestOf, roster, runId, type Script, World } from './world.ts';

const request = requestOf({ input: 'What is two and two?', include: ['trace', 'draft', 'diff'], background: true });

const critique = JSON.stringify({
  verdict: 'revise',
  issues: [{ kind: 'math', severity: 'major', quote: '5', problem: 'Two and two is four.' }],
});

/** Every kind of pass: one that is retried, one whose usage is estimated, two at once of different speed, one that fails. */
const variety: Script = (call) => {
  switch (call.pass) {
    case 'draft':
      return { tokens: ['Two ', 'and ', 'two ', 'is ', 'three, ', 'nearly.'], lost: 1 };
    case 'vote-3':
      // Still told when the other vote has finished.
      return { tokens: Array.from({ length: 25 }, () => 'Four. '), everyMs: 4, estimated: true };
    case 'critique-r1':
      return { tokens: ['It is '], fails: 'upstream_busy' };
    default:
      return { tokens: ['Two ', 'and ', 'two ', 'is ', 'four.'], everyMs: 7 };
  }
};

interface Seen {
  readonly world: World;
  readonly record: Reflection;
  /** What one reader saw that was there all along and came back after each loss. */
  readonly events: readonly ReflectionEvent[];
}

/** When the object is lost, by the events that the reader has seen and the milliseconds gone by. */
type Loss = (seen: number, elapsedMs: number) => boolean;

interface Scene {
  readonly commitMs?: number;
  readonly script?: Script;
  readonly reflect?: ReflectionEngine;
  readonly asked?: ReflectionRequest;
}

/** Runs to the end; the object is lost once for each of `losses`, in their order. */
async function runWith(losses: readonly Loss[], scene: Scene = {}): Promise<Seen> {
  const { commitMs = 2, script = variety, reflect = smallReflect, asked = request } = scene;
  const world = new World({ script, commitMs, reflect });
  const startedAt = world.time.now();
  world.start(orderOf(asked));
  await world.time.pass(commitMs);
  const events: ReflectionEvent[] = [];
  let reader = world.reader();
  for (const lost of [...losses, never]) {
    await world.watch(
      200_000,
      () => reader.ended || lost(events.length + reader.events.length, world.time.now() - startedAt),
    );
    events.push(...reader.events);
    if (reader.ended) break;
    world.crash();
    reader = world.reader(events.at(-1)?.id ?? 0);
  }
  expect(reader.ended).toBe(true);
  await world.watch(60_000, () => world.recipients.settled !== undefined);
  const record = world.run.read(account);
  if (!record) throw new Error('There is no run.');
  return { world, record, events };
}

const never: Loss = () => false;

/** The record without what a loss must show: attempts that nobody pays for, and times. */
function essence({ timing: _, usage, trace, ...record }: Reflection): unknown {
  const passes = usage.passes
    .filter((pass) => pass.charged)
    .map(({ attempt: _attempt, ttft_ms: _first, latency_ms: _latency, ...pass }) => pass)
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return {
    ...record,
    usage: { ...usage, passes },
    trace: trace?.map(({ pass, text }) => `${pass}: ${text}`).toSorted(),
  };
}

function expectWhole({ events, record, world }: Seen, undisturbed: Seen): void {
  expectNothingToldOfThePast(events);
  expect(events.map((event) => event.id)).toEqual(events.map((_, index) => index + 1));
  expect(events.filter((event) => isTerminal(event.type))).toHaveLength(1);
  expect(fold(events)).toEqual(record);
  expect(textsIn(events)).toEqual(record.trace?.map(({ pass, text }) => `${pass}: ${text}`).toSorted());
  expect(fold(events.slice(0, -1)).usage).toEqual(record.usage);
  expect(essence(record)).toEqual(essence(undisturbed.record));
  const { status, decision, usage } = record;
  expect(world.recipients.settled).toEqual({ run: runId, status, decision, passes: usage.passes, retryable: false });
  for (const [pass, calls] of world.calls) {
    const attempts = record.usage.passes.filter((row) => row.id === pass && row.finish_reason === 'interrupted');
    expect(calls, `calls of ${pass}`).toBe(1 + attempts.length);
  }
}

/** No delta of a pass that has finished, and none of an attempt that is void. */
function expectNothingToldOfThePast(events: readonly ReflectionEvent[]): void {
  const attempts = new Map<string, number>();
  for (const event of events) {
    if (event.type === 'pass.delta') expect(event.attempt, JSON.stringify(event)).toBe(attempts.get(event.pass));
    if (event.type === 'pass.started' || event.type === 'pass.retried') attempts.set(event.pass, event.attempt);
    if (event.type === 'pass.completed' || event.type === 'pass.failed') attempts.delete(event.pass);
  }
}

/** What a reader makes of the deltas it saw: the newest attempt of each pass. */
function textsIn(events: readonly ReflectionEvent[]): string[] {
  const texts = new Map<string, { readonly attempt: number; readonly text: string }>();
  for (const event of events) {
    if (event.type !== 'pass.delta') continue;
    const known = texts.get(event.pass);
    const before = known?.attempt === event.attempt ? known.text : '';
    texts.set(event.pass, { attempt: event.attempt, text: applyDelta(before, event) });
  }
  return [...texts].map(([pass, { text }]) => `${pass}: ${text}`).toSorted();
}

describe('a lost run', () => {
  test('that called tools has called the same ones, whichever event of it was the last that was seen', async () => {
    const toolCalls: readonly ToolCall[] = [
      { id: 'call_1', type: 'function', function: { name: 'look_up', arguments: '{"of": "Lima",\n "x":  1.50}' } },
    ];
    const tools: ReflectionBody['tools'] = [{ type: 'function', function: { name: 'look_up' } }];
    const asked = requestOf({
      input: 'Where is Lima?',
      strategy: 'direct',
      tools,
      include: ['trace'],
      background: true,
    });
    const scene: Scene = { asked, reflect, script: () => ({ tokens: ['Let ', 'me ', 'look.'], toolCalls }) };
    const undisturbed = await runWith([], scene);
    expect(undisturbed.record).toMatchObject({ finish_reason: 'tool_calls', tool_calls: toolCalls });
    for (let last = 1; last < undisturbed.events.length; last += 1)
      expectWhole(await runWith([(seen) => seen >= last], scene), undisturbed);
  });

  test('is the same whichever event of it was the last that was seen', async () => {
    const undisturbed = await runWith([]);
    expect(undisturbed.record.status).toBe('completed');
    expect(undisturbed.record.degraded).toEqual({ pass: 'critique', code: 'upstream_busy' });
    for (let index = 1; index < undisturbed.events.length; index++) {
      expectWhole(await runWith([(seen) => seen >= index]), undisturbed);
    }
  });

  test('is the same whenever it is lost, with storage fast and slow', { timeout: 60_000 }, async () => {
    for (const commitMs of [1, 13]) {
      const undisturbed = await runWith([], { commitMs });
      const duration = undisturbed.record.timing.total_ms;
      // The first batch is stored for good after two commits at most; before that a run has no trace.
      for (let at = 2 * commitMs; at < duration; at += 3) {
        expectWhole(await runWith([(_, elapsed) => elapsed >= at], { commitMs }), undisturbed);
      }
    }
  });

  test('is the same when storage is so slow that no number is reserved any more', { timeout: 60_000 }, async () => {
    const script: Script = () => ({ tokens: Array.from({ length: 70 }, (_, index) => `w${index} `), everyMs: 12 });
    const scene = { commitMs: 300, script };
    const undisturbed = await runWith([], scene);
    for (let at = 700; at < 3_000; at += 50) {
      expectWhole(await runWith([(_, elapsed) => elapsed >= at], scene), undisturbed);
    }
  });

  test('is the same with the engine in service, whatever its strategy', { timeout: 60_000 }, async () => {
    const script: Script = ({ pass, role }) => {
      if (role === 'critique') return { tokens: critique.split(/(?<= )/), everyMs: 3 };
      if (role === 'confirm') return { tokens: ['{"answer": "four", ', '"holds": false}'] };
      return pass === 'draft' ? { tokens: ['I think ', 'it is ', '5.'] } : { tokens: ['It is ', '4.'], everyMs: 12 };
    };
    for (const asked of [
      { input: 'How many legs have two cats, and are two dogs?', strategy: 'vote' },
      { input: 'Write about two and two.', strategy: 'always', max_rounds: 2 },
      { input: 'Write about two and two.', strategy: 'checks', checks: [{ type: 'words', max: 2 }] },
    ] satisfies ReflectionBody[]) {
      const scene = { script, reflect, asked: requestOf({ ...asked, include: ['trace'], background: true }) };
      const undisturbed = await runWith([], scene);
      expect(undisturbed.record.usage.passes.length).toBeGreaterThan(1);
      for (let index = 1; index < undisturbed.events.length; index++) {
        expectWhole(await runWith([(seen) => seen >= index], scene), undisturbed);
      }
    }
  });

  test('is the same when it is lost again and again', async () => {
    const undisturbed = await runWith([]);
    const losses = [40, 90, 140, 200, 230, 231, 300].map(
      (at): Loss =>
        (_, elapsed) =>
          elapsed >= at,
    );
    expectWhole(await runWith(losses), undisturbed);
  });

  test('asks no finished pass again, and shows both attempts of the interrupted one', async () => {
    const { world, record } = await runWith([(seen) => seen >= 6]);
    expect(Object.fromEntries(world.calls)).toEqual({
      draft: 2,
      'vote-2': 1,
      'vote-3': 1,
      'critique-r1': 1,
      'revision-r1': 1,
    });
    const interrupted = record.usage.passes.filter((pass) => pass.finish_reason === 'interrupted');
    expect(interrupted).toHaveLength(1);
    const [lost] = interrupted;
    expect(lost).toMatchObject({ charged: false, cost_usd: 0 });
    const rows = record.usage.passes.filter((pass) => pass.id === lost?.id);
    expect(rows.map((row) => row.attempt)).toEqual(rows.map((_, index) => index + 1));
    expect(rows.at(-1)).toMatchObject({ finish_reason: 'stop', charged: true });
    expect(world.logged).toContainEqual(expect.objectContaining({ event: 'run.resumed', executions: 2 }));
  });

  test('gives a reader who saw deltas that were never stored what follows under new numbers', async () => {
    const world = new World({
      script: () => ({ tokens: Array.from({ length: 30 }, (_, index) => `w${index} `), everyMs: 12 }),
    });
    world.start(orderOf(request));
    const reader = world.reader();
    await world.watch(1_000, () => reader.events.length === 12);
    const before = [...reader.events];
    const stored = world.disk.events.length;
    expect(stored).toBeLessThan(12);
    world.crash();
    const after = world.reader(12);
    const fresh = world.reader();
    await world.watch(60_000, () => after.ended && fresh.ended);

    expect(after.events[0]?.id).toBe(13);
    const both = [...before, ...after.events];
    expect(both.map((event) => event.id)).toEqual(fresh.events.map((event) => event.id));
    expect(fold(both)).toEqual(fold(fresh.events));
    // What the reader was not shown to be void is told to it as void.
    expect(after.events.find((event) => event.type === 'pass.retried')).toMatchObject({
      attempt: 2,
      code: 'interrupted',
    });
  });

  test('keeps votes that had finished when the object is found again after the deadline', async () => {
    const late = requestOf({ input: 'What is two and two?', budget: { deadline_ms: 1_000 } });
    const world = new World({
      script: ({ pass }) => (pass === 'vote-2' ? { tokens: ['slow'], everyMs: 5_000 } : { tokens: ['Four.'] }),
    });
    world.start(orderOf(late));
    const reader = world.reader();
    const voted = () => reader.events.some((event) => event.type === 'pass.completed' && event.pass === 'vote-3');
    await world.watch(900, voted);
    expect(voted()).toBe(true);
    world.crash();
    await world.time.pass(20_000);
    const again = world.reader();
    await world.watch(60_000, () => again.ended);
    const endings = again.events.filter((event) => event.type === 'pass.completed' || event.type === 'pass.failed');
    expect(endings.filter((event) => event.pass === 'vote-3').map((event) => event.type)).toEqual(['pass.completed']);
    expect(world.calls.get('vote-3')).toBe(1);
    expect(again.events.at(-1)).toMatchObject({ type: 'run.completed', reflection: { decision: 'budget' } });
  });

  test('asks the models it was started with, at whose prices it is counted', async () => {
    const world = new World();
    world.start(orderOf(request));
    await world.time.pass(60);
    world.crash();
    world.roster = { ...roster, author: [] };
    const reader = world.reader();
    await world.watch(60_000, () => reader.ended);
    expect(world.connected).toEqual([roster, roster]);
  });

  test('shows every attempt when it is cancelled instead of resumed', async () => {
    const world = new World({
      script: ({ role }) => ({ tokens: ['Four. ', 'Yes.'], everyMs: role === 'vote' ? 500 : 5 }),
    });
    world.start(orderOf(request));
    const reader = world.reader();
    const voting = () =>
      reader.events.filter((event) => event.type === 'pass.delta' && event.pass.startsWith('vote')).length;
    await world.watch(1_000, () => voting() === 2);
    await world.time.pass(420);
    world.crash();
    const record = await world.run.cancel(account);
    expect(record?.status).toBe('cancelled');
    const lost = {
      charged: false,
      cost_usd: 0,
      finish_reason: 'interrupted',
      role: 'vote',
      model: 'large-1',
      ttft_ms: 22,
    };
    expect(record?.usage.passes).toEqual([
      expect.objectContaining({ id: 'draft', charged: true }),
      expect.objectContaining({ ...lost, id: 'vote-2', attempt: 1 }),
      expect.objectContaining({ ...lost, id: 'vote-3', attempt: 1 }),
    ]);
    const whole = world.reader();
    await world.time.pass(50);
    expect(whole.events.slice(-3)).toEqual([
      expect.objectContaining({ type: 'pass.failed', pass: 'vote-2', code: 'cancelled' }),
      expect.objectContaining({ type: 'pass.failed', pass: 'vote-3', code: 'cancelled' }),
      expect.objectContaining({ type: 'run.cancelled' }),
    ]);
    expect(fold(whole.events)).toEqual(record);
  });

  test('ends as cancelled when it was being cancelled', async () => {
    const world = new World({ commitMs: 5 });
    world.start(orderOf(request));
    await world.time.pass(30);
    const cancelled = world.run.cancel(account);
    // The pass has been told as cancelled; the run's end is not committed yet.
    await world.time.pass(1);
    world.crash();
    await world.watch(60_000, () => world.run.read(account)?.status !== 'running');
    await cancelled.catch(() => undefined);
    expect(['cancelled', 'completed']).toContain(world.run.read(account)?.status);
  });

  test('is given up when every execution of it is lost', async () => {
    const world = new World({ script: () => ({ tokens: ['word'], everyMs: 500 }) });
    world.start(orderOf(request));
    for (let execution = 1; execution <= 12; execution += 1) {
      await world.time.pass(100);
      world.crash();
      world.run.read(account);
    }
    const record = await world.run.ended(account);
    expect(record).toMatchObject({ status: 'failed', error: { code: 'upstream_failed' } });
    expect(world.calls.get('draft')).toBe(10);
    expect(record?.usage.passes.map((pass) => pass.attempt)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });
});
