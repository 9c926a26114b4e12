/** What real objects do with money: many requests truly at once, objects lost at the worst time, alarms that come by themselves. */
import { abortAllDurableObjects, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, test, vi } from 'vitest';
import type { Admission, Caller } from '../../../src/accounts/accounts.ts';
import { runIdOf } from '../../../src/runs/run-address.ts';
import { askFor, settlementOf } from '../../support/leases.ts';
import { accounts, newCaller } from './place.ts';

const always = ['2000-01-01', '2999-12-31'] as const;

/** So many requests at the same time, each over a stub of its own. */
function reserveAtOnce(caller: Caller, count: number, tokens: (index: number) => number): Promise<Admission[]> {
  return Promise.all(
    Array.from({ length: count }, (_, index) => accounts.reserve(caller, askFor({ tokens: tokens(index) }))),
  );
}

function started(admissions: readonly Admission[]): Admission[] {
  return admissions.filter(({ type }) => type === 'started');
}

describe('two hundred requests at once', () => {
  test.each([
    ['requests_per_minute', { requests_per_minute: 50 }],
    ['concurrent_runs', { concurrent_runs: 50 }],
  ] as const)('of which %s lets 50 in: exactly 50 are', async (limit, limits) => {
    const caller = await newCaller(limits);
    const admissions = await reserveAtOnce(caller, 200, () => 1);
    expect(started(admissions)).toHaveLength(50);
    const refusals = admissions.flatMap((admission) => (admission.type === 'refused' ? admission.refusal : []));
    expect(refusals).toHaveLength(150);
    expect(new Set(refusals.map((refusal) => `${refusal.code} ${refusal.limit}`))).toEqual(
      new Set([`rate_limited ${limit}`]),
    );
  });

  test('never hold or spend more tokens than the limit, while some are settled and more come', async () => {
    const caller = await newCaller({ tokens_per_minute: 10_000 });
    let admitted = 0;
    let spent = 0;
    let held = 0;
    for (let wave = 0; wave < 5; wave++) {
      const asks = Array.from({ length: 200 }, (_, index) => askFor({ tokens: 50 + ((index * 37 + wave) % 100) }));
      const admissions = await Promise.all(asks.map((ask) => accounts.reserve(caller, ask)));
      const runs = asks.filter((_, index) => admissions[index]?.type === 'started');
      held = runs.reduce((sum, { allowance }) => sum + allowance.tokens, 0);
      admitted += runs.length;
      expect(held + spent).toBeLessThanOrEqual(10_000);
      // Each uses about a third of what it was given.
      const used = runs.map(({ allowance }) => Math.ceil(allowance.tokens / 3));
      await Promise.all(
        runs.map(({ run }, index) =>
          accounts.settle(caller.account, settlementOf(run, { input_tokens: used[index] ?? 0, output_tokens: 0 })),
        ),
      );
      spent += used.reduce((sum, tokens) => sum + tokens, 0);
      expect(spent).toBeLessThanOrEqual(10_000);
    }
    expect(admitted).toBeGreaterThan(150);
    const { rows } = await accounts.usage(caller.account, ...always);
    expect(rows.reduce((sum, row) => sum + row.input_tokens, 0)).toBe(spent);
  });

  test('never set aside more money than the day’s budget', async () => {
    const caller = await newCaller({ daily_usd: 0.5 });
    const admissions = await Promise.all(
      Array.from({ length: 200 }, () => accounts.reserve(caller, askFor({ usd: 0.01 }))),
    );
    expect(started(admissions)).toHaveLength(50);
  });

  test('that are identical make one run', async () => {
    const caller = await newCaller({ requests_per_minute: 1, concurrent_runs: 1 });
    const admissions = await Promise.all(
      Array.from({ length: 200 }, () => accounts.reserve(caller, askFor({ flight: 'the same' }))),
    );
    expect(started(admissions)).toHaveLength(1);
    const runs = admissions.map((admission) => ('run' in admission ? admission.run : admission.type));
    expect(new Set(runs).size).toBe(1);
  });
});

// What befell a gateway that looked at its limit before each call and counted after it: https://github.com/BerriAI/litellm/issues/18730
test('five requests at once cannot spend 663 tokens of a limit of 100', async () => {
  const caller = await newCaller({ tokens_per_minute: 100 });
  expect(started(await reserveAtOnce(caller, 5, (index) => (index % 2 === 0 ? 133 : 132)))).toHaveLength(0);
  const admissions = await reserveAtOnce(caller, 5, () => 33);
  expect(started(admissions)).toHaveLength(3);
});

