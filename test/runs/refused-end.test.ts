/** A run whose events storage refuses is given up at once: nobody is told of an end that is not stored, and nothing is written beside the next execution. */
import { expect, test, vi } from 'vitest';
import { isTerminal } from '../../src/reflection/events.ts';
import type { Batch } from '../../src/runs/run-store.ts';
import { orderOf } from '../support/orders.ts';
import { account, requestOf, World } from './world.ts';

/** Storage refuses the first batch that is such a one. */
function refuseOnce(world: World, isRefused: (batch: Batch) => boolean): void {
  const { store } = world;
  const append = store.append.bind(store);
  let refused = 0;
  vi.spyOn(store, 'append').mockImplementation((batch) => {
    if (refused > 0 || !isRefused(batch)) return append(batch);
    refused += 1;
    throw new Error('The disk is full.');
  });
}

const order = orderOf(requestOf({ input: 'How much is two and two?', background: true }));
const endsRun = ({ events }: Batch): boolean => isTerminal(events.at(-1)?.type ?? '');

test('a run whose end storage refused is resumed, and only then ended and settled', async () => {
  const world = new World();
  refuseOnce(world, endsRun);
  world.start(order);
  await world.time.pass(60_000, () => world.logged.some(({ event }) => event === 'run.lost'));
  expect(world.run.read(account)?.status).not.toBe('completed');
  expect(world.recipients.settled).toBeUndefined();

  await world.watch(600_000, () => world.disk.endIsStored);
  expect(world.run.read(account)?.status).toBe('completed');
});

test('an execution that was given up writes nothing more, whatever it still held', async () => {
  const world = new World({ script: () => ({ tokens: Array<string>(40).fill('word '), everyMs: 7 }) });
  refuseOnce(world, ({ events }) => events.every(({ type }) => type === 'pass.delta'));
  world.start(order);
  await world.time.pass(60_000, () => world.logged.some(({ event }) => event === 'run.lost'));
  expect(world.run.read(account)?.status).toBe('running');

  await world.watch(600_000, () => world.disk.endIsStored);
  const stored = world.disk.events;
  expect(stored.map(({ id }) => id)).toEqual(stored.map((_, index) => index + 1));
});

test('a lost run whose cancellation storage refused is told as cancelled only when that is stored', async () => {
  const world = new World({ script: () => ({ tokens: Array<string>(40).fill('word '), everyMs: 7 }) });
  world.start(order);
  await world.time.pass(100);
  world.crash();
  refuseOnce(world, endsRun);
  await expect(world.run.cancel(account)).rejects.toThrow('The disk is full.');
  expect(world.run.read(account)?.status).toBe('running');

  await world.watch(600_000, () => world.disk.endIsStored);
  expect(world.run.read(account)?.status).toBe('cancelled');
});
