/** What was asked, as it stands in the record of a reflection that the caller wanted stored. */
import type { Reflection } from './record.ts';
import type { ReflectionRequest } from './request.ts';

/** The record with what was asked, where it is to be stored. */
export function withRequest(
  record: Reflection,
  { tier, strategy, metadata: _, ...request }: ReflectionRequest,
): Reflection {
  return request.store ? { ...record, tier, strategy, request } : record;
}
