/** What the cache stores in Workers KV, and what it makes of what others stored there. */
import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { kvReflectionCache } from '../../../src/cache/kv-reflection-cache.ts';
import { answered, keyFor } from '../../support/cached-answers.ts';

const now = Date.now();
const cache = kvReflectionCache({ store: env.CACHE, now: () => now, log: () => undefined });

test('an answer leaves KV by itself when its time is over, and nothing is kept for less than KV can', async () => {
  const [brief, long] = [keyFor('brief'), keyFor('long-lived')];
  await cache.write(brief, await answered('brief', now), 5);
  await cache.write(long, await answered('long-lived', now), 7_200);
  const { keys } = await env.CACHE.list({ prefix: 'answer:' });
  const left = (key: string) => (keys.find(({ name }) => name === `answer:${key}`)?.expiration ?? 0) - now / 1_000;
  expect(left(brief)).toBeGreaterThan(50);
  expect(left(brief)).toBeLessThan(70);
  expect(left(long)).toBeGreaterThan(7_190);
  expect(left(long)).toBeLessThan(7_210);
});

test('what is stored tells its age without being read, and nothing of the answer', async () => {
  const key = keyFor('told');
  await cache.write(key, await answered('secret words', now), 3_600);
  const { metadata } = await env.CACHE.getWithMetadata(`answer:${key}`);
  expect(metadata).toEqual({ format: 1, storedAt: now, expiresAt: now + 3_600_000 });
});

test('what another release or hand stored is not there', async () => {
  const key = keyFor('foreign');
  await cache.write(key, await answered('fine', now), 3_600);
  const { value, metadata } = await env.CACHE.getWithMetadata<object>(`answer:${key}`);
  if (value === null || metadata === null) throw new Error('It was not stored.');
  const put = (text: string, head: unknown) => env.CACHE.put(`answer:${key}`, text, { metadata: head });

  await put(value, metadata);
  expect(await cache.read(key)).toBeDefined();
  for (const head of [undefined, {}, { ...metadata, format: 0 }, { ...metadata, storedAt: 'now' }]) {
    await put(value, head);
    expect(await cache.read(key)).toBeUndefined();
  }
  for (const text of ['', 'null', '{}', '[]', value.slice(0, -1), value.replace('run.completed', 'run.cancelled')]) {
    await put(text, metadata);
    expect(await cache.read(key)).toBeUndefined();
  }
});
