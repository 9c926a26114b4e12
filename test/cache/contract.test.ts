/** The contract of the cache, held by what tests put in the place of KV. */
import { describeReflectionCache } from '../contracts/reflection-cache.ts';
import { memoryCache } from '../support/memory-cache.ts';

let now: () => number = Date.now;
const cache = memoryCache(() => now());

describeReflectionCache('a cache in memory', (clock) => ({
  read: (key) => {
    now = clock;
    return cache.read(key);
  },
  write: cache.write,
  remove: cache.remove,
}));
