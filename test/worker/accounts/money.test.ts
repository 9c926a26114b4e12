/** What a real object does with money: many requests truly at once, and the object lost at the worst time. */
import { abortAllDurableObjects, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Ask, Caller } from '../../../src/accounts/accounts.ts';
import { parseReflectionBody } from '../../../src/reflection/request.ts';
import type { Begun } from '../../../src/runs/runs.ts';
import { askFor } from '../../support/leases.ts';
import { MockUpstream } from '../../support/mock-upstream.ts';
import { orderOf } from '../../support/orders.ts';
import { accounts, newCaller, runs } from './place.ts';

const always = ['2000-01-01', '2999-12-31'] as const;
const quick = 'What is two and two?';
/** Nobody waits for its answer. */
const slow = 'Digits of pi?';

beforeEach(() => {
  const upstream = new MockUpstream((messages) =>
    messages.some(({ content }) => content.includes(slow))
      ? { words: ['3.', '1', '4'], everyMs: 600_000 }
      : { words: ['Two and two is four, as everybody knows.'], everyMs: 1 },
  );
  vi.spyOn(globalThis, 'fetch').mockImplementation((input, init) => upstream.fetch(input, init));
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
});

afterEach(async () => {
  vi.restoreAllMocks();
  // Runs that nobody waits for are not to go on into the next test.
  await abortAllDurableObjects();
});

function begin(caller: Caller, ask: Omit<Ask, 'run'>, input = slow): Promise<Begun> {
  const { account, key } = caller;
  // So short that its draft stays within what is asked for here.
  const body = { input, strategy: 'direct', max_output_tokens: 1 };
  const order = orderOf(parseReflectionBody(body), { account, key });
  return runs.begin(caller, { ask, order, awaits: input === slow ? 'start' : 'end' });
}

/** A plain run is stored a little later, and one under a caller's key before anybody is told of it. */
const writeOrders = {
  plain: () => null,
  keyed: (index: number) => ({ key: crypto.randomUUID(), bodyHash: `body ${index}` }),
} as const;
type WriteOrder = keyof typeof writeOrders;

/** So many requests at the same time, each over a stub of its own. */
function beginAtOnce(
  caller: Caller,
  count: number,
  tokens: (index: number) => number,
  order: WriteOrder = 'plain',
): Promise<Begun[]> {
  const ask = (index: number) => askFor({ tokens: tokens(index), idempotency: writeOrders[order](index) });
  return Promise.all(Array.from({ length: count }, (_, index) => begin(caller, ask(index))));
}

function started(begun: readonly Begun[]): string[] {
  return begun.flatMap((one) => (one.type === 'started' ? one.run : []));
}

describe('two hundred requests at once', () => {
  test.each([
    ['requests_per_minute', 'plain'],
    ['requests_per_minute', 'keyed'],
    ['concurrent_runs', 'plain'],
    ['concurrent_runs', 'keyed'],
  ] as const)('of which %s lets 50 in: exactly 50 %s ones are', async (limit, order) => {
    const caller = await newCaller({ [limit]: 50 });
    const begun = await beginAtOnce(caller, 200, () => 1, order);
    expect(started(begun)).toHaveLength(50);
    const refusals = begun.flatMap((one) => (one.type === 'refused' ? one.refusal : []));
    expect(refusals).toHaveLength(150);
    expect(new Set(refusals.map((refusal) => `${refusal.code} ${refusal.limit}`))).toEqual(
      new Set([`rate_limited ${limit}`]),
    );
  });

  test('never spend more tokens than the limit, while some are settled and more come', async () => {
    const caller = await newCaller({ tokens_per_minute: 10_000 });
    let admitted = 0;
    for (let wave = 0; wave < 5; wave++) {
      const asks = Array.from({ length: 200 }, (_, index) => askFor({ tokens: 50 + ((index * 37 + wave) % 100) }));
      const begun = await Promise.all(asks.map((ask) => begin(caller, ask, quick)));
      const held = asks.reduce(
        (sum, { reserves }, index) => sum + (begun[index]?.type === 'started' ? reserves.tokens : 0),
        0,
      );
      admitted += started(begun).length;
      expect(held).toBeGreaterThan(0);
      const { rows } = await accounts.usage(caller.account, ...always);
      expect(rows.reduce((sum, row) => sum + row.input_tokens + row.output_tokens, 0)).toBeLessThanOrEqual(10_000);
    }
    expect(admitted).toBeGreaterThan(150);
  });

  test('never set aside more money than the day’s budget', async () => {
    const caller = await newCaller({ daily_usd: 0.5 });
    const begun = await Promise.all(Array.from({ length: 200 }, () => begin(caller, askFor({ usd: 0.01 }))));
    expect(started(begun)).toHaveLength(50);
  });

  test('that are identical make one run', async () => {
    const caller = await newCaller({ requests_per_minute: 1, concurrent_runs: 1 });
    const begun = await Promise.all(
      Array.from({ length: 200 }, () => begin(caller, askFor({ singleFlightKey: 'the same' }))),
    );
    expect(started(begun)).toHaveLength(1);
    expect(new Set(begun.map((one) => ('run' in one ? one.run : one.type))).size).toBe(1);
  });
});

