/** The one alarm of a run's object: heartbeat while the run goes on, and its end of life. The date is told by the test. */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { afterAll, expect, test, vi } from 'vitest';
import { parseReflectionBody } from '../../../src/reflection/request.ts';
import { account, objectOf, runs, start, tableCount, useUpstream } from './place.ts';

// Before the Worker's first request, which takes its clock.
vi.useFakeTimers({ toFake: ['Date'] });
afterAll(() => {
  vi.useRealTimers();
});

useUpstream(() => ({ words: ['Once ', 'upon ', 'a ', 'time.'], everyMs: 2 }));

const request = (store: boolean) =>
  parseReflectionBody({ input: 'Tell me a story.', strategy: 'direct', background: true, store });
const hourMs = 3_600_000;
const alarmOf = (id: string) => runInDurableObject(objectOf(id), (_run, state) => state.storage.getAlarm());

/** Once the run has paid what it owes, its alarm is due when it is to be removed. */
async function hasPaid(id: string, removedAt: number): Promise<void> {
  await vi.waitFor(async () => expect(await alarmOf(id)).toBe(removedAt));
}

test('the alarm is due every 30 seconds while the run goes on, and when its time is over once it has ended', async () => {
  for (const { store, hours } of [
    { store: false, hours: 24 },
    { store: true, hours: 24 * 30 },
  ]) {
    const id = await start(request(store));
    expect(await alarmOf(id)).toBe(Date.now() + 30_000);
    await runs.settled(account, id);
    await hasPaid(id, Date.now() + hours * hourMs);
    await runs.delete(account, id);
    expect(await alarmOf(id)).toBe(Date.now() + 24 * hourMs);
  }
});

test('a run is removed when its time is over, and not before', async () => {
  const id = await start(request(false));
  await runs.settled(account, id);
  const removedAt = Date.now() + 24 * hourMs;
  await hasPaid(id, removedAt);
  vi.setSystemTime(removedAt - 1_000);
  expect(await runDurableObjectAlarm(objectOf(id))).toBe(true);
  expect(await runs.read(account, id)).toBeDefined();
  vi.setSystemTime(removedAt + 1_000);
  expect(await runDurableObjectAlarm(objectOf(id))).toBe(true);
  expect(await runs.read(account, id)).toBeUndefined();
  expect(await tableCount(id)).toBe(0);
});
