/** The contracts of `runs/`, held by Durable Objects and their SQLite. */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { SqliteRunStore } from '../../../src/runs/sqlite-run-store.ts';
import { describeRunStore } from '../../contracts/run-store.ts';
import { describeRuns, endlessQuestion } from '../../contracts/runs.ts';
import { runs, useUpstream } from './place.ts';

useUpstream((messages) => {
  const endless = messages.some(({ content }) => content.includes(endlessQuestion));
  return { words: Array.from({ length: endless ? 5_000 : 4 }, () => 'word '), everyMs: 3 };
});

describeRuns('runs in Durable Objects', () => runs);

describeRunStore('a store in SQLite', async (work) => {
  const stub = env.RUNS.get(env.RUNS.newUniqueId());
  await runInDurableObject(stub, async (_run, state) => {
    await work(new SqliteRunStore(state));
    await state.storage.deleteAll();
  });
});
