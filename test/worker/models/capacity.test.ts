/** The platform's capacity in its one Durable Object: shared out among runs at once, waited for, given back, and lost without harm. */
import { abortAllDurableObjects } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, expect, test, vi } from 'vitest';
import type { AccountId } from '../../../src/accounts/accounts.ts';
import { accountIdOf } from '../../../src/accounts/ids.ts';
import type { LogEntry } from '../../../src/errors.ts';
import { capacitySettings } from '../../../src/models/capacity/capacity.ts';
import { durableCapacity } from '../../../src/models/capacity/durable-capacity.ts';
import type { Platform } from '../../../src/models/platform.ts';

const limit = capacitySettings.requestsPerMinute;
/** What one account is granted at most: the rest is kept for others. */
const most = limit * 0.9;
const anna = accountIdOf(new Uint8Array(16).fill(1));
const bert = accountIdOf(new Uint8Array(16).fill(2));

let log: LogEntry[] = [];
/** A busy machine answers late, and who is out of patience makes its calls without the object. */
const patience = { askMs: 20_000, healthMs: 20_000 };
const newCapacity = () => durableCapacity(env.CAPACITY, { log: (entry) => log.push(entry), now: Date.now, patience });

/** What was granted is in memory only, so each test begins with an object that knows of nothing. */
beforeEach(async () => {
  log = [];
  await abortAllDurableObjects();
});

/** So many asks at the same time, and how many calls they were granted. */
async function grantedTo(account: AccountId, times: number): Promise<number> {
  const capacity = newCapacity();
  const answers = await Promise.all(Array.from({ length: times }, () => capacity.ask(account, 1)));
  return answers.reduce((sum, answer) => sum + (answer.type === 'granted' ? answer.calls : 0), 0);
}

test('what runs ask for is what models ask of it', async () => {
  const platform: Platform = newCapacity();
  expect(await platform.ask(anna, 3)).toMatchObject({ type: 'granted', grant: expect.any(String), calls: 3 });
  expect(log).toEqual([]);
});

test('many asks at once are granted as many calls as there are, but for the reserve, and the rest are refused', async () => {
  expect(await grantedTo(anna, limit + 50)).toBe(most);
  expect(await grantedTo(bert, 5)).toBe(5);
  expect(log).toEqual([]);
});

test('one that waits gets what another gives back', async () => {
  const capacity = newCapacity();
  const first = await Promise.all(Array.from({ length: 34 }, () => capacity.ask(anna, 8)));
  const waiting = capacity.ask(anna, 2);
  const [grant] = first.flatMap((answer) => (answer.type === 'granted' ? [answer.grant] : []));
  expect(grant).toEqual(expect.any(String));
  capacity.release(grant ?? null, [0]);
  expect(await waiting).toMatchObject({ type: 'granted', calls: 2 });
});

test('an object that was lost begins anew', async () => {
  expect(await grantedTo(anna, limit)).toBe(most);
  await abortAllDurableObjects();
  expect(await grantedTo(anna, 1)).toBe(1);
});

test('what one isolate saw of a model, another one reads', async () => {
  const [one, other] = [newCapacity(), newCapacity()];
  one.report({ model: 'm', state: 'gone', forMs: 60_000 });
  one.report({ model: 'n', state: 'resting', forMs: 60_000 });
  await vi.waitFor(async () => {
    expect(await newCapacity().unhealthyModels()).toEqual([
      { model: 'm', status: 'gone' },
      { model: 'n', status: 'resting' },
    ]);
  });
  one.report({ model: 'n', state: 'ok', forMs: 0 });
  await vi.waitFor(async () => expect(await newCapacity().unhealthyModels()).toHaveLength(1));
  expect(await other.unhealthyModels()).toEqual([{ model: 'm', status: 'gone' }]);
});

test('who waits for an object that is lost makes its calls all the same, and the log says so', async () => {
  expect(await grantedTo(anna, limit)).toBe(most);
  const waiting = newCapacity().ask(anna, 2);
  await new Promise((resolve) => setTimeout(resolve, 100));
  await abortAllDurableObjects();
  expect(await waiting).toMatchObject({ type: 'granted', grant: null, calls: 2 });
  expect(log).toEqual([expect.objectContaining({ event: 'capacity.unreachable', question: 'ask' })]);
});
