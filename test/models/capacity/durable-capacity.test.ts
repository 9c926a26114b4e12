/** The capacity port where its object answers late, wrongly, or not at all. What a true object answers is tested in workerd. */
import { expect, test } from 'vitest';
import { accountIdOf } from '../../../src/accounts/ids.ts';
import type { LogEntry } from '../../../src/errors.ts';
import { type CapacityStub, durableCapacity } from '../../../src/models/capacity/durable-capacity.ts';

const anna = accountIdOf(new Uint8Array(16).fill(1));

function scene(stub: Partial<CapacityStub>) {
  const log: LogEntry[] = [];
  let now = 0;
  let asked = 0;
  const whole: CapacityStub = {
    ask: async () => ({ type: 'granted', grant: 'grant-1', calls: 1, validMs: 1 }),
    release: async () => undefined,
    report: async () => undefined,
    unhealthyModels: async () => [],
    ...stub,
  };
  const namespace = {
    idFromName: (name: string) => name,
    get: () => {
      asked += 1;
      return whole;
    },
  };
  const patience = { askMs: 20, healthMs: 20 };
  const capacity = durableCapacity(namespace, { log: (entry) => log.push(entry), now: () => now, patience });
  const later = (milliseconds: number): void => {
    now += milliseconds;
  };
  return { capacity, log, later, asked: () => asked };
}

const broken = (): Promise<never> => Promise.reject(new Error('The object was lost.'));
const silent = (): Promise<never> => new Promise(() => undefined);

test.each([
  ['lost', broken],
  ['silent', silent],
])('calls are made all the same when the object is %s, and the log says so', async (_how, ask) => {
  const { capacity, log } = scene({ ask });
  expect(await capacity.ask(anna, 3)).toMatchObject({ type: 'granted', grant: null, calls: 3 });
  expect(log).toEqual([expect.objectContaining({ level: 'warn', event: 'capacity.unreachable', question: 'ask' })]);
  capacity.release(null, [0]);
  expect(log).toHaveLength(1);
});

test('a refusal is no failure: it is handed on', async () => {
  const { capacity, log } = scene({ ask: async () => ({ type: 'busy', retryAfterMs: 1_000 }) });
  expect(await capacity.ask(anna, 1)).toEqual({ type: 'busy', retryAfterMs: 1_000 });
  expect(log).toEqual([]);
});

test('a grant that comes too late is given back, but for the call made meanwhile', async () => {
  const asked = Promise.withResolvers<Awaited<ReturnType<CapacityStub['ask']>>>();
  const given = Promise.withResolvers<unknown>();
  const { capacity } = scene({
    ask: () => asked.promise,
    release: async (grant, madeAgoMs) => given.resolve({ grant, madeAgoMs }),
  });
  expect(await capacity.ask(anna, 3)).toMatchObject({ grant: null });
  asked.resolve({ type: 'granted', grant: 'grant-1', calls: 3, validMs: 1 });
  expect(await given.promise).toEqual({ grant: 'grant-1', madeAgoMs: [0] });
});

test('health is not known when the object cannot be asked', async () => {
  const { capacity, log } = scene({ unhealthyModels: silent });
  expect(await capacity.unhealthyModels()).toBeNull();
  expect(log).toEqual([expect.objectContaining({ event: 'capacity.unreachable', question: 'health' })]);
});

test('health is asked for once a second at most', async () => {
  const { capacity, later, asked } = scene({ unhealthyModels: async () => [{ model: 'm', status: 'gone' }] });
  for (let times = 0; times < 3; times += 1)
    expect(await capacity.unhealthyModels()).toEqual([{ model: 'm', status: 'gone' }]);
  expect(asked()).toBe(1);
  later(1_000);
  await capacity.unhealthyModels();
  expect(asked()).toBe(2);
});

test('what is told to an object that cannot hear is logged and troubles nobody', async () => {
  const { capacity, log } = scene({ report: broken, release: broken });
  capacity.report({ model: 'm', state: 'ok', forMs: 0 });
  capacity.release('grant-1', []);
  await new Promise((resolve) => setTimeout(resolve, 1));
  expect(log.map((entry) => entry['question']).sort()).toEqual(['release', 'report']);
});
