/** `ReflectionCache` in memory, which keeps what KV would keep, but is the same everywhere at once. */
import { type CacheEntry, packEntry, unpackEntry } from '../../src/cache/cache-entry.ts';
import type { ReflectionCache } from '../../src/cache/reflection-cache.ts';

export function memoryCache(now: () => number = Date.now): ReflectionCache {
  const entries = new Map<string, CacheEntry>();
  return {
    async read(key) {
      const entry = entries.get(key);
      return entry && unpackEntry(entry.head, entry.text, now());
    },
    async write(key, reflection, ttlSeconds) {
      const entry = packEntry(reflection, ttlSeconds);
      if (entry) entries.set(key, entry);
    },
    async remove(key) {
      entries.delete(key);
    },
  };
}
