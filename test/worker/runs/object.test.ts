/** What a run does in the object that hosts it: what it stores, what its readers get, and how soon it stops. */
import { abortAllDurableObjects, runInDurableObject } from 'cloudflare:test';
import { describe, expect, test } from 'vitest';
import { parseReflectionBody } from '../../../src/reflection/request.ts';
import { newRunId } from '../../../src/runs/run-id.ts';
import { eventsOf } from '../../contracts/runs.ts';
import { account, hostObject, rowCount, runs, start, until, useUpstream, wait } from './place.ts';

const words = Array.from({ length: 150 }, (_, index) => `word${index} `);
const upstream = useUpstream(() => ({ words, everyMs: 4 }));

const request = (more: object = {}) => parseReflectionBody({ input: 'Tell me a story.', strategy: 'direct', ...more });

interface LogRow extends Record<string, SqlStorageValue> {
  readonly first: number;
  readonly letters: number;
}

function logRows(id: string): Promise<LogRow[]> {
  return runInDurableObject(hostObject(), (_account, { storage }) =>
    storage.sql.exec<LogRow>('SELECT first, length(events) AS letters FROM log WHERE run = ?', id).toArray(),
  );
}

describe('a run’s object', () => {
  test('stores the events of a run that has ended in one row', async () => {
    const id = await start(request());
    const events = await eventsOf(await runs.follow(account, id, 0));
    const deltas = events.filter((event) => event.type === 'pass.delta').length;
    expect(deltas).toBeGreaterThan(20);
    expect(deltas).toBeLessThanOrEqual(words.length);
    expect(await logRows(id)).toEqual([]);
    const again = await eventsOf(await runs.follow(account, id, 0));
    expect(again).toEqual(events);
  });

  test('stores nothing for asking after a run that never was', async () => {
    const id = newRunId(hostObject().id.toString(), (count) => new Uint8Array(count));
    expect(await runs.read(account, id)).toBeUndefined();
    expect(await runs.follow(account, id, 0)).toBeUndefined();
    expect(await runs.cancel(account, id)).toBeUndefined();
    expect(await runs.delete(account, id)).toBe(false);
    expect(await rowCount(id)).toBe(0);
  });

  test('goes on when its reader leaves, who finds the rest on coming back', async () => {
    const id = await start(request());
    const before = await eventsOf(await runs.follow(account, id, 0), 7);
    await wait(100);
    const after = await eventsOf(await runs.follow(account, id, 7));
    expect([...before, ...after].map((event) => event.id)).toEqual(
      Array.from({ length: before.length + after.length }, (_, index) => index + 1),
    );
    expect(upstream().asked).toEqual([expect.objectContaining({ answered: true, leftAt: null })]);
  });

  test('shows a reader frames as they come, not at the end', async () => {
    const id = await start(request());
    await eventsOf(await runs.follow(account, id, 0), 10);
    expect(upstream().asked[0]?.answered).toBe(false);
    await runs.cancel(account, id);
  });

  test('closes the model’s request within 200 ms of being cancelled', async () => {
    for (let time = 0; time < 5; time++) {
      const id = await start(request());
      const reader = runs.follow(account, id, 0).then((stream) => eventsOf(stream));
      await until(() => upstream().asked.length === time + 1);
      await wait(30);
      const cancelledAt = Date.now();
      const record = await runs.cancel(account, id);
      expect(record?.status).toBe('cancelled');
      const leftAt = upstream().asked[time]?.leftAt;
      expect(leftAt).not.toBeNull();
      expect((leftAt ?? 0) - cancelledAt).toBeLessThanOrEqual(200);
      expect(Date.now() - cancelledAt).toBeLessThanOrEqual(200);
      expect((await reader).at(-1)?.type).toBe('run.cancelled');
      expect(record?.usage.passes).toEqual([expect.objectContaining({ charged: true, truncated: true })]);
    }
  });

  test('holds nothing of a deleted run', async () => {
    const id = await start(request());
    await wait(300);
    expect(await rowCount(id)).toBeGreaterThan(0);
    expect(await runs.delete(account, id)).toBe(true);
    expect(upstream().asked[0]?.leftAt).not.toBeNull();
    expect(await rowCount(id)).toBe(0);
    expect(await runs.read(account, id)).toBeUndefined();
  });

  test('is removed as a whole or not at all', async () => {
    const id = await start(request());
    const record = await runs.ended(account, id);
    // Long enough for its row.
    await wait(300);
    await runInDurableObject(hostObject(), (_account, { storage: { sql } }) => {
      sql.exec("CREATE TRIGGER full BEFORE UPDATE ON run BEGIN SELECT RAISE(ABORT, 'The disk is full.'); END");
    });
    await expect(runs.delete(account, id)).rejects.toThrow();
    await abortAllDurableObjects();
    expect(await runs.read(account, id)).toEqual(record);
    expect(await eventsOf(await runs.follow(account, id, 0))).not.toEqual([]);
    await runInDurableObject(hostObject(), (_account, { storage: { sql } }) => {
      sql.exec('DROP TRIGGER full');
    });
    expect(await runs.delete(account, id)).toBe(true);
  });
});
