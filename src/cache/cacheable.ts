/** Which answers may be given again, and for how long. Pure. */
import type { Reflection } from '../reflection/record.ts';
import type { ReflectionRequest } from '../reflection/request.ts';

/** How long an answer is kept when the caller does not say. */
const usualSeconds = 3_600;
/** The shortest that KV keeps anything. https://developers.cloudflare.com/kv/api/write-key-value-pairs/#expiring-keys */
const leastSeconds = 60;

/**
 * Only a whole answer by everybody who was asked: completed, not cut, ended by a word that is known, with no pass that could not be had. Nor one that the clock cut short,
 * which tells how slow the models were that minute; what calls, tokens or money cut short would be so again.
 */
export function mayBeCached(record: Reflection, { budget }: Pick<ReflectionRequest, 'budget'>): boolean {
  return (
    record.status === 'completed' &&
    record.finish_reason === 'stop' &&
    record.degraded === null &&
    !record.usage.passes.some(({ charged, finish_reason }) => charged && finish_reason === 'unknown') &&
    record.timing.total_ms < budget.deadline_ms
  );
}

/** How long the answer may be given again, in seconds: as asked, but never longer than its run is kept (`keptMs`), which a hit points to. */
export function secondsInCache({ cache }: Pick<ReflectionRequest, 'cache'>, keptMs: number): number {
  return Math.max(leastSeconds, Math.min(cache.ttl ?? usualSeconds, Math.floor(keptMs / 1_000)));
}
