/** Real objects that are really lost: everything in memory gone, requests to models broken off, readers cut off. */
import { abortAllDurableObjects, runDurableObjectAlarm } from 'cloudflare:test';
import { expect, test } from 'vitest';
import { isTerminal, type ReflectionEvent } from '../../../src/reflection/events.ts';
import { applyDelta, fold } from '../../../src/reflection/fold.ts';
import type { Reflection } from '../../../src/reflection/record.ts';
import { parseReflectionBody } from '../../../src/reflection/request.ts';
import { EventReader, eventsOf } from '../../contracts/runs.ts';
import { account, hostObject, runs, start, until, useUpstream } from './place.ts';

const critique = JSON.stringify({
  verdict: 'revise',
  issues: [{ kind: 'math', severity: 'major', quote: 'five', problem: 'Two and two is four.' }],
});

/** A draft with a mistake, a critic who finds it, a reviser who writes it anew. */
const upstream = useUpstream((messages) => {
  const said = messages.map(({ content }) => content).join('\n');
  if (!said.includes('five')) return { words: ['Two ', 'and ', 'two ', 'make ', 'five, ', 'I ', 'think.'], everyMs: 8 };
  if (/verdict/.test(said)) return { words: critique.split(/(?<= )|(?<=,)/), everyMs: 4 };
  return { words: ['Two ', 'and ', 'two ', 'make ', 'four, ', 'I ', 'know.'], everyMs: 8 };
});

const request = parseReflectionBody({
  input: 'Write a sentence about what two and two make.',
  strategy: 'always',
  include: ['trace', 'draft'],
  background: true,
});

interface Told {
  readonly record: Reflection;
  readonly events: readonly ReflectionEvent[];
}

/** Follows a run to its end; each time the reader has seen so many events, all objects are lost, the reader is cut off and comes back. */
async function followed(losses: readonly number[]): Promise<Told> {
  const id = await start(request);
  const events: ReflectionEvent[] = [];
  for (const seen of losses) {
    const after = events.at(-1)?.id ?? 0;
    const cutOff = new EventReader(await runs.follow(account, id, after));
    const read = cutOff.readToEnd();
    await until(() => cutOff.ended || after + cutOff.events.length >= seen);
    if (!cutOff.ended) await abortAllDurableObjects();
    await read.catch(() => undefined);
    events.push(...cutOff.events);
  }
  const last = new EventReader(await runs.follow(account, id, events.at(-1)?.id ?? 0));
  await last.readToEnd();
  events.push(...last.events);
  const record = await runs.read(account, id);
  if (!record) throw new Error('There is no run.');
  return { record, events };
}

/** The record without what a loss must show: whose it is, when, and what nobody pays for. */
function essence({ id: _, created_at: _at, timing: _timing, usage, trace, ...record }: Reflection): unknown {
  const passes = usage.passes
    .filter((pass) => pass.charged)
    .map(({ attempt: _attempt, ttft_ms: _first, latency_ms: _latency, ...pass }) => pass);
  return { ...record, usage: { ...usage, passes }, trace: trace?.map(({ pass, text }) => ({ pass, text })) };
}

/** `isPatient`: no attempt is lost between its start, which is stored first, and its request. */
function expectWhole({ events, record }: Told, isPatient = true): void {
  expect(events.map((event) => event.id)).toEqual(events.map((_, index) => index + 1));
  expect(events.filter((event) => isTerminal(event.type))).toHaveLength(1);
  expect(fold(events)).toEqual(record);
  const texts = new Map<string, string>();
  for (const event of events) {
    if (event.type === 'pass.retried') texts.set(event.pass, '');
    if (event.type === 'pass.delta') texts.set(event.pass, applyDelta(texts.get(event.pass) ?? '', event));
  }
  expect([...texts]).toEqual(record.trace?.map(({ pass, text }) => [pass, text]));

  // A pass asked again is asked the same words, so its requests are known by them.
  const interrupted = record.usage.passes.filter((pass) => pass.finish_reason === 'interrupted');
  const finished = record.usage.passes.filter((pass) => pass.charged);
  const { asked } = upstream();
  const lastAnswered = new Map(asked.map(({ messages, answered }) => [JSON.stringify(messages), answered]));
  // One before the last may have been answered as well: by a word that came when the object was just being lost.
  expect([...lastAnswered.values()]).toEqual(finished.map(() => true));
  const attempts = finished.length + interrupted.length;
  if (isPatient) expect(asked).toHaveLength(attempts);
  else expect(asked.length).toBeLessThanOrEqual(attempts);
  upstream().asked.length = 0;
}

test('a run lost at any of its events ends as it would have ended', { timeout: 60_000 }, async () => {
  let empty = 0;
  const undisturbed = await followed([]);
  expectWhole(undisturbed);
  expect(undisturbed.record.status).toBe('completed');
  expect(undisturbed.record.usage.passes.length).toBeGreaterThanOrEqual(3);
  for (let seen = 1; seen < undisturbed.events.length; seen++) {
    const lost = await followed([seen]);
    expectWhole(lost);
    expect(essence(lost.record), `lost after ${seen} events`).toEqual(essence(undisturbed.record));
    empty += lost.events.filter((event) => event.type === 'pass.delta' && event.text === '').length;
  }
  // Deltas that were shown and not stored were among what was lost.
  expect(empty).toBeGreaterThan(0);
});

test('a run lost again and again ends all the same, each attempt in the ledger and the caller paying once', async () => {
  const undisturbed = await followed([]);
  upstream().asked.length = 0;
  const lost = await followed([5, 45, 80, 120, 121]);
  expectWhole(lost, false);
  expect(essence(lost.record)).toEqual(essence(undisturbed.record));
  const draft = lost.record.usage.passes.filter((pass) => pass.id === 'draft');
  expect(draft.length).toBeGreaterThan(1);
  expect(draft.map((pass) => pass.attempt)).toEqual(draft.map((_, index) => index + 1));
  expect(draft.filter((pass) => pass.charged)).toHaveLength(1);
});

test('a lost run that nobody asks for is woken by its alarm', async () => {
  const id = await start(request);
  await until(() => upstream().asked.length === 1);
  await eventsOf(await runs.follow(account, id, 0), 5);
  await abortAllDurableObjects();
  const asked = upstream().asked.length;
  expect(await runDurableObjectAlarm(hostObject())).toBe(true);
  await until(() => upstream().asked.length > asked);
  expect((await runs.ended(account, id))?.status).toBe('completed');
});

test('whoever waited for the end of a run that was lost gets it by asking again', async () => {
  const id = await start(request);
  const ended = runs.ended(account, id).catch((error: unknown) => error);
  await until(() => upstream().asked.length === 2);
  await abortAllDurableObjects();
  expect(await ended).toBeInstanceOf(Error);
  expect((await runs.ended(account, id))?.status).toBe('completed');
});
