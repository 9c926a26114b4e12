/** Which answers may be cached, and for how long. Pure. */
import type { Exhausted } from '../reflection/budget.ts';
import type { Reflection } from '../reflection/record.ts';
import type { ReflectionRequest } from '../reflection/request.ts';

/** The lifetime when the request names none. */
const usualSeconds = 3_600;
/** The shortest lifetime in KV. https://developers.cloudflare.com/kv/api/write-key-value-pairs/#expiring-keys */
const leastSeconds = 60;

/** Whether the same request runs out of it every time. */
const isAgainExhausted = {
  calls: true,
  tokens: true,
  money: true,
  deadline: false,
  tokens_per_minute: false,
  daily_usd: false,
} as const satisfies Record<Exhausted, boolean>;

/**
 * Only a complete answer may be cached: not truncated, with known finish reasons, and with no failed pass. One that the deadline or a limit of the
 * account kept from more is not cached, because there may be more next time. One cut short by its own calls, tokens or money is, because it would be again.
 */
export function mayBeCached(record: Reflection, { budget }: Pick<ReflectionRequest, 'budget'>): boolean {
  return (
    record.status === 'completed' &&
    record.finish_reason === 'stop' &&
    record.degraded === null &&
    (record.exhausted === null || isAgainExhausted[record.exhausted]) &&
    !record.usage.passes.some(({ charged, finish_reason }) => charged && finish_reason === 'unknown') &&
    record.timing.total_ms < budget.deadline_ms
  );
}

/** The lifetime in seconds: as requested, but no longer than the run is kept (`keptMs`), because a hit names its run. */
export function secondsInCache({ cache }: Pick<ReflectionRequest, 'cache'>, keptMs: number): number {
  return Math.max(leastSeconds, Math.min(cache.ttl ?? usualSeconds, Math.floor(keptMs / 1_000)));
}
