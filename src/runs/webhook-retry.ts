/** When a notice that was not taken is sent again. Pure. */

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** Milliseconds from one attempt's failure to the next: ten attempts in about three days. https://www.standardwebhooks.com (retry schedule) */
const pauses = [
  5 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  24 * hour,
] as const;

/** By how much a pause is made longer at most, as a share of it, so that what failed together does not come back together. */
const mostJitter = 0.1;
/** What a receiver may put an attempt off by. */
const longestWait = 24 * hour;
/** After this there is no further attempt, however often the receiver put one off. */
const givenUpAfter = 96 * hour;

export interface FailedAttempt {
  /** From 1. */
  readonly attempt: number;
  /** Epoch milliseconds at which the first one was due. */
  readonly firstAt: number;
  /** Epoch milliseconds of the failure. */
  readonly now: number;
  /** How long the receiver asked to be left alone. */
  readonly retryAfterMs: number | null;
  /** From 0 to 1. */
  readonly chance: number;
}

/** Epoch milliseconds of the next attempt; null when that was the last. */
export function nextWebhookAttempt({ attempt, firstAt, now, retryAfterMs, chance }: FailedAttempt): number | null {
  const pause = pauses[attempt - 1];
  if (pause === undefined) return null;
  const wait = Math.max(pause * (1 + mostJitter * chance), Math.min(retryAfterMs ?? 0, longestWait));
  const at = Math.ceil(now + wait);
  return at - firstAt > givenUpAfter ? null : at;
}
