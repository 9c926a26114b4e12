/** What an ended run pays, by real objects: to its account and its cache, though all of them are lost. */
import { abortAllDurableObjects, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, expect, test, vi } from 'vitest';
import { AccountObject } from '../../../src/accounts/account-object.ts';
import type { Caller, Settlement } from '../../../src/accounts/accounts.ts';
import { durableAccounts } from '../../../src/accounts/durable-accounts.ts';
import { parseReflectionBody } from '../../../src/reflection/request.ts';
import type { RunId, RunOrder } from '../../../src/runs/runs.ts';
import { eventsOf } from '../../contracts/runs.ts';
import { askFor } from '../../support/leases.ts';
import { madeUpKey } from '../../support/memory-accounts.ts';
import { kept, orderOf } from '../../support/orders.ts';
import { objectOf, runs, useUpstream } from './place.ts';

useUpstream(() => ({ words: ['Once ', 'upon ', 'a ', 'time.'], everyMs: 2 }));

const request = parseReflectionBody({ input: 'Tell me a story.', strategy: 'direct', background: true });
const accounts = durableAccounts({ accounts: env.ACCOUNTS, now: Date.now, log: () => {} });

afterEach(() => {
  vi.restoreAllMocks();
});

async function newCaller(): Promise<Caller> {
  const { caller, issue } = madeUpKey();
  await env.ACCOUNTS.getByName(caller.account).issueKey(issue);
  return caller;
}

/** A run that its account has admitted. */
async function started({ account, key, ...caller }: Caller, cache?: RunOrder['cache']): Promise<RunId> {
  const run = runs.newId();
  await accounts.reserve({ account, key, ...caller }, askFor({ run, tokens: 10_000 }));
  await runs.start(run, orderOf(request, { account, key, ...(cache && { cache }) }));
  return run;
}

async function usageOf({ account }: Caller) {
  const { rows, days } = await accounts.usage(account, '2000-01-01', '2999-12-31');
  return { calls: rows.reduce((sum, row) => sum + row.calls, 0), runs: days.reduce((sum, day) => sum + day.runs, 0) };
}

/** The account hears nothing; gives what it was told. */
function deafAccounts(settle: () => Promise<void>): Settlement[] {
  const told: Settlement[] = [];
  vi.spyOn(AccountObject.prototype, 'settle').mockImplementation((settlement) => {
    told.push(settlement);
    return settle();
  });
  return told;
}

test('a run that was lost between its end and its payment is settled by its alarm', async () => {
  const caller = await newCaller();
  const told = deafAccounts(() => new Promise(() => {}));
  const id = await started(caller);
  expect((await runs.settled(caller.account, id))?.status).toBe('completed');
  await vi.waitFor(() => expect(told).toHaveLength(1));
  await abortAllDurableObjects();
  vi.mocked(AccountObject.prototype.settle).mockRestore();
  expect((await usageOf(caller)).runs).toBe(0);

  expect(await runDurableObjectAlarm(objectOf(id))).toBe(true);
  expect(await usageOf(caller)).toEqual({ calls: 1, runs: 1 });
  const record = await runs.read(caller.account, id);
  expect(told).toEqual([expect.objectContaining({ run: id, status: 'completed', passes: record?.usage.passes })]);
  const alarm = await runInDurableObject(objectOf(id), (_run, state) => state.storage.getAlarm());
  expect(alarm).toBeGreaterThan(Date.now() + 23 * 3_600_000);
});

test('a run whose cost cannot be settled is not deleted, and whoever asks is told to come back', async () => {
  const caller = await newCaller();
  deafAccounts(() => Promise.reject(new Error('The account is closed today.')));
  const id = await started(caller);
  await runs.settled(caller.account, id);
  await expect(runs.delete(caller.account, id)).rejects.toMatchObject({
    code: 'upstream_busy',
    retryAfterSeconds: 5,
  });
  expect((await runs.read(caller.account, id))?.status).toBe('completed');
  vi.mocked(AccountObject.prototype.settle).mockRestore();
  expect(await runs.delete(caller.account, id)).toBe(true);
  expect(await usageOf(caller)).toEqual({ calls: 1, runs: 1 });
});

test('a good answer is in the cache, whole, until its run is deleted', async () => {
  const caller = await newCaller();
  const id = await started(caller, kept);
  const events = await eventsOf(await runs.follow(caller.account, id, 0));
  await vi.waitFor(async () => expect((await env.CACHE.list()).keys).toHaveLength(1));
  const [entry] = (await env.CACHE.list()).keys;
  expect(JSON.parse((await env.CACHE.get(entry?.name ?? '')) ?? 'null')).toEqual(events);
  expect(await runs.delete(caller.account, id)).toBe(true);
  expect((await env.CACHE.list()).keys).toEqual([]);
});
