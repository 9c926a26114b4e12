/** What a run tells its account at the end. */
import type { Settlement } from '../accounts/accounts.ts';
import type { Reflection } from '../reflection/reflection.ts';

/** Undefined while the run goes on. */
export function settlementOf({ id, status, decision, usage }: Reflection): Settlement | undefined {
  if (status === 'queued' || status === 'running') return undefined;
  return { run: id, status, decision, passes: usage.passes };
}
