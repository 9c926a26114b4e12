/** What a run does in its own Durable Object: what it stores, what its readers get, and how soon it stops. */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, test } from 'vitest';
import { parseReflectionBody } from '../../../src/reflection/request.ts';
import { runIdOf } from '../../../src/runs/run-address.ts';
import { SqliteRunStore } from '../../../src/runs/sqlite-run-store.ts';
import { eventsOf } from '../../contracts/runs.ts';
import { orderOf } from '../../support/orders.ts';
import { account, objectOf, runs, start, tableCount, until, useUpstream, wait } from './place.ts';

const words = Array.from({ length: 150 }, (_, index) => `word${index} `);
const upstream = useUpstream(() => ({ words, everyMs: 4 }));

const request = (more: object = {}) => parseReflectionBody({ input: 'Tell me a story.', strategy: 'direct', ...more });

interface LogRow extends Record<string, SqlStorageValue> {
  readonly first: number;
  readonly letters: number;
}

function logRows(id: string): Promise<LogRow[]> {
  return runInDurableObject(objectOf(id), (_run, state) =>
    state.storage.sql.exec<LogRow>('SELECT first, length(events) AS letters FROM log').toArray(),
  );
}

describe('a run’s object', () => {
  test('stores many events in few rows', async () => {
    const id = await start(request());
    const events = await eventsOf(await runs.follow(account, id, 0));
    const deltas = events.filter((event) => event.type === 'pass.delta').length;
    expect(deltas).toBeGreaterThan(20);
    expect(deltas).toBeLessThanOrEqual(words.length);
    const rows = await logRows(id);
    expect(rows.length).toBeLessThanOrEqual(20);
    expect(rows[0]?.first).toBe(1);
  });

  test('stores nothing for asking after a run that never was', async () => {
    const id = runIdOf(env.RUNS.newUniqueId().toString());
    expect(await runs.read(account, id)).toBeUndefined();
    expect(await runs.follow(account, id, 0)).toBeUndefined();
    expect(await runs.cancel(account, id)).toBeUndefined();
    expect(await runs.delete(account, id)).toBe(false);
    expect(await tableCount(id)).toBe(0);
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

  test('holds nothing of a deleted run but that it was one', async () => {
    const id = await start(request());
    await wait(50);
    expect(await runs.delete(account, id)).toBe(true);
    expect(upstream().asked[0]?.leftAt).not.toBeNull();
    const rows = await runInDurableObject(objectOf(id), (_run, { storage: { sql } }) => ({
      run: sql.exec<{ json: string }>('SELECT json FROM run').toArray(),
      log: sql.exec('SELECT * FROM log').toArray(),
    }));
    expect(rows).toEqual({ run: [{ json: expect.stringMatching(/^\d+$/) }], log: [] });
    expect(await runInDurableObject(objectOf(id), (_run, state) => state.storage.getAlarm())).toBe(
      Number(rows.run[0]?.json),
    );
    await runs.start(id, orderOf(request()));
    expect(await runs.read(account, id)).toBeUndefined();
  });

  test('is deleted as a whole or not at all: where its mark cannot be stored, it is still there', async () => {
    const id = await start(request());
    const record = await runs.settled(account, id);
    await runInDurableObject(objectOf(id), async (_run, state) => {
      const store = new SqliteRunStore(state);
      const { sql } = state.storage;
      sql.exec("CREATE TRIGGER full BEFORE INSERT ON run BEGIN SELECT RAISE(ABORT, 'The disk is full.'); END");
      await expect(store.clear(Date.now() + 60_000)).rejects.toThrow('The disk is full.');
      sql.exec('DROP TRIGGER full');
      expect(store.spec()).toBeDefined();
      expect(store.lastBatch()?.events.at(-1)).toMatchObject({ type: 'run.completed', reflection: record });
    });
    expect(await runs.read(account, id)).toEqual(record);
  });
});
