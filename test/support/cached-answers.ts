/** Reflections as they are kept in a cache, for tests of it. */
import { cacheKeyOf } from '../../src/cache/cache-key.ts';
import type { CachedReflection, CacheKey } from '../../src/cache/reflection-cache.ts';
import type { EngineEvent } from '../../src/reflection/events.ts';
import type { ReflectionBody } from '../../src/reflection/request.ts';
import { collect, largeRoster, request } from './reflections.ts';

/** A key of its own for each question. */
export function keyFor(input: string): CacheKey {
  return cacheKeyOf('acct_test', request({ input }), largeRoster);
}

async function* answering(text: string): AsyncGenerator<EngineEvent> {
  yield { type: 'run.started', strategy: 'direct', tier: 'balanced', small_judge: false };
  yield { type: 'pass.started', pass: 'draft', role: 'draft', round: 0, attempt: 1, model: 'test/author' };
  yield { type: 'pass.delta', pass: 'draft', attempt: 1, offset: 0, text };
  yield {
    type: 'run.completed',
    outcome: {
      output: text,
      draft: text,
      finish_reason: 'stop',
      decision: 'unreflected',
      exhausted: null,
      degraded: null,
      subject: 'draft',
    },
  };
}

/** A small log of a run that answered with `text`. */
export async function answered(
  text: string,
  storedAt: number,
  body: Partial<ReflectionBody> = {},
): Promise<CachedReflection> {
  const { log } = await collect(answering(text), request(body), () => storedAt);
  return { events: log, storedAt };
}
