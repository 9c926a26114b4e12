/** A cache hit: the events and the record of the cached run, at no charge. Pure. */
import type { ReflectionEvent } from '../reflection/events.ts';
import type { PassUsage, Reflection, Usage } from '../reflection/record.ts';
import type { ReflectionRequest } from '../reflection/request.ts';
import type { CachedReflection } from './reflection-cache.ts';

export interface CacheHit {
  /** The whole log, deltas and reasoning included; `fold` makes `record` of it. */
  readonly events: readonly ReflectionEvent[];
  readonly record: Reflection;
}

/**
 * The cached run as this request's answer. Id, event numbers, times and texts are the original's; the metadata is this request's. Its passes
 * are listed as not charged, and every total is zero.
 */
export function hitOf(
  { events, storedAt }: CachedReflection,
  { metadata }: Pick<ReflectionRequest, 'metadata'>,
  nowMs: number,
): CacheHit {
  const last = events.at(-1);
  if (last?.type !== 'run.completed') throw new Error('What was kept is not a completed run.');
  const record: Reflection = {
    ...last.reflection,
    metadata,
    usage: unchargedUsage(last.reflection.usage),
    cache: { status: 'hit', age_s: Math.max(0, Math.floor((nowMs - storedAt) / 1_000)) },
  };
  return { events: events.map((event) => replayed(event, record)), record };
}

function replayed(event: ReflectionEvent, record: Reflection): ReflectionEvent {
  switch (event.type) {
    case 'run.queued':
      return { ...event, metadata: record.metadata };
    case 'pass.retried':
    case 'pass.completed':
    case 'pass.failed':
      return { ...event, usage: uncharged(event.usage) };
    case 'run.completed':
      return { ...event, reflection: record };
    default:
      return event;
  }
}

function uncharged(usage: PassUsage): PassUsage {
  return { ...usage, charged: false };
}

function unchargedUsage({ passes }: Usage): Usage {
  return {
    input_tokens: 0,
    output_tokens: 0,
    total_tokens: 0,
    cost_usd: 0,
    neurons: null,
    passes: passes.map(uncharged),
  };
}
