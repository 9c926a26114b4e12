/** Orders for runs, as the HTTP API gives them once a request was admitted. */
import { isCacheKey } from '../../src/cache/cache-key.ts';
import type { CacheKey } from '../../src/cache/reflection-cache.ts';
import type { ReflectionRequest } from '../../src/reflection/request.ts';
import type { RunOrder } from '../../src/runs/runs.ts';
import { caller } from './callers.ts';

/** An order of `caller`'s for an answer that is not kept, unless told otherwise. */
export function orderOf(request: ReflectionRequest, part: Partial<Omit<RunOrder, 'request'>> = {}): RunOrder {
  const { account, key } = caller;
  return { request, account, key, cache: { status: 'bypass', entry: null }, channel: null, ...part };
}

/** For an order whose answer is kept for an hour. */
export const kept = {
  status: 'miss',
  entry: { key: entryKey(), ttlSeconds: 3_600 },
} as const satisfies RunOrder['cache'];

function entryKey(): CacheKey {
  const key = 'ab'.repeat(32);
  if (!isCacheKey(key)) throw new Error('That is 64 hexadecimal digits.');
  return key;
}
