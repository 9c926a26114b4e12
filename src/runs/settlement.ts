/** What a run tells its account at the end. */
import type { Settlement } from '../accounts/accounts.ts';
import { errorKinds } from '../errors.ts';
import type { Reflection } from '../reflection/record.ts';

/** Undefined while the run goes on. */
export function settlementOf({ id, status, decision, usage, error }: Reflection): Settlement | undefined {
  if (status === 'queued' || status === 'running') return undefined;
  const retryable = error !== null && errorKinds[error.code].retryable;
  return { run: id, status, decision, passes: usage.passes, retryable };
}
