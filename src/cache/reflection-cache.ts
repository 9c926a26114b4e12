/** The port to cached answers, and their key. */
import type { ReflectionEvent } from '../reflection/events.ts';

/** A finished run that can be replayed. */
export interface CachedReflection {
  /** The whole log; the last event is `run.completed`. */
  readonly events: readonly ReflectionEvent[];
  /** Epoch milliseconds. */
  readonly storedAt: number;
}

/** The key of one answer: a hash over account, tier and models, prompts, strategy, parameters, messages, checks and sources. */
export type CacheKey = string & { readonly brand: 'CacheKey' };

export interface ReflectionCache {
  /** Undefined when there is none, or it cannot be read or used. Never throws: a cache that is down is a miss. */
  read(key: CacheKey): Promise<CachedReflection | undefined>;
  write(key: CacheKey, reflection: CachedReflection, ttlSeconds: number): Promise<void>;
  /** Takes effect in other locations within about a minute. */
  remove(key: CacheKey): Promise<void>;
}
