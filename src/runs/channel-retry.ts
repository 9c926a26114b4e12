/** When an answer that a channel did not take is shown again. Pure. */
import type { FailedAttempt } from './webhook-retry.ts';

/** Milliseconds. People wait for the answer, so the first tries follow soon. */
const firstPause = 1_000;
const longestPause = 5 * 60_000;
/** By how much a pause is made longer at most, as a share of it, so that what failed together does not come back together. */
const mostJitter = 0.2;
/** What the platform may put a try off by. */
const longestWait = 60 * 60_000;
/** Nobody looks for an answer that comes later than this. */
const givenUpAfter = 6 * 60 * 60_000;

/** Epoch milliseconds of the next try; null when that was the last. */
export function nextChannelAttempt({ attempt, firstAt, now, retryAfterMs, chance }: FailedAttempt): number | null {
  const pause = Math.min(firstPause * 2 ** Math.min(attempt - 1, 20), longestPause) * (1 + mostJitter * chance);
  const at = Math.ceil(now + Math.max(pause, Math.min(retryAfterMs ?? 0, longestWait)));
  return at - firstAt > givenUpAfter ? null : at;
}