// What befell a gateway that looked at its limit before each call and counted after it: https://github.com/BerriAI/litellm/issues/18730
test('five requests at once cannot spend 663 tokens of a limit of 100', async () => {
  const caller = await newCaller({ tokens_per_minute: 100 });
  expect(started(await beginAtOnce(caller, 5, (index) => (index % 2 === 0 ? 133 : 132)))).toHaveLength(0);
  expect(started(await beginAtOnce(caller, 5, () => 49))).toHaveLength(2);
});

describe('an object that is lost', () => {
  test('between an admission and its settlement has lost nothing', async () => {
    const caller = await newCaller({ tokens_per_minute: 1_000, concurrent_runs: 2 });
    const idempotency = { key: 'one', bodyHash: 'body' };
    const first = await begin(caller, askFor({ tokens: 600, stored: true, idempotency, singleFlightKey: 'flight' }));
    const [run = ''] = started([first]);
    await begin(caller, askFor({ tokens: 100, idempotency: { key: 'two', bodyHash: 'body' } }));
    await abortAllDurableObjects();

    expect(await begin(caller, askFor({ tokens: 1 }))).toMatchObject({
      type: 'refused',
      refusal: { limit: 'concurrent_runs', remaining: 0 },
    });
    expect(await begin(caller, askFor({ idempotency }))).toMatchObject({ type: 'replayed', run });
    expect(await begin(caller, askFor({ singleFlightKey: 'flight' }))).toMatchObject({ type: 'joined', run });
    expect(await accounts.stored(caller.account, null, 10)).toEqual({ runs: [run], hasMore: false });

    const record = await runs.cancel(caller.account, run);
    await abortAllDurableObjects();
    const { rows } = await accounts.usage(caller.account, ...always);
    expect(rows).toMatchObject([{ calls: record?.usage.passes.length }]);
    expect(await begin(caller, askFor({ tokens: 1 }))).toMatchObject({ type: 'started' });
  });

  test('has lost plain runs that were not stored yet, and counts them all the same', async () => {
    const caller = await newCaller({ requests_per_minute: 160 });
    expect(started(await beginAtOnce(caller, 5, () => 1))).toHaveLength(5);
    await abortAllDurableObjects();
    // A sixteenth of the limit was set aside for them.
    expect(started(await beginAtOnce(caller, 200, () => 1))).toHaveLength(150);
    const { runs, lost } = await storedOf(caller);
    expect([runs, lost]).toEqual([150, 10]);
  });

  test.each(['plain', 'keyed'] as const)(
    'while %s requests are under way admits no more than the limit all the same',
    async (order) => {
      const caller = await newCaller({ requests_per_minute: 50 });
      let answered = 0;
      const asking = Array.from({ length: 200 }, async (_, index) => {
        const begun = await begin(caller, askFor({ idempotency: writeOrders[order](index) })).catch(() => undefined);
        answered += 1;
        if (answered === 20) await abortAllDurableObjects();
        return begun ?? [];
      });
      const admitted = started((await Promise.all(asking)).flat());
      expect(admitted.length).toBeLessThanOrEqual(50);
      const rest = started(await beginAtOnce(caller, 60, () => 1, order));
      const { runs, lost } = await storedOf(caller);
      expect(runs).toBeLessThanOrEqual(50);
      // Nothing of the limit is left, and a loss takes no more of it than the escrow's cap.
      expect(runs + lost).toBeGreaterThanOrEqual(50);
      expect(lost).toBeLessThanOrEqual(order === 'keyed' ? 0 : 12);
      expect(admitted.length + rest.length).toBeLessThanOrEqual(50);
    },
  );
});

/** How many runs have a row once what was admitted late is stored, and how many losses were taken for. */
async function storedOf({ account }: Caller): Promise<{ readonly runs: number; readonly lost: number }> {
  // A run that has not ended is stored within this.
  await new Promise((resolve) => setTimeout(resolve, 500));
  return await runInDurableObject(env.ACCOUNTS.getByName(account), (_account, { storage: { sql } }) => ({
    runs: sql.exec<{ runs: number }>('SELECT count(*) AS runs FROM run').one().runs,
    lost: sql.exec<{ lost: number }>('SELECT coalesce(sum(requests), 0) AS lost FROM lost').one().lost,
  }));
}

test('a request that is refused, joined or only looked at writes nothing', async () => {
  const caller = await newCaller({ concurrent_runs: 1 });
  await begin(caller, askFor({ singleFlightKey: 'flight' }));
  await vi.waitFor(() => expect(globalThis.fetch).toHaveBeenCalled());
  // Long enough for the run's first batch.
  await new Promise((resolve) => setTimeout(resolve, 300));
  const written = await runInDurableObject(env.ACCOUNTS.getByName(caller.account), async (_account, { storage }) => {
    const exec = vi.spyOn(storage.sql, 'exec');
    const setAlarm = vi.spyOn(storage, 'setAlarm');
    await Promise.all([begin(caller, askFor()), begin(caller, askFor({ singleFlightKey: 'flight' }))]);
    await env.ACCOUNTS.getByName(caller.account).status(caller);
    const queries = exec.mock.calls.map(([query]) => query).filter((query) => !/^\s*SELECT/i.test(query));
    return { queries, alarms: setAlarm.mock.calls.length };
  });
  expect(written).toEqual({ queries: [], alarms: 0 });
});
