import { expect, test } from 'vitest';
import { FrameTick, frameMs } from '../../src/runs/frame-tick.ts';
import { VirtualTime } from './virtual-time.ts';

test('all who hold something share one timer, and nobody sets one who holds nothing', async () => {
  const time = new VirtualTime();
  const tick = new FrameTick(time.after);
  const left: string[] = [];
  const one = () => left.push('one');
  tick.next(one);
  tick.next(() => left.push('two'));
  tick.next(one);
  expect(time.timers).toBe(1);
  await time.pass(frameMs);
  expect(left).toEqual(['one', 'two']);
  expect(time.timers).toBe(0);
});

test('what is asked for at a tick happens at the next', async () => {
  const time = new VirtualTime();
  const tick = new FrameTick(time.after);
  const left: string[] = [];
  tick.next(() => tick.next(() => left.push('later')));
  await time.pass(frameMs);
  expect(left).toEqual([]);
  await time.pass(frameMs);
  expect(left).toEqual(['later']);
});
