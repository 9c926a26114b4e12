import { expect, test } from 'vitest';
import { runIdOf } from '../../src/runs/run-address.ts';
import { SpareRuns } from '../../src/runs/spare-runs.ts';

const idOf = (digit: number) => runIdOf(String(digit % 10).repeat(64));

test('a spare run is given once, the newest first, and none is given that may have fallen asleep', () => {
  let now = 0;
  const spares = new SpareRuns(() => now);
  expect(spares.take()).toBeUndefined();
  spares.add(idOf(1));
  now = 20_000;
  spares.add(idOf(2));
  expect(spares.take()).toBe(idOf(2));
  now = 30_000;
  expect(spares.take()).toBeUndefined();
});

test('no more spares are wanted than one isolate is likely to use', () => {
  const spares = new SpareRuns(() => 0);
  let made = 0;
  while (spares.wanted && made < 100) spares.add(idOf(made++));
  expect(made).toBe(8);
  spares.take();
  expect(spares.wanted).toBe(true);
});
