/** The one alarm of an object: heartbeat while a run goes on, and the removal of runs whose time is over. The date is told by the test. */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { afterAll, expect, test, vi } from 'vitest';
import { parseReflectionBody } from '../../../src/reflection/request.ts';
import { account, hostObject, rowCount, runs, start, useUpstream } from './place.ts';

// Before the Worker's first request, which takes its clock.
vi.useFakeTimers({ toFake: ['Date'] });
afterAll(() => {
  vi.useRealTimers();
});

useUpstream(() => ({ words: ['Once ', 'upon ', 'a ', 'time.'], everyMs: 2 }));

const request = (store: boolean) =>
  parseReflectionBody({ input: 'Tell me a story.', strategy: 'direct', background: true, store });
const hourMs = 3_600_000;
const alarm = () => runInDurableObject(hostObject(), (_account, state) => state.storage.getAlarm());

/** When the run is due, as its row says. */
const dueAt = (id: string) =>
  runInDurableObject(
    hostObject(),
    (_account, { storage: { sql } }) =>
      sql.exec<{ due_at: number | null }>('SELECT due_at FROM run WHERE id = ?', id).toArray()[0]?.due_at,
  );

test('the alarm is due every 30 seconds while a run goes on', async () => {
  const id = await start(request(false));
  expect(await alarm()).toBe(Date.now() + 30_000);
  await runs.ended(account, id);
  vi.setSystemTime(Date.now() + 31_000);
  expect(await runDurableObjectAlarm(hostObject())).toBe(true);
  expect(await alarm()).toBeGreaterThan(Date.now() + 23 * hourMs);
  await runs.delete(account, id);
});

test('a run that was to be stored has its own time; others are removed together', async () => {
  for (const store of [false, true]) {
    const id = await start(request(store));
    await runs.ended(account, id);
    expect(await dueAt(id)).toBe(store ? Date.now() + 30 * 24 * hourMs : null);
    await runs.delete(account, id);
  }
});

test('a run is removed when its time is over, and not before', async () => {
  const id = await start(request(false));
  await runs.ended(account, id);
  const removedAt = Date.now() + 24 * hourMs;
  vi.setSystemTime(removedAt - 1_000);
  await runDurableObjectAlarm(hostObject());
  expect(await runs.read(account, id)).toBeDefined();
  // Removals share alarms: within a minute.
  vi.setSystemTime(removedAt + 60_000);
  expect(await runDurableObjectAlarm(hostObject())).toBe(true);
  expect(await runs.read(account, id)).toBeUndefined();
  expect(await rowCount(id)).toBe(0);
});
