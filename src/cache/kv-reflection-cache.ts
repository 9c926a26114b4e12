/** The cache in Workers KV. Reads are served near the caller; a write takes about a minute to reach other locations. */
import { type Log, whereFrom } from '../errors.ts';
import { withTimeLimit } from '../time-limit.ts';
import { type EntryHead, packEntry, unpackEntry } from './cache-entry.ts';
import type { CacheKey, ReflectionCache } from './reflection-cache.ts';

/** What the cache needs of a KV namespace. */
export interface KvStore {
  getWithMetadata(
    key: string,
    options: { readonly type: 'text'; readonly cacheTtl: number },
  ): Promise<{ readonly value: string | null; readonly metadata: unknown }>;
  put(
    key: string,
    value: string,
    options: { readonly expirationTtl: number; readonly metadata: EntryHead },
  ): Promise<void>;
  delete(key: string): Promise<void>;
}

export interface KvReflectionCacheOptions {
  readonly store: KvStore;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly log: Log;
  /** How long a read may take before it is a miss, in milliseconds. */
  readonly patienceMs?: number;
}

/** How many seconds a location may serve its own copy. This is the least that KV allows, so that a removed answer is gone within about a minute. */
const cacheTtl = 60;
/** The shortest lifetime that KV accepts, in seconds. */
const leastTtl = 60;
/** A read from a remote location takes 100 to 300 ms. */
const usualPatienceMs = 1_000;

/** A failed read is a miss. Failed writes and removals are thrown, so that the caller may retry (KV accepts one write a second for a key). */
export function kvReflectionCache(options: KvReflectionCacheOptions): ReflectionCache {
  const { store, now, log, patienceMs = usualPatienceMs } = options;
  return {
    async read(key) {
      try {
        const { value, metadata } = await withTimeLimit(
          patienceMs,
          store.getWithMetadata(nameOf(key), { type: 'text', cacheTtl }),
        );
        return value === null ? undefined : unpackEntry(metadata, value, now());
      } catch (error) {
        log({ level: 'warn', event: 'cache.unread', ...whereFrom(error) });
        return undefined;
      }
    },
    async write(key, reflection, ttlSeconds) {
      const entry = packEntry(reflection, ttlSeconds);
      if (!entry) return;
      const expirationTtl = Math.max(leastTtl, Math.ceil(ttlSeconds));
      await store.put(nameOf(key), entry.text, { expirationTtl, metadata: entry.head });
    },
    remove: (key) => store.delete(nameOf(key)),
  };
}

/** The prefix leaves room for other entries in the namespace. */
function nameOf(key: CacheKey): string {
  return `answer:${key}`;
}
