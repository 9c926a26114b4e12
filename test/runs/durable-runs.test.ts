/** How the objects that runs live in are called: who is asked again, and who is not. */
import { expect, test } from 'vitest';
import { durableRuns, type RunNamespace, type RunStub } from '../../src/runs/durable-runs.ts';
import { runIdOf } from '../../src/runs/run-address.ts';
import { requestOf } from './world.ts';

const address = 'ab'.repeat(32);
const record = { id: runIdOf(address), object: 'reflection' };

/** A namespace whose stubs fail as told, one after the other, and then answer. */
function namespace(failures: readonly Error[] = []) {
  const left = [...failures];
  let stubs = 0;
  const stub = (): RunStub => {
    stubs += 1;
    const answer = async <Answer>(value: Answer): Promise<Answer> => {
      const failure = left.shift();
      if (failure) throw failure;
      return value;
    };
    return {
      start: () => answer(undefined),
      read: () => answer(JSON.stringify(record)),
      settled: () => answer(JSON.stringify(record)),
      follow: () => answer(new Response('id: 1')),
      cancel: () => answer(undefined),
      delete: () => answer(true),
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
  return { objects, stubs: () => stubs };
}

const lost = (facts: object) => Object.assign(new Error('lost'), facts);

test('a run started has the id of its object’s address', async () => {
  const { objects } = namespace();
  expect(await durableRuns(objects).start(requestOf({ input: 'Hello?' }))).toBe(runIdOf(address));
});

test('an object lost on the way is asked once more, through a fresh stub', async () => {
  for (const facts of [{ retryable: true }, { durableObjectReset: true }]) {
    const { objects, stubs } = namespace([lost(facts)]);
    expect(await durableRuns(objects).read(runIdOf(address))).toEqual(record);
    expect(stubs()).toBe(2);
  }
});

test('an object lost twice is not asked a third time', async () => {
  const { objects, stubs } = namespace([lost({ retryable: true }), lost({ retryable: true })]);
  await expect(durableRuns(objects).settled(runIdOf(address))).rejects.toThrow('lost');
  expect(stubs()).toBe(2);
});

test('an overloaded object is not asked again', async () => {
  const { objects, stubs } = namespace([lost({ retryable: true, overloaded: true })]);
  await expect(durableRuns(objects).read(runIdOf(address))).rejects.toMatchObject({
    code: 'upstream_busy',
    retryAfterSeconds: 1,
  });
  expect(stubs()).toBe(1);
});

test('an error of another kind is passed on', async () => {
  const { objects, stubs } = namespace([new RangeError('wrong')]);
  await expect(durableRuns(objects).delete(runIdOf(address))).rejects.toThrow(RangeError);
  expect(stubs()).toBe(1);
});

test('an id that is none, and an address of another namespace, are no runs', async () => {
  const { objects, stubs } = namespace();
  const runs = durableRuns(objects);
  for (const id of ['refl_nonsense', runIdOf('cd'.repeat(32))]) {
    expect(await runs.read(id)).toBeUndefined();
    expect(await runs.settled(id)).toBeUndefined();
    expect(await runs.follow(id, 0)).toBeUndefined();
    expect(await runs.cancel(id)).toBeUndefined();
    expect(await runs.delete(id)).toBe(false);
  }
  expect(stubs()).toBe(0);
});
