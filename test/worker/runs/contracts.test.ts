/** The contracts of `runs/`, held by Durable Objects and their SQLite. */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { SqliteShelf } from '../../../src/runs/sqlite-shelf.ts';
import { describeRunShelf } from '../../contracts/run-shelf.ts';
import { describeRuns, endlessQuestion } from '../../contracts/runs.ts';
import { runs, useUpstream } from './place.ts';

useUpstream((messages) => {
  const endless = messages.some(({ content }) => content.includes(endlessQuestion));
  return { words: Array.from({ length: endless ? 5_000 : 4 }, () => 'word '), everyMs: 3 };
});

describeRuns('runs in Durable Objects', () => runs);

describeRunShelf('a shelf in SQLite', async (work) => {
  const stub = env.RUNS.get(env.RUNS.newUniqueId());
  await runInDurableObject(stub, async (_run, state) => {
    await work(new SqliteShelf(state));
    await state.storage.deleteAll();
  });
});
