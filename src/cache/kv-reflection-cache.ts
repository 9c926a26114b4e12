/** The cache in Workers KV: read near the caller, and about a minute behind in other places. */
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

/** Seconds for which a place may answer from what it has read: the least that KV allows, so that a removed answer is gone within about a minute. */
const cacheTtl = 60;
/** The shortest life that KV takes, in seconds. */
const leastTtl = 60;
/** A read from afar takes 100 to 300 ms. */
const usualPatienceMs = 1_000;

/** Only reads bear a KV that fails: whoever writes or removes is told, and may try again (KV takes one write a second for a key). */
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

/** The namespace may hold other things one day. */
function nameOf(key: CacheKey): string {
  return `answer:${key}`;
}
