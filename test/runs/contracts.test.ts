/** The contracts of `runs/`, held by what the tests put in the place of the platform. */
import type { EngineEvent } from '../../src/reflection/events.ts';
import { Cancelled } from '../../src/reflection/model.ts';
import { describeRunStore } from '../contracts/run-store.ts';
import { describeRuns, endlessQuestion } from '../contracts/runs.ts';
import { type Engine, memoryRuns } from '../support/memory-runs.ts';
import { Disk, MemoryRunStore } from './memory-run-store.ts';
import { VirtualTime } from './virtual-time.ts';

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
      degraded: null,
      subject: 'draft',
    },
  };
};

const runs = memoryRuns(engine);
describeRuns('runs in memory', () => runs);

describeRunStore('a store in memory', async (work) => {
  const time = new VirtualTime();
  let over = false;
  const worked = work(new MemoryRunStore(new Disk(), time, 1)).finally(() => {
    over = true;
  });
  await Promise.all([worked, time.pass(1_000, () => over)]);
});
