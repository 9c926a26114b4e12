import { expect, test } from 'vitest';
import { DeadlineTimer } from '../src/deadline-timer.ts';
import { createVirtualClock } from './models/virtual-clock.ts';

function scene() {
  const clock = createVirtualClock();
  const timer = new DeadlineTimer(clock.after, clock.now);
  const begunAt = clock.now();
  const done: [string, number][] = [];
  const limit = (name: string, milliseconds: number) =>
    timer.after(milliseconds, () => void done.push([name, clock.now() - begunAt]));
  return { clock, done, limit };
}

test('limits are reached at their times, whatever the order in which they were set', async () => {
  const { clock, done, limit } = scene();
  limit('late', 60_000);
  limit('soon', 20);
  limit('later', 60_001);
  limit('middle', 7_000);
  await clock.advance(100_000);
  expect(done).toEqual([
    ['soon', 20],
    ['middle', 7_000],
    ['late', 60_000],
    ['later', 60_001],
  ]);
  expect(clock.waiting()).toBe(0);
});

test('what is taken back is not done, and costs no timer of its own', async () => {
  const { clock, done, limit } = scene();
  for (let request = 0; request < 1_000; request += 1) limit('never', 60_000)();
  expect(clock.slept).toHaveLength(1);
  await clock.advance(100_000);
  expect(done).toEqual([]);
  expect(clock.slept).toHaveLength(1);
  expect(clock.waiting()).toBe(0);
});

test('work may set limits and take others back', async () => {
  const { clock, done, limit } = scene();
  const takeBack = limit('taken back', 20);
  const timer = new DeadlineTimer(clock.after, clock.now);
  timer.after(10, () => {
    takeBack();
    timer.after(10, () => void limit('set by the other', 5));
  });
  await clock.advance(1_000);
  expect(done).toEqual([['set by the other', 25]]);
});

test('a clock that steps back makes no limit later', async () => {
  const clock = createVirtualClock();
  let stepMs = 0;
  const timer = new DeadlineTimer(clock.after, () => clock.now() + stepMs);
  const begunAt = clock.now();
  let doneAt = 0;
  timer.after(12_000, () => {
    doneAt = clock.now() - begunAt;
  });
  stepMs = -3_600_000;
  await clock.advance(100_000);
  expect(doneAt).toBe(12_000);
});
