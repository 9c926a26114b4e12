/** A run whose events storage refuses is given up at once: nobody is told of an end that is not stored, and nothing is written beside the next execution. */
import { expect, test, vi } from 'vitest';
import { isTerminal, type ReflectionEvent } from '../../src/reflection/events.ts';
import { orderOf } from '../support/orders.ts';
import { account, requestOf, World } from './world.ts';

/** Storage takes nothing from the first event on that is such a one, for so long. */
function refuseFrom(world: World, isRefused: (event: ReflectionEvent) => boolean, milliseconds: number): void {
  const { store, instance } = world;
  const append = store.append.bind(store);
  vi.spyOn(store, 'append').mockImplementation((batch, ...more) => {
    if (batch.events.some(isRefused) && !instance.full) {
      instance.full = true;
      world.time.after(milliseconds, () => {
        instance.full = false;
        vi.mocked(store.append).mockRestore();
      });
    }
    append(batch, ...more);
  });
}

const order = orderOf(requestOf({ input: 'How much is two and two?', background: true }));
const endsRun = ({ type }: ReflectionEvent): boolean => isTerminal(type);

test('a run whose end storage refuses is told as ended by nobody, and by everybody once it is stored', async () => {
  const world = new World();
  refuseFrom(world, endsRun, 3_000);
  world.start(order);
  const ended = world.run.ended(account);
  const reader = world.reader();
  await world.watch(60_000, () => world.instance.full);
  await world.time.pass(2_000);
  expect(() => world.run.read(account)).toThrow('cannot be stored');
  expect(reader.events.some(({ type }) => isTerminal(type))).toBe(false);
  expect(world.recipients.settled).toBeUndefined();

  await world.watch(600_000, () => world.disk.endIsStored);
  await world.time.pass(10);
  expect(await ended).toEqual(world.run.read(account));
  expect(reader.events.at(-1)?.type).toBe('run.completed');
});

test('a run that is lost while storage refuses its end goes on from what is stored', async () => {
  const world = new World();
  refuseFrom(world, endsRun, 3_000);
  world.start(order);
  await world.watch(60_000, () => world.instance.full);
  world.crash();
  expect(world.run.read(account)?.status).toBe('running');
  await world.watch(600_000, () => world.disk.endIsStored);
  expect(world.run.read(account)?.status).toBe('completed');
});

test('an execution whose pass storage refused is given up, and goes on from what was saved', async () => {
  const world = new World({ script: () => ({ tokens: Array<string>(40).fill('word '), everyMs: 7 }) });
  refuseFrom(world, ({ type }) => type === 'pass.completed', 3_000);
  world.start(order);
  await world.watch(60_000, () => world.logged.some(({ event }) => event === 'run.lost'));
  // What is not stored could still be taken back by a loss.
  expect(() => world.run.read(account)).toThrow('cannot be stored at the moment');

  await world.watch(600_000, () => world.disk.endIsStored);
  const stored = world.disk.events;
  expect(stored.map(({ id }) => id)).toEqual(stored.map((_, index) => index + 1));
});

test('a lost run whose cancellation storage refuses is told as cancelled only when that is stored', async () => {
  const world = new World({ script: () => ({ tokens: Array<string>(40).fill('word '), everyMs: 7 }) });
  world.start(order);
  await world.time.pass(100);
  world.crash();
  refuseFrom(world, endsRun, 3_000);
  await expect(world.run.cancel(account)).rejects.toMatchObject({ code: 'upstream_busy' });
  expect(() => world.run.read(account)).toThrow('cannot be stored');

  await world.watch(600_000, () => world.disk.endIsStored);
  await world.time.pass(10);
  expect(world.run.read(account)?.status).toBe('cancelled');
});

test('a run whose removal storage refuses is told as gone by nobody until that is stored', async () => {
  const world = new World();
  world.start(order);
  await world.watch(60_000, () => world.disk.endIsStored);
  await world.time.pass(1_000);
  world.instance.full = true;
  await expect(world.run.delete(account)).rejects.toThrow();
  await expect(world.run.delete(account)).rejects.toMatchObject({ code: 'upstream_busy' });
  expect(() => world.run.read(account)).toThrow('cannot be stored at the moment');
  world.instance.full = false;
  await world.time.pass(2_000);
  expect(world.run.read(account)).toBeUndefined();
  world.crash();
  expect(world.run.read(account)).toBeUndefined();
});

test('a run whose end alone storage refuses, though it takes its cost, is given up and told as lost', async () => {
  const world = new World({ script: () => ({ tokens: ['a ', 'b'], everyMs: 300 }) });
  world.start(order);
  await world.time.pass(250);
  world.instance.refusedText = 'run.completed';
  const ended = world.run.ended(account);
  const waited = expect(ended).rejects.toThrow('The run was lost');
  await world.watch(600_000, () => world.disk.endIsStored);
  await world.watch(10_000, () => false);
  await waited;
  expect(world.run.read(account)).toBeUndefined();
  expect(world.disk.committed.spec).toBeUndefined();
});

test('a run whose finished pass alone storage refuses comes to its end all the same, after a few executions', async () => {
  const world = new World({ script: () => ({ tokens: ['a ', 'b'], everyMs: 300 }) });
  world.start(order);
  await world.time.pass(250);
  world.instance.refusedText = 'pass.completed';
  await world.watch(3_600_000, () => world.disk.endIsStored);
  expect(world.disk.endIsStored).toBe(true);
  expect(world.logged.filter(({ event }) => event === 'run.resumed').length).toBeLessThan(10);
});

test('a run whose text alone storage refuses asks its model no further', async () => {
  const world = new World({ script: () => ({ tokens: ['one ', 'xyzzy ', 'three'], everyMs: 10_000 }) });
  world.start(order);
  await world.time.pass(250);
  world.instance.refusedText = 'xyzzy';
  await world.time.pass(11_000);
  expect(world.logged.map(({ event }) => event)).toContain('run.lost');
  expect(world.aborted).toEqual(['draft']);
});
