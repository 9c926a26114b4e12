/** The contracts of `runs/`, held by Durable Objects and their SQLite. */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { RunRows } from '../../../src/run-rows.ts';
import { SqliteRunStores } from '../../../src/runs/sqlite-run-store.ts';
import { describeRunStores } from '../../contracts/run-store.ts';
import { describeRuns, endlessQuestion } from '../../contracts/runs.ts';
import { runs, useUpstream } from './place.ts';

useUpstream((messages) => {
  const endless = messages.some(({ content }) => content.includes(endlessQuestion));
  return { words: Array.from({ length: endless ? 5_000 : 4 }, () => 'word '), everyMs: 3 };
});

describeRuns('runs in Durable Objects', () => runs);

describeRunStores('runs in SQLite', async (work) => {
  // An object of a class that stores nothing of its own.
  await runInDurableObject(env.CAPACITY.get(env.CAPACITY.newUniqueId()), async (_object, { storage }) => {
    const rows = new RunRows(storage, { now: Date.now, log: () => {}, after: () => () => {} });
    work(new SqliteRunStores(storage.sql, rows), rows);
    await storage.deleteAll();
  });
});
