/** The contract of the cache, held by Workers KV. */
import { env } from 'cloudflare:workers';
import { kvReflectionCache } from '../../../src/cache/kv-reflection-cache.ts';
import { describeReflectionCache } from '../../contracts/reflection-cache.ts';

describeReflectionCache('a cache in KV', (now) =>
  kvReflectionCache({
    store: env.CACHE,
    now,
    log: (entry) => {
      throw new Error(`Nothing was to be logged: ${entry.event}`);
    },
  }),
);
