/** How the objects that host runs are called: who is asked again, and who is not asked at all. */
import { expect, test } from 'vitest';
import { durableRuns, type RemoteRuns, type RunsNamespace } from '../../src/runs/durable-runs.ts';
import { addressOf, newRunId } from '../../src/runs/run-id.ts';
import type { RunRequest } from '../../src/runs/runs.ts';
import { caller } from '../support/callers.ts';
import { askFor } from '../support/leases.ts';
import { orderOf } from '../support/orders.ts';
import { requestOf } from './world.ts';

const { account } = caller;
const request: RunRequest = { ask: askFor(), order: orderOf(requestOf({ input: 'Hello?' })), awaits: 'end' };
const address = 'ab'.repeat(32);
const someBytes = (count: number): Uint8Array => crypto.getRandomValues(new Uint8Array(count));
const own = newRunId(address, someBytes);
const record = { id: own, object: 'reflection' };
const recordAsText = { json: JSON.stringify(record), decision: null, error: null };

const praise = { rating: 'up', comment: null, preferred_output: null, created_at: 1_790_000_000 } as const;

/** A namespace whose stubs fail as told, one after the other, and then answer. */
function namespace(failures: readonly Error[] = []) {
  const left = [...failures];
  const begun: { readonly run: string; readonly tried: string | null; readonly order: unknown }[] = [];
  let stubs = 0;
  const answer = async <Answer>(value: Answer): Promise<Answer> => {
    const failure = left.shift();
    if (failure) throw failure;
    return value;
  };
  const stub: RemoteRuns = {
    beginRun: (_caller, { run, tried }, order) => {
      begun.push({ run, tried, order: JSON.parse(order) });
      return answer({
        value: { admission: { type: 'started', run, standings: [] }, answer: { record: recordAsText } },
      });
    },
    readRun: () => answer(JSON.stringify(record)),
    endedRun: () => answer(JSON.stringify(record)),
    followRun: () => answer(new Response('id: 1')),
    cancelRun: () => answer(undefined),
    rateRun: () => answer(true),
    feedbackOnRun: () => answer(null),
    deleteRun: () => answer('still_cached'),
  };
  const objects: RunsNamespace = {
    idFromName: () => address,
    getByName: () => {
      stubs += 1;
      return stub;
    },
  };
  return { runs: durableRuns(objects, someBytes), begun, stubs: () => stubs };
}

const lost = (more: object) => Object.assign(new Error('lost'), more);

test('a run’s id holds its object’s address, and its order arrives there as it was given', async () => {
  const { runs, begun, stubs } = namespace();
  const answered = await runs.begin(caller, request);
  expect(answered).toMatchObject({ type: 'started', answer: { record: recordAsText } });
  expect(begun).toEqual([{ run: expect.any(String), tried: null, order: JSON.parse(JSON.stringify(request.order)) }]);
  expect(addressOf(begun[0]?.run ?? '')).toBe(address);
  expect(stubs()).toBe(1);
});

test('a run that is begun again after a loss has an id of its own, and names the one that may have begun', async () => {
  const { runs, begun, stubs } = namespace([lost({ durableObjectReset: true })]);
  await runs.begin(caller, request);
  expect(stubs()).toBe(2);
  expect(begun[1]?.tried).toBe(begun[0]?.run);
  expect(begun[1]?.run).not.toBe(begun[0]?.run);
  await runs.begin(caller, request);
  expect(begun[2]?.tried).toBeNull();
});

test('a run whose answer is still in the cache is not removed, and whoever asks may ask again', async () => {
  await expect(namespace().runs.delete(account, own)).rejects.toMatchObject({
    code: 'upstream_busy',
    retryAfterSeconds: 5,
  });
});

test('an object lost on the way is asked once more, through a fresh stub', async () => {
  for (const loss of [{ retryable: true }, { durableObjectReset: true }]) {
    const { runs, stubs } = namespace([lost(loss)]);
    expect(await runs.read(account, own)).toEqual(record);
    expect(stubs()).toBe(2);
  }
});

test('an object lost twice is not asked a third time', async () => {
  const { runs, stubs } = namespace([lost({ retryable: true }), lost({ retryable: true })]);
  await expect(runs.begin(caller, request)).rejects.toMatchObject({ code: 'upstream_busy' });
  expect(stubs()).toBe(2);
});

test('an overloaded object is not asked again', async () => {
  const { runs, stubs } = namespace([lost({ retryable: true, overloaded: true })]);
  await expect(runs.read(account, own)).rejects.toMatchObject({ code: 'upstream_busy', retryAfterSeconds: 1 });
  expect(stubs()).toBe(1);
});

test('an error of another kind is passed on', async () => {
  const { runs, stubs } = namespace([new RangeError('wrong')]);
  await expect(runs.delete(account, own)).rejects.toThrow(RangeError);
  expect(stubs()).toBe(1);
});

test('an id that is none, and one of another account’s object, are no runs, and nobody is asked', async () => {
  const { runs, stubs } = namespace();
  for (const id of ['refl_nonsense', newRunId('cd'.repeat(32), someBytes)]) {
    expect(await runs.read(account, id)).toBeUndefined();
    expect(await runs.ended(account, id)).toBeUndefined();
    expect(await runs.follow(account, id, 0)).toBeUndefined();
    expect(await runs.cancel(account, id)).toBeUndefined();
    expect(await runs.rate(account, id, praise)).toBe(false);
    expect(await runs.delete(account, id)).toBe(false);
  }
  expect(stubs()).toBe(0);
});
