/** How the objects that runs live in are called: who is asked again, and who is not. */
import { expect, test } from 'vitest';
import { durableRuns, type RunNamespace, type RunStub } from '../../src/runs/durable-runs.ts';
import { runIdOf } from '../../src/runs/run-address.ts';
import { caller } from '../support/callers.ts';
import { orderOf } from '../support/orders.ts';
import { requestOf } from './world.ts';

const { account } = caller;
const order = orderOf(requestOf({ input: 'Hello?' }));
const address = 'ab'.repeat(32);
const record = { id: runIdOf(address), object: 'reflection' };

const praise = { rating: 'up', comment: null, preferred_output: null, created_at: 1_790_000_000 } as const;

/** A namespace whose stubs fail as told, one after the other, and then answer. */
function namespace(failures: readonly Error[] = []) {
  const left = [...failures];
  const started: unknown[] = [];
  let stubs = 0;
  const stub = (): RunStub => {
    stubs += 1;
    const answer = async <Answer>(value: Answer): Promise<Answer> => {
      const failure = left.shift();
      if (failure) throw failure;
      return value;
    };
    return {
      prepare: () => answer(undefined),
      start: (json) => answer(void started.push(JSON.parse(json))),
      read: () => answer(JSON.stringify(record)),
      settled: () => answer(JSON.stringify(record)),
      follow: () => answer(new Response('id: 1')),
      cancel: () => answer(undefined),
      rate: () => answer(true),
      feedback: () => answer(null),
      delete: () => answer('unsettled'),
      became: () => answer(JSON.stringify('running')),
    };
  };
  const objects: RunNamespace<string> = {
    newUniqueId: () => address,
    idFromString: (text) => {
      if (text !== address) throw new TypeError('Invalid Durable Object ID');
      return text;
    },
    get: stub,
  };
  return { objects, started, stubs: () => stubs };
}

const lost = (spec: object) => Object.assign(new Error('lost'), spec);

test('a run’s id is its object’s address, and its order arrives there as it was given', async () => {
  const { objects, started, stubs } = namespace();
  const runs = durableRuns(objects);
  const id = runs.newId();
  expect(id).toBe(runIdOf(address));
  expect(stubs()).toBe(0);
  await runs.start(id, order);
  expect(started).toEqual([JSON.parse(JSON.stringify(order))]);
});

test('an id that was not made for a run starts none', async () => {
  const { objects, stubs } = namespace();
  for (const id of ['refl_nonsense', runIdOf('cd'.repeat(32))]) {
    await expect(durableRuns(objects).start(id, order)).rejects.toThrow('made for it');
  }
  expect(stubs()).toBe(0);
});

test('a run whose cost could not be settled is not removed, and whoever asks may ask again', async () => {
  const { objects } = namespace();
  await expect(durableRuns(objects).delete(account, runIdOf(address))).rejects.toMatchObject({
    code: 'upstream_busy',
    retryAfterSeconds: 5,
  });
});

test('an object lost on the way is asked once more, through a fresh stub', async () => {
  for (const spec of [{ retryable: true }, { durableObjectReset: true }]) {
    const { objects, stubs } = namespace([lost(spec)]);
    expect(await durableRuns(objects).read(account, runIdOf(address))).toEqual(record);
    expect(stubs()).toBe(2);
  }
});

test('an object lost twice is not asked a third time', async () => {
  const { objects, stubs } = namespace([lost({ retryable: true }), lost({ retryable: true })]);
  await expect(durableRuns(objects).settled(account, runIdOf(address))).rejects.toMatchObject({
    code: 'upstream_busy',
  });
  expect(stubs()).toBe(2);
});

test('an overloaded object is not asked again', async () => {
  const { objects, stubs } = namespace([lost({ retryable: true, overloaded: true })]);
  await expect(durableRuns(objects).read(account, runIdOf(address))).rejects.toMatchObject({
    code: 'upstream_busy',
    retryAfterSeconds: 1,
  });
  expect(stubs()).toBe(1);
});

test('an error of another kind is passed on', async () => {
  const { objects, stubs } = namespace([new RangeError('wrong')]);
  await expect(durableRuns(objects).delete(account, runIdOf(address))).rejects.toThrow(RangeError);
  expect(stubs()).toBe(1);
});

test('an id that is none, and an address of another namespace, are no runs', async () => {
  const { objects, stubs } = namespace();
  const runs = durableRuns(objects);
  for (const id of ['refl_nonsense', runIdOf('cd'.repeat(32))]) {
    expect(await runs.read(account, id)).toBeUndefined();
    expect(await runs.settled(account, id)).toBeUndefined();
    expect(await runs.follow(account, id, 0)).toBeUndefined();
    expect(await runs.cancel(account, id)).toBeUndefined();
    expect(await runs.rate(account, id, praise)).toBe(false);
    expect(await runs.delete(account, id)).toBe(false);
    expect(await runs.became(account, id)).toBeUndefined();
  }
  expect(stubs()).toBe(0);
});
