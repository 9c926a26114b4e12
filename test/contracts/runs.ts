/** What every `Runs` must do, whichever place its runs live in. */
import { describe, expect, test } from 'vitest';
import type { Caller } from '../../src/accounts/accounts.ts';
import type { ReflectionEvent } from '../../src/reflection/events.ts';
import { fold } from '../../src/reflection/fold.ts';
import type { Reflection } from '../../src/reflection/record.ts';
import { parseReflectionBody, type ReflectionRequest } from '../../src/reflection/request.ts';
import type { EndedBefore, Feedback, RunOrder, Runs } from '../../src/runs/runs.ts';
import { caller, stranger } from '../support/callers.ts';
import { askFor } from '../support/leases.ts';
import { orderOf } from '../support/orders.ts';

/** Answered soon, after some words. */
export const quickQuestion = 'What is two and two?';
/** Answered by words without end, until it is cancelled. */
export const endlessQuestion = 'What are the digits of pi?';

export function requestFor(question: string): ReflectionRequest {
  return parseReflectionBody({ input: question, strategy: 'direct', metadata: { for: 'the contract' } });
}

/** Reads a stream of events as a client does. */
export class EventReader {
  readonly events: ReflectionEvent[] = [];
  ended = false;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;

  constructor(stream: ReadableStream<Uint8Array> | EndedBefore | undefined) {
    if (stream && 'lastEventId' in stream) throw new Error(`The run ended with event ${stream.lastEventId}.`);
    this.#reader = stream?.getReader();
  }

  /** Until the stream ends, or so many events were read; then the reader leaves. Throws when the stream broke off. */
  async readToEnd(count = Number.POSITIVE_INFINITY): Promise<void> {
    const decoder = new TextDecoder();
    let text = '';
    while (this.#reader && this.events.length < count) {
      const { value, done } = await this.#reader.read();
      if (done) break;
      const frames = (text + decoder.decode(value, { stream: true })).split('\n\n');
      text = frames.pop() ?? '';
      this.events.push(...frames.flatMap(eventOf));
    }
    await this.#reader?.cancel();
    this.ended = true;
  }
}

/** The events of a stream that ends, or the first so many of one that may not. */
export async function eventsOf(
  stream: ReadableStream<Uint8Array> | EndedBefore | undefined,
  count = Number.POSITIVE_INFINITY,
): Promise<ReflectionEvent[]> {
  const reader = new EventReader(stream);
  await reader.readToEnd(count);
  return reader.events.slice(0, count);
}

/** The event of a frame; none of a comment. Its own lines and its data must agree. */
function eventOf(frame: string): ReflectionEvent[] {
  const fields = new Map(
    frame.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
  );
  const data = fields.get('data');
  if (data === undefined) return [];
  const event: ReflectionEvent = JSON.parse(data);
  expect([fields.get('id'), fields.get('event')]).toEqual([String(event.id), event.type]);
  return [event];
}

/** Starts a run of the order's account that is held against no limit of note. */
export async function startIn(runs: Runs, order: RunOrder): Promise<string> {
  const begun = await runs.begin(callerOf(order), { ask: askFor(), order, awaits: 'start' });
  if (begun.type !== 'started') throw new Error(`The run was ${begun.type}.`);
  return begun.run;
}

/** `caller` or `stranger`: whoever tests a place tells their keys to it. */
function callerOf({ account }: RunOrder): Caller {
  return account === stranger.account ? stranger : caller;
}

const { account } = caller;
const praise: Feedback = { rating: 'up', comment: null, preferred_output: null, created_at: 1_790_000_000 };

