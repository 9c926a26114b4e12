/** What an ended run leaves with others, by a real object: its account's ledger and its cache, though the object is lost. */
import { abortAllDurableObjects } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, test, vi } from 'vitest';
import type { Caller } from '../../../src/accounts/accounts.ts';
import { durableAccounts } from '../../../src/accounts/durable-accounts.ts';
import { parseReflectionBody } from '../../../src/reflection/request.ts';
import type { RunOrder } from '../../../src/runs/runs.ts';
import { eventsOf } from '../../contracts/runs.ts';
import { askFor } from '../../support/leases.ts';
import { madeUpKey } from '../../support/made-up-key.ts';
import { kept, orderOf } from '../../support/orders.ts';
import { runs, useUpstream } from './place.ts';

useUpstream(() => ({ words: ['Once ', 'upon ', 'a ', 'time.'], everyMs: 2 }));

const request = parseReflectionBody({ input: 'Tell me a story.', strategy: 'direct', background: true });
const accounts = durableAccounts({ accounts: env.ACCOUNTS, now: Date.now, log: () => {} });

async function newCaller(): Promise<Caller> {
  const { caller, issue } = madeUpKey();
  await env.ACCOUNTS.getByName(caller.account).issueKey(issue);
  return caller;
}

async function started(caller: Caller, cache?: RunOrder['cache']): Promise<string> {
  const { account, key } = caller;
  const order = orderOf(request, { account, key, ...(cache && { cache }) });
  const begun = await runs.begin(caller, { ask: askFor({ tokens: 10_000 }), order, awaits: 'start' });
  if (begun.type !== 'started') throw new Error(`The run was ${begun.type}.`);
  return begun.run;
}

async function usageOf({ account }: Caller) {
  const { rows, days } = await accounts.usage(account, '2000-01-01', '2999-12-31');
  return { calls: rows.reduce((sum, row) => sum + row.calls, 0), runs: days.reduce((sum, day) => sum + day.runs, 0) };
}

test('a run’s cost is in the ledger once its end is told, also when the object is lost right then', async () => {
  const caller = await newCaller();
  const id = await started(caller);
  expect((await runs.ended(caller.account, id))?.status).toBe('completed');
  await abortAllDurableObjects();
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

test('a run whose answer cannot be taken out of the cache is not deleted, and whoever asks is told to come back', async () => {
  const caller = await newCaller();
  const id = await started(caller, kept);
  await runs.ended(caller.account, id);
  await vi.waitFor(async () => expect((await env.CACHE.list()).keys).toHaveLength(1));
  const refused = vi.spyOn(env.CACHE, 'delete').mockRejectedValue(new Error('KV DELETE failed: 500'));
  await expect(runs.delete(caller.account, id)).rejects.toMatchObject({ code: 'upstream_busy', retryAfterSeconds: 5 });
  expect((await runs.read(caller.account, id))?.status).toBe('completed');
  refused.mockRestore();
  expect(await runs.delete(caller.account, id)).toBe(true);
});
