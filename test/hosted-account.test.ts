/** How an account's object wakes, and what it does for its runs where its storage refuses a write. */
import { expect, test } from 'vitest';
import type { LogEntry } from '../src/errors.ts';
import { newRunId } from '../src/runs/run-id.ts';
import type { Feedback } from '../src/runs/runs.ts';
import { requestOf } from './runs/world.ts';
import { AccountObjects, type AccountObjectsOptions } from './support/account-objects.ts';
import { caller, issueOf } from './support/callers.ts';
import { askFor } from './support/leases.ts';
import { orderOf } from './support/orders.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const order = orderOf(requestOf({ input: 'How much is two and two?', background: true }));
const plainOrder = orderOf(requestOf({ input: 'How much is two and two?' }));

/** The object of `caller`'s account. */
function hostedAccount(options: Pick<AccountObjectsOptions, 'engine' | 'after'> = {}) {
  const world = {
    now: Date.UTC(2026, 10, 23, 12),
    logged: [] as LogEntry[],
    alarmAt: undefined as number | undefined,
    /** Which of the coming writes storage refuses; the next one is 1. */
    refused: [] as readonly number[],
  };
  let writes = 0;
  const objects = new AccountObjects({
    ...options,
    now: () => world.now,
    log: (entry) => world.logged.push(entry),
    mayWrite: () => {
      writes += 1;
      if (world.refused.includes(writes)) throw new Error('The disk is full.');
    },
    setAlarm: (epochMs) => {
      world.alarmAt = epochMs;
    },
  });
  objects.issue(issueOf(caller));
  const run = newRunId(objects.idFromName(caller.account), (count) => new Uint8Array(count));
  const refuse = (...numbers: number[]): void => {
    writes = 0;
    world.refused = numbers;
  };
  return { world, run, refuse, hosted: objects.of(caller.account) };
}

test('an account whose cleaning storage refuses wakes its runs all the same, and cleans an hour later', async () => {
  const { world, run, refuse, hosted } = hostedAccount();
  const ask = askFor({ run, idempotency: { key: 'one', bodyHash: 'body' } });
  await hosted.begin(caller, ask, order, 'end');
  world.now += 2 * dayMs;
  expect(hosted.runs.run(run).read(caller.account)).toBeDefined();

  refuse(1);
  await hosted.alarm();
  expect(world.logged.map(({ event }) => event)).toContain('cleaning.refused');
  expect(hosted.runs.run(run).read(caller.account)).toBeUndefined();
  expect(world.alarmAt).toBe(world.now + hourMs);
});

test('an account that has nothing left to do is not woken again', async () => {
  const { world, hosted } = hostedAccount();
  await hosted.alarm();
  expect(world.alarmAt).toBeUndefined();
});

test('a run whose beginning storage refuses is not there, and is not kept open', async () => {
  const { run, refuse, hosted } = hostedAccount();
  // The group of writes, and each part of it that is then tried by itself.
  refuse(...Array.from({ length: 20 }, (_, index) => index + 1));
  await expect(hosted.begin(caller, askFor({ run }), order, 'start')).rejects.toThrow('The disk is full.');
  expect(hosted.runs.run(run).idle).toBe(true);
  expect(hosted.runs.run(run).read(caller.account)).toBeUndefined();
  refuse();

  const begun = await hosted.begin(caller, askFor({ run }), order, 'start');
  expect(begun).toMatchObject({ value: { admission: { type: 'started', run } } });
});

test('runs are removed in time, also where an hour brought more of them than are removed at once', async () => {
  const { world, hosted } = hostedAccount();
  const runs = Array.from({ length: 1_600 }, (_, number) =>
    newRunId('ab'.repeat(32), (count) => new Uint8Array(count).fill(number % 256).fill(number >> 8, 1)),
  );
  for (const run of runs) await hosted.begin(caller, askFor({ run }), plainOrder, 'end');
  // Whoever lists stores what waits.
  hosted.ledger.stored(null, 10);
  const until = world.now + dayMs + 5_000;
  while (world.alarmAt !== undefined && world.alarmAt <= until) {
    world.now = Math.max(world.now, world.alarmAt);
    await hosted.alarm();
  }
  expect(runs.filter((run) => hosted.runs.run(run).read(caller.account))).toEqual([]);
});

const all = Array.from({ length: 100 }, (_, index) => index + 1);

test('a run whose events storage refuses goes on once, though somebody waits for it and it is not kept open', async () => {
  const timers: (() => void)[] = [];
  let executions = 0;
  const { run, refuse, hosted } = hostedAccount({
    after: (milliseconds, work) => {
      // A second is what storage is given before the run is looked for again.
      if (milliseconds === 1_000) timers.push(work);
      return () => {};
    },
    async *engine() {
      executions += 1;
      if (executions === 1) refuse(...all);
      yield { type: 'pass.started', pass: 'draft', role: 'draft', round: 0, attempt: 1, model: 'large-1' };
      await new Promise(() => {});
    },
  });
  await hosted.begin(caller, askFor({ run }), order, 'start');
  const waited = hosted.runs.run(run).ended(caller.account);
  await settled();
  refuse();
  expect(executions).toBe(1);

  for (let number = 1; number <= 100; number += 1) {
    hosted.runs.run(newRunId('cd'.repeat(32), (count) => new Uint8Array(count).fill(number)));
  }
  expect(hosted.runs.run(run).read(caller.account)).toBeDefined();
  for (const work of timers) work();
  await settled();
  expect(executions).toBe(2);
  const cancelled = hosted.runs.run(run).cancel(caller.account);
  for (const work of timers) work();
  await cancelled;
  expect((await waited)?.status).toBe('cancelled');
});

const rating = (said: Feedback['rating']): Feedback => ({
  rating: said,
  comment: null,
  preferred_output: null,
  created_at: 1_795_000_000,
});

test('the deletion of a run that never was leaves nothing to be stored', async () => {
  const { refuse, hosted } = hostedAccount();
  refuse(...all);
  const madeUp = newRunId('ab'.repeat(32), (count) => new Uint8Array(count).fill(7));
  expect(await hosted.delete(caller.account, madeUp)).toBe('absent');
  // Whoever lists stores what waits.
  expect(hosted.ledger.stored(null, 10)).toEqual({ runs: [], hasMore: false });
});

test('a rating that storage refuses is not shown afterwards', async () => {
  const { run, refuse, hosted } = hostedAccount();
  await hosted.begin(caller, askFor({ run }), order, 'end');
  const rated = hosted.runs.run(run);
  expect(rated.rate(caller.account, rating('up'))).toBe(true);
  refuse(...all);
  expect(() => rated.rate(caller.account, rating('down'))).toThrow('cannot be stored');
  expect(rated.feedback(caller.account)).toEqual(rating('up'));
  refuse();
  hosted.ledger.stored(null, 10);
  expect(hosted.runs.run(run).feedback(caller.account)).toEqual(rating('up'));
});

/** Lets everything happen that waits for no timer. */
function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5));
}
