import { expect, test } from 'vitest';
import type { EngineEvent, ReflectionEvent } from '../../src/reflection/events.ts';
import { eventKey, ToldEvents } from '../../src/runs/event-key.ts';

const check = (measured: number): EngineEvent => ({
  type: 'check.completed',
  subject: 'draft',
  check: {
    id: 'words',
    type: 'words',
    origin: 'declared',
    status: 'pass',
    message: '',
    measured,
    expected: 9,
    span: null,
  },
});

const started = (pass: string, attempt: number): EngineEvent => ({
  type: 'pass.started',
  pass,
  role: 'draft',
  round: 0,
  attempt,
  model: 'large-1',
});

const delta = (pass: string, attempt: number): EngineEvent => ({
  type: 'pass.delta',
  pass,
  attempt,
  offset: 0,
  text: 'x',
});

function logged(events: readonly EngineEvent[]): ReflectionEvent[] {
  return events.flatMap((event, index) =>
    event.type === 'run.completed'
      ? []
      : [{ id: index + 1, reflection_id: 'refl_x', at: '2026-01-01T00:00:00.000Z', ...event }],
  );
}

test('an event and what the log makes of it have one key', () => {
  for (const event of [check(5), started('draft', 1)]) expect(logged([event]).map(eventKey)).toEqual([eventKey(event)]);
});

test('parts of a key cannot run into each other', () => {
  expect(eventKey(started('draft-1', 2))).not.toBe(eventKey(started('draft', 12)));
  expect(eventKey(started('draft', 1))).not.toBe(eventKey(started('draft', 2)));
});

test('two events of one key are told twice: one that is stored answers for one', () => {
  const told = new ToldEvents(logged([check(5)]));
  expect([told.take(check(5)), told.take(check(6)), told.take(check(7))]).toEqual([true, false, false]);
});

test('events of a vote are told in whatever order they come again', () => {
  const told = new ToldEvents(logged([started('vote-2', 1), started('vote-3', 1)]));
  expect([told.take(started('vote-3', 1)), told.take(started('vote-2', 1))]).toEqual([true, true]);
});

test('deltas are told of every attempt that the log has seen begin, and of no other', () => {
  const told = new ToldEvents(logged([started('draft', 1), delta('draft', 1)]));
  expect([told.take(delta('draft', 1)), told.take(delta('draft', 1))]).toEqual([true, true]);
  expect([told.take(delta('draft', 2)), told.take(delta('critique-r1', 1))]).toEqual([false, false]);
});