/** `runs` answer the two questions above as is said there. */
export function describeRuns(name: string, runs: () => Runs): void {
  const start = (question: string) => startIn(runs(), orderOf(requestFor(question)));

  describe(name, () => {
    test('a run goes on to its end and can be read', async () => {
      const id = await start(quickQuestion);
      expect(id).toMatch(/^refl_/);
      const record = await runs().ended(account, id);
      expect(record).toMatchObject({
        id,
        object: 'reflection',
        status: 'completed',
        metadata: { for: 'the contract' },
      });
      expect(record?.output).not.toBe('');
      expect(await runs().read(account, id)).toEqual(record);
      expect(await runs().ended(account, id)).toEqual(record);
    });

    test('whoever begins a run may wait for its end, or follow it', async () => {
      const order = orderOf(requestFor(quickQuestion));
      const waited = await runs().begin(caller, { ask: askFor(), order, awaits: 'end' });
      if (waited.type !== 'started' || !waited.answer || !('record' in waited.answer)) throw new Error(waited.type);
      const told: Reflection = JSON.parse(waited.answer.record.json);
      expect(told).toMatchObject({ id: waited.run, status: 'completed' });
      expect(waited.answer.record).toMatchObject({ decision: told.decision, error: told.error });
      expect(await runs().read(account, waited.run)).toEqual(told);
      const followed = await runs().begin(caller, { ask: askFor(), order, awaits: 'events' });
      if (followed.type !== 'started' || !followed.answer || !('events' in followed.answer))
        throw new Error(followed.type);
      const events = await eventsOf(followed.answer.events);
      expect(events[0]).toMatchObject({ id: 1, type: 'run.queued' });
      expect(events.at(-1)).toMatchObject({ type: 'run.completed', reflection_id: followed.run });
      expect(await eventsOf(await runs().follow(account, followed.run, 0))).toEqual(events);
    });

    test('whoever asks under the same idempotency key gets the same run, started once', async () => {
      const order = orderOf(requestFor(endlessQuestion));
      const ask = askFor({ idempotency: { key: crypto.randomUUID(), bodyHash: 'same' } });
      const first = await runs().begin(caller, { ask, order, awaits: 'start' });
      const second = await runs().begin(caller, { ask, order, awaits: 'start' });
      if (first.type !== 'started' || second.type !== 'replayed') throw new Error(`${first.type}, ${second.type}`);
      expect(second.run).toBe(first.run);
      await runs().delete(account, first.run);
      const third = await runs().begin(caller, { ask, order, awaits: 'start' });
      expect(third).toMatchObject({ type: 'started' });
      if (third.type === 'started') await runs().delete(account, third.run);
    });

    test('a run is to be read before it ends', async () => {
      const id = await start(endlessQuestion);
      expect(['queued', 'running']).toContain((await runs().read(account, id))?.status);
      await runs().cancel(account, id);
    });

    test('two runs are two, whatever was asked', async () => {
      const ids = await Promise.all([1, 2].map(() => start(quickQuestion)));
      expect(new Set(ids).size).toBe(2);
      for (const id of ids) expect(await runs().ended(account, id)).toMatchObject({ id });
    });

    test('its events are numbered from 1 without gaps, and fold into its record', async () => {
      const id = await start(quickQuestion);
      const events = await eventsOf(await runs().follow(account, id, 0));
      expect(events.map((event) => event.id)).toEqual(events.map((_, index) => index + 1));
      expect(events[0]?.type).toBe('run.queued');
      expect(events.at(-1)?.type).toBe('run.completed');
      expect(fold(events)).toEqual(await runs().read(account, id));
    });

    test('a reader who comes back gets every later event once, from any event on', async () => {
      const id = await start(quickQuestion);
      const all = await eventsOf(await runs().follow(account, id, 0));
      for (const { id: after } of all)
        expect(await eventsOf(await runs().follow(account, id, after))).toEqual(all.slice(after));
    });

    test('several readers at once get the same, and one who leaves takes nothing from the others', async () => {
      const id = await start(quickQuestion);
      const [first, second, leaver] = await Promise.all([0, 0, 0].map((after) => runs().follow(account, id, after)));
      await eventsOf(leaver, 0);
      const [one, other] = await Promise.all([eventsOf(first), eventsOf(second)]);
      expect(one).toEqual(other);
      expect(one.at(-1)?.type).toBe('run.completed');
    });

    test('a cancelled run ends so for its readers, and stays cancelled', async () => {
      const id = await start(endlessQuestion);
      const following = runs().follow(account, id, 0);
      expect((await eventsOf(await runs().follow(account, id, 0), 4)).at(-1)?.type).toBe('pass.delta');
      const cancelled = await runs().cancel(account, id);
      expect(cancelled).toMatchObject({ id, status: 'cancelled' });
      expect((await eventsOf(await following)).at(-1)).toMatchObject({ type: 'run.cancelled', reflection: cancelled });
      expect(await runs().cancel(account, id)).toEqual(cancelled);
      expect(await runs().ended(account, id)).toEqual(cancelled);
    });

    test('cancelling an ended run changes nothing', async () => {
      const id = await start(quickQuestion);
      const record = await runs().ended(account, id);
      expect(await runs().cancel(account, id)).toEqual(record);
    });

    test('a deleted run is gone, whether it had ended or not', async () => {
      for (const question of [quickQuestion, endlessQuestion]) {
        const id = await start(question);
        if (question === quickQuestion) await runs().ended(account, id);
        expect(await runs().delete(account, id)).toBe(true);
        await expectNobody(runs(), id);
      }
    });

    test('a run that is deleted while it goes on ends as cancelled for its readers', async () => {
      const id = await start(endlessQuestion);
      expect((await eventsOf(await runs().follow(account, id, 0), 4)).at(-1)?.type).toBe('pass.delta');
      const following = [await runs().follow(account, id, 0), await runs().follow(account, id, 4)].map((stream) =>
        eventsOf(stream),
      );
      await runs().delete(account, id);
      for (const events of await Promise.all(following)) {
        expect(events.at(-1)).toMatchObject({ type: 'run.cancelled', reflection: { id, status: 'cancelled' } });
      }
    });

    test('a reader who is ahead of a run gets its end; once it has ended, the number of its last event instead', async () => {
      const id = await start(endlessQuestion);
      const following = eventsOf(await runs().follow(account, id, 1_000_000));
      await runs().cancel(account, id);
      expect((await following).map((event) => event.type)).toEqual(['run.cancelled']);
      const all = await eventsOf(await runs().follow(account, id, 0));
      expect(await runs().follow(account, id, all.length + 1)).toEqual({ lastEventId: all.length });
      expect(await eventsOf(await runs().follow(account, id, all.length))).toEqual([]);
    });

    test('a run says whether the cache was asked before it', async () => {
      for (const status of ['miss', 'bypass'] as const) {
        const id = await startIn(runs(), orderOf(requestFor(quickQuestion), { cache: { status, entry: null } }));
        expect((await runs().ended(account, id))?.cache).toEqual({ status, age_s: null });
      }
    });

    test('an answer may be rated at any time, and rated anew', async () => {
      const id = await start(endlessQuestion);
      expect(await runs().feedback(account, id)).toBeNull();
      expect(await runs().rate(account, id, praise)).toBe(true);
      expect(await runs().feedback(account, id)).toEqual(praise);
      const record = await runs().cancel(account, id);
      const blame: Feedback = { ...praise, rating: 'down', comment: 'It never ends.', preferred_output: '3.14' };
      expect(await runs().rate(account, id, blame)).toBe(true);
      expect(await runs().feedback(account, id)).toEqual(blame);
      expect(await runs().read(account, id)).toEqual(record);
      await runs().delete(account, id);
      expect(await runs().rate(account, id, praise)).toBe(false);
    });

    test('a record that is stored is read with what was asked', async () => {
      const request = { ...requestFor(quickQuestion), store: true, metadata: { turn: '1' } };
      const id = await startIn(runs(), orderOf(request));
      await runs().ended(account, id);
      const { tier, strategy, metadata: _, ...asked } = request;
      expect(await runs().read(account, id)).toMatchObject({ tier, strategy, request: asked, metadata: { turn: '1' } });
      const plain = await start(quickQuestion);
      await runs().ended(account, plain);
      expect(await runs().read(account, plain)).not.toHaveProperty('request');
    });

    test('a run of another account is answered like none, and goes on undisturbed', async () => {
      for (const question of [quickQuestion, endlessQuestion]) {
        const id = await start(question);
        if (question === quickQuestion) await runs().ended(account, id);
        const before = await runs().read(account, id);
        await expectNobody(runs(), id, stranger.account);
        expect((await runs().read(account, id))?.status).toBe(before?.status);
        await runs().delete(account, id);
      }
    });

    test('what was never started is no run', async () => {
      await expectNobody(runs(), 'refl_nonsense');
      await expectNobody(runs(), '');
    });
  });
}

/** Every question that takes an id. */
async function expectNobody(runs: Runs, id: string, asking = account): Promise<void> {
  expect(await runs.read(asking, id)).toBeUndefined();
  expect(await runs.ended(asking, id)).toBeUndefined();
  expect(await runs.follow(asking, id, 0)).toBeUndefined();
  expect(await runs.cancel(asking, id)).toBeUndefined();
  expect(await runs.rate(asking, id, praise)).toBe(false);
  expect(await runs.feedback(asking, id)).toBeUndefined();
  expect(await runs.delete(asking, id)).toBe(false);
}