describe('an object that is lost', () => {
  test('between a reserve and its settlement has lost nothing', async () => {
    const caller = await newCaller({ tokens_per_minute: 1_000, concurrent_runs: 2 });
    const ask = askFor({ tokens: 600, stored: true, idempotency: { key: 'one', bodyHash: 'body' }, flight: 'flight' });
    await accounts.reserve(caller, ask);
    const waiting = askFor({ tokens: 100 });
    await accounts.reserve(caller, waiting);
    await abortAllDurableObjects();

    expect(await accounts.reserve(caller, askFor({ tokens: 1 }))).toMatchObject({
      type: 'refused',
      refusal: { limit: 'concurrent_runs', remaining: 0 },
    });
    const { key, bodyHash } = { key: 'one', bodyHash: 'body' };
    const again = askFor({ idempotency: { key, bodyHash } });
    expect(await accounts.reserve(caller, again)).toMatchObject({ type: 'replayed', run: ask.run });
    expect(await accounts.reserve(caller, askFor({ flight: 'flight' }))).toMatchObject({
      type: 'joined',
      run: ask.run,
    });
    expect(await accounts.stored(caller.account, null, 10)).toEqual({ runs: [ask.run], hasMore: false });

    await accounts.settle(caller.account, settlementOf(ask.run, { input_tokens: 300, output_tokens: 0 }));
    await abortAllDurableObjects();
    const admission = await accounts.reserve(caller, askFor({ tokens: 601 }));
    expect(admission).toMatchObject({ type: 'refused', refusal: { limit: 'tokens_per_minute', remaining: 600 } });
    expect(await accounts.usage(caller.account, ...always)).toMatchObject({ rows: [{ input_tokens: 300, calls: 1 }] });
    // Told again after the loss, it stays as it was.
    await accounts.settle(caller.account, settlementOf(ask.run, { input_tokens: 999 }));
    expect(await accounts.usage(caller.account, ...always)).toMatchObject({ rows: [{ input_tokens: 300, calls: 1 }] });
  });

  test('while requests are under way admits no more than the limit all the same', async () => {
    const caller = await newCaller({ requests_per_minute: 50 });
    let answered = 0;
    const asking = Array.from({ length: 200 }, async () => {
      const admission = await accounts.reserve(caller, askFor()).catch((error: unknown) => error);
      answered += 1;
      if (answered === 20) await abortAllDurableObjects();
      return admission;
    });
    const answers = await Promise.all(asking);
    const admitted = answers.filter(
      (answer) => answer instanceof Object && 'type' in answer && answer.type === 'started',
    );
    expect(admitted.length).toBeLessThanOrEqual(50);
    const rest = await reserveAtOnce(caller, 60, () => 1);
    const stub = env.ACCOUNTS.getByName(caller.account);
    const stored = await runInDurableObject(
      stub,
      (_account, state) => state.storage.sql.exec<{ runs: number }>('SELECT count(*) AS runs FROM lease').one().runs,
    );
    expect(stored).toBe(50);
    expect(admitted.length + started(rest).length).toBeLessThanOrEqual(50);
  });
});

test('a run that never began is asked after by the account’s own alarm, and once more a minute later before that is believed', async () => {
  const caller = await newCaller({ concurrent_runs: 1 });
  const run = runIdOf(env.RUNS.newUniqueId().toString());
  const ask = askFor({ run, lastsMs: 100, idempotency: { key: 'one', bodyHash: 'body' } });
  await accounts.reserve(caller, ask);
  await new Promise((resolve) => setTimeout(resolve, 110));
  const stub = env.ACCOUNTS.getByName(caller.account);
  // The platform may have rung it first.
  await runDurableObjectAlarm(stub);
  await vi.waitFor(async () => {
    const alarm = await runInDurableObject(stub, (_account, state) => state.storage.getAlarm());
    expect(alarm).toBeGreaterThan(Date.now() + 50_000);
    expect(alarm).toBeLessThanOrEqual(Date.now() + 60_000);
  });
  expect(await accounts.reserve(caller, askFor())).toMatchObject({ type: 'refused' });
});

test('a reserve that is refused, joined or looked at writes nothing', async () => {
  const caller = await newCaller({ concurrent_runs: 1 });
  const { run } = askFor();
  await accounts.reserve(caller, askFor({ run, flight: 'flight' }));
  const stub = env.ACCOUNTS.getByName(caller.account);
  const written = await runInDurableObject(stub, async (account, state) => {
    const exec = vi.spyOn(state.storage.sql, 'exec');
    const setAlarm = vi.spyOn(state.storage, 'setAlarm');
    for (const ask of [askFor(), askFor({ flight: 'flight' }), askFor({ run })]) account.reserve(caller, ask);
    account.status(caller);
    const queries = exec.mock.calls.map(([query]) => query).filter((query) => !/^\s*SELECT/i.test(query));
    return { queries, alarms: setAlarm.mock.calls.length };
  });
  expect(written).toEqual({ queries: [], alarms: 0 });
});
