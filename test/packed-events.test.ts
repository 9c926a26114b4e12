/** How the events of a run are packed for storage: read back exactly as they were, and in a fraction of their bytes. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { joinPacked, packEvents, unpackEvents } from '../src/packed-events.ts';
import type { ReflectionEvent } from '../src/reflection/events.ts';
import { holds } from './support/properties.ts';

const run = 'refl_VVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVV';
const start = Date.UTC(2026, 10, 23, 12);

/** What follows the event before in a log. */
interface Step {
  readonly type: 'delta' | 'check' | 'restart';
  readonly pass: 'draft' | 'vote-1' | 'vote-2';
  readonly text: string;
  readonly laterMs: number;
  /** Events of another log. */
  readonly skips: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  type: fc.constantFrom('delta', 'delta', 'delta', 'delta', 'check', 'restart'),
  pass: fc.constantFrom('draft', 'vote-1', 'vote-2'),
  // Halves of surrogate pairs, too: a delta may end within one.
  text: fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('', '\ud83d', '\ude42', '"\\', '日')),
  laterMs: fc.integer({ min: -5, max: 2_000 }),
  skips: fc.constantFrom(0, 0, 0, 3),
});

function logOf(steps: readonly Step[]): ReflectionEvent[] {
  const offsets = new Map<string, number>();
  let [id, now] = [0, start];
  return steps.map(({ type, pass, text, laterMs, skips }): ReflectionEvent => {
    id += 1 + skips;
    now += laterMs;
    const head = { id, reflection_id: run, at: new Date(now).toISOString() };
    if (type === 'check')
      return { ...head, type: 'run.started', strategy: 'selective', tier: 'fast', small_judge: false };
    const offset = type === 'restart' ? 0 : (offsets.get(pass) ?? 0);
    offsets.set(pass, offset + text.length);
    return { ...head, type: 'pass.delta', pass, attempt: 1, offset, text };
  });
}

/** As readers get them, byte for byte. */
const framesOf = (events: readonly ReflectionEvent[]): string[] => events.map((event) => JSON.stringify(event));

describe('packed events', () => {
  test('are read back byte for byte, each with its own id, time, offset and text', () =>
    holds(
      fc.property(fc.array(step), (steps) => {
        const events = logOf(steps);
        expect(framesOf(unpackEvents(run, packEvents(run, events)))).toEqual(framesOf(events));
      }),
    ));

  test('are read back wherever the log was cut into groups, and from these joined to one', () =>
    holds(
      fc.property(fc.array(step, { minLength: 2 }), fc.nat(), (steps, cut) => {
        const events = logOf(steps);
        const at = 1 + (cut % (events.length - 1));
        const texts = [events.slice(0, at), events.slice(at)].map((group) => packEvents(run, group));
        expect(framesOf(unpackEvents(run, joinPacked(texts)))).toEqual(framesOf(events));
      }),
    ));

  test('keep a delta as it is whose time is not written as we write times, or that is of another run', () => {
    const [delta] = logOf([{ type: 'delta', pass: 'draft', text: 'a', laterMs: 0, skips: 0 }]);
    if (!delta) throw new Error('There is a delta.');
    for (const event of [
      { ...delta, at: '2026-11-23T12:00:00Z' },
      { ...delta, at: 'noon' },
      { ...delta, reflection_id: 'refl_other' },
    ]) {
      expect(unpackEvents(run, packEvents(run, [event]))).toEqual([event]);
    }
  });

  test('that were stored one by one, as JSON, are read as well', () => {
    const events = logOf([{ type: 'delta', pass: 'draft', text: 'a', laterMs: 0, skips: 0 }]);
    expect(unpackEvents(run, JSON.stringify(events))).toEqual(events);
  });

  test.each([30, 1_000])('are a small part of their bytes for an answer of %d deltas', (count) => {
    const steps = Array.from(
      { length: count },
      (): Step => ({ type: 'delta', pass: 'draft', text: 'word ', laterMs: 12, skips: 0 }),
    );
    const events = logOf(steps);
    expect(packEvents(run, events).length).toBeLessThan(JSON.stringify(events).length / 10);
  });
});
