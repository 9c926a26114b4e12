/** A run that was asked for in a channel: shown there while it goes on, and its answer delivered once, whatever is refused, hangs or is lost. */
import { expect, test } from 'vitest';
import { orderOf } from '../support/orders.ts';
import { account, requestOf, World } from './world.ts';

const address = { channel: 'slack', workspace: 'T1', address: '{"channel":"C1"}' };

const slow = () => ({ tokens: ['one ', 'two ', 'three'], everyMs: 2_000 });

async function shownWorld(change: (world: World) => void = () => {}, options = {}) {
  const world = new World({ script: slow, ...options });
  change(world);
  world.start(orderOf(requestOf({ input: 'What is two and two?' }), { channel: address }));
  return world;
}

const answersOf = (world: World) => world.recipients.shown.filter(({ record }) => record !== undefined);
const isOver = (world: World) => () => world.run.read(account)?.status !== 'running' && answersOf(world).length > 0;

test('is shown all its events and then its answer, once', async () => {
  const world = await shownWorld();
  await world.watch(100_000, isOver(world));
  await world.watch(100_000, () => false);
  const { shown, shownEvents, tries } = world.recipients;
  expect(shownEvents.map(({ id }) => id)).toEqual(shownEvents.map((_, index) => index + 1));
  expect(shownEvents.at(-1)?.type).toBe('run.completed');
  expect(shown).toHaveLength(2);
  expect(shown[0]).toEqual({ id: expect.stringMatching(/^refl_/), address, notes: null });
  expect(answersOf(world)[0]?.record).toEqual(world.run.read(account));
  expect(tries.filter(({ item }) => item === 'channel')).toHaveLength(1);
});

test('is shown again after a loss with what was noted before it, from its first event on', async () => {
  const world = await shownWorld(({ recipients }) => {
    recipients.noting = (lot) => `up to ${lot.at(-1)?.id}`;
  });
  await world.watch(3_000, () => false);
  const before = world.recipients.shownEvents.at(-1)?.id ?? 0;
  expect(before).toBeGreaterThan(1);
  world.crash();
  world.recipients.shownEvents.length = 0;
  await world.watch(100_000, isOver(world));
  const [first, second, answer] = world.recipients.shown;
  expect(first?.notes).toBeNull();
  expect(second?.notes).toBe(`up to ${before}`);
  expect(world.recipients.shownEvents[0]?.id).toBe(1);
  expect(answer?.notes).toBe(`up to ${world.recipients.shownEvents.at(-1)?.id}`);
});

test('is shown its answer after a loss right at its end', async () => {
  const world = await shownWorld(({ recipients }) => {
    recipients.manners.channel = 'hangs';
  });
  await world.watch(100_000, () => world.recipients.tries.some(({ item }) => item === 'channel'));
  expect(answersOf(world)).toEqual([]);
  world.crash();
  world.recipients.manners.channel = 'takes';
  await world.watch(100_000, isOver(world));
  expect(answersOf(world)).toHaveLength(1);
});

test('is tried again until the channel takes it, and not before the channel wants it', async () => {
  const world = await shownWorld(({ recipients }) => {
    recipients.deliveries = [
      { type: 'failed', retryAfterMs: null },
      { type: 'failed', retryAfterMs: 40_000 },
      { type: 'delivered' },
    ];
  });
  await world.watch(600_000, () => answersOf(world).length === 3);
  await world.watch(100_000, () => false);
  const [first = 0, ...later] = world.recipients.triedAt('channel', 0);
  expect(later.map((at) => at - first)).toEqual([1_000, 41_000]);
});

test('is given up once the channel refuses it, and after six hours', async () => {
  const refusing = await shownWorld(({ recipients }) => {
    recipients.deliveries = [{ type: 'refused' }];
  });
  await refusing.watch(200_000, () => false);
  expect(answersOf(refusing)).toHaveLength(1);

  const failing = await shownWorld(
    ({ recipients }) => {
      recipients.deliveries = [{ type: 'failed', retryAfterMs: null }];
    },
    { retention: { unstoredMs: 90_000_000, storedMs: 90_000_000 } },
  );
  await failing.watch(30_000_000, () => false);
  const times = failing.recipients.triedAt('channel', answersOf(failing)[0]?.endedAt ?? 0);
  expect(times.length).toBeGreaterThan(60);
  expect(times.at(-1)).toBeLessThanOrEqual(21_600_000);
  expect(failing.logged.filter(({ event }) => event === 'outbox.given_up')).toHaveLength(1);
});

test('ends when nobody can see the answer any more', async () => {
  const world = await shownWorld(({ recipients }) => {
    recipients.abandonsAt = 2;
  });
  await world.watch(100_000, isOver(world));
  expect(world.run.read(account)?.status).toBe('cancelled');
});

test('goes on when its channel breaks, and still delivers', async () => {
  const world = await shownWorld(({ recipients }) => {
    recipients.noting = () => {
      throw new Error('The channel is broken.');
    };
  });
  await world.watch(100_000, isOver(world));
  expect(world.run.read(account)?.status).toBe('completed');
  expect(answersOf(world)).toHaveLength(1);
  expect(world.logged.filter(({ event }) => event === 'channel.broken')).toHaveLength(1);
});

test('survives a loss right after its start, before anything else of it was stored', async () => {
  const world = await shownWorld(() => {}, { commitMs: 20 });
  await world.watch(21, () => false);
  world.crash();
  await world.watch(100_000, isOver(world));
  expect(answersOf(world)).toHaveLength(1);
});
