/** The contracts of `runs/`, held in Node. */
import type { EngineEvent } from '../../src/reflection/events.ts';
import { Cancelled } from '../../src/reflection/model.ts';
import { RunRows } from '../../src/run-rows.ts';
import { durableRuns } from '../../src/runs/durable-runs.ts';
import { SqliteRunStores } from '../../src/runs/sqlite-run-store.ts';
import { describeRunStores } from '../contracts/run-store.ts';
import { describeRuns, endlessQuestion } from '../contracts/runs.ts';
import { AccountObjects, type Engine } from '../support/account-objects.ts';
import { caller, issueOf, stranger } from '../support/callers.ts';
import { SqliteDisk } from '../support/sqlite-disk.ts';

const engine: Engine = async function* (request, signal): AsyncGenerator<EngineEvent> {
  yield { type: 'run.started', strategy: 'direct', tier: 'balanced', small_judge: false };
  yield { type: 'pass.started', pass: 'draft', role: 'draft', round: 0, attempt: 1, model: 'large-1' };
  for (let offset = 0; offset < 3 || request.input === endlessQuestion; offset++) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    if (signal.aborted) throw new Cancelled();
    yield { type: 'pass.delta', pass: 'draft', attempt: 1, offset, text: '4' };
  }
  yield {
    type: 'run.completed',
    outcome: {
      output: '444',
      draft: '444',
      finish_reason: 'stop',
      decision: 'unreflected',
      exhausted: null,
      degraded: null,
      subject: 'draft',
    },
  };
};

const objects = new AccountObjects({ engine });
for (const owner of [caller, stranger]) objects.issue(issueOf(owner));
const runs = durableRuns(objects, (count) => crypto.getRandomValues(new Uint8Array(count)));
describeRuns('runs hosted in Node', () => runs);

describeRunStores('runs in SQLite, in Node', (work) => {
  const storage = new SqliteDisk().open({ wrote: (commit) => commit() });
  const rows = new RunRows(storage, { now: Date.now, log: () => {}, after: () => () => {} });
  work(new SqliteRunStores(storage.sql, rows), rows);
});
