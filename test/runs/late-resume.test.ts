/** A run that is resumed when its deadline is over, with several passes under way: nobody pays for what the service lost, and nothing is told twice. */
import { expect, test } from 'vitest';
import { reflect } from '../../src/reflection/reflect.ts';
import { orderOf } from '../support/orders.ts';
import { requestOf, type Script, World } from './world.ts';

const script: Script = ({ role, pass }) => {
  if (role === 'draft') return { tokens: ['The answer is 42.'] };
  // One sample is in its first attempt when the run is lost, the other in its second.
  return { tokens: ['The ', 'answer ', 'is ', '41.'], everyMs: 200, lost: pass === 'vote-3' ? 1 : 0 };
};

test('an attempt that was lost before is not charged as if the deadline had cut it', async () => {
  const world = new World({ reflect, script });
  const body = { input: 'What is the sum of 17 and 25?', strategy: 'vote', background: true } as const;
  world.start(orderOf(requestOf({ ...body, budget: { deadline_ms: 2_000 } })));
  await world.time.pass(600);
  world.crash();
  await world.time.pass(10_000);
  await world.watch(600_000, () => world.disk.endIsStored);

  const log = world.disk.events;
  const rows = log.flatMap((event) => ('usage' in event ? [event.usage] : []));
  expect(log.some((event) => event.type === 'pass.retried' && event.pass === 'vote-3')).toBe(true);
  const lostBefore = rows.filter(({ id, attempt }) => id === 'vote-3' && attempt <= 2);
  expect(lostBefore.map(({ attempt, charged }) => ({ attempt, charged }))).toEqual([
    { attempt: 1, charged: false },
    { attempt: 2, charged: false },
  ]);
});
