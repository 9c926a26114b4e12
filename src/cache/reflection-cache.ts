/** The port to answers that were given before, and the key under which one is found again. */
import type { ReflectionEvent } from '../reflection/events.ts';

/** A finished run, kept to be replayed. */
export interface CachedReflection {
  /** The whole log; the last event is `run.completed`. */
  readonly events: readonly ReflectionEvent[];
  /** Epoch milliseconds. */
  readonly storedAt: number;
}

/** Where one answer is kept: a hash over account, tier and models, prompts, strategy, parameters, messages, checks and sources. */
export type CacheKey = string & { readonly brand: 'CacheKey' };

export interface ReflectionCache {
  /** Undefined when it is not there, cannot be read, or is of another release. Never throws: a cache that is down is a miss. */
  read(key: CacheKey): Promise<CachedReflection | undefined>;
  write(key: CacheKey, reflection: CachedReflection, ttlSeconds: number): Promise<void>;
  /** Other places follow within about a minute. */
  remove(key: CacheKey): Promise<void>;
}
