/** How the cache bears a KV that fails. */
import { expect, test } from 'vitest';
import { type KvStore, kvReflectionCache } from '../../src/cache/kv-reflection-cache.ts';
import type { LogEntry } from '../../src/errors.ts';
import { answered, keyFor } from '../support/cached-answers.ts';

const lost = (): Promise<never> => Promise.reject(new Error('KV GET failed: 503 of the answer "secret"'));
const failing: KvStore = { getWithMetadata: lost, put: lost, delete: lost };

function cacheOver(store: KvStore) {
  const logged: LogEntry[] = [];
  const cache = kvReflectionCache({ store, now: () => 0, log: (entry) => logged.push(entry), patienceMs: 5 });
  return { cache, logged };
}

test('a cache that is down is a miss, and says so in the log', async () => {
  const { cache, logged } = cacheOver(failing);
  expect(await cache.read(keyFor('lost'))).toBeUndefined();
  expect(logged).toMatchObject([{ level: 'warn', event: 'cache.unread', error: 'Error' }]);
  expect(JSON.stringify(logged)).not.toContain('secret');
});

test('a cache that does not answer is a miss', async () => {
  const { cache, logged } = cacheOver({ ...failing, getWithMetadata: () => new Promise(() => undefined) });
  expect(await cache.read(keyFor('silent'))).toBeUndefined();
  expect(logged).toMatchObject([{ event: 'cache.unread' }]);
});

test('whoever stores an answer or wants one removed learns that it was not done', async () => {
  const { cache } = cacheOver(failing);
  await expect(cache.write(keyFor('unwritten'), await answered('fine', 0), 60)).rejects.toThrow('503');
  await expect(cache.remove(keyFor('unremoved'))).rejects.toThrow('503');
});
