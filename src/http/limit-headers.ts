/**
 * The state of an account's limits as headers, and a refusal as an error. There are two families of headers: the `RateLimit` fields of the
 * IETF draft, and the `x-ratelimit-*` headers that OpenAI's clients read. Pure.
 */
import type { LimitName, LimitStanding, Refusal } from '../accounts/accounts.ts';
import { AppError } from '../errors.ts';

interface LimitWording {
  /** Its name in the `RateLimit` fields. */
  readonly policy: string;
  /** The draft's quota unit, where it is not the default, `requests`. `tokens` and `microusd` are no registered units. */
  readonly unit?: string;
  readonly windowSeconds?: number;
  /** Converts an amount to the header's unit, in which every amount is a whole number. */
  readonly scale: (amount: number) => number;
  /** The name in OpenAI's family, which knows these two. */
  readonly openai?: string;
  /** Describes what is counted, to follow a number. */
  readonly words: string;
}

const wordings: Readonly<Record<LimitName, LimitWording>> = {
  requests_per_minute: {
    policy: 'requests',
    windowSeconds: 60,
    scale: Math.floor,
    openai: 'requests',
    words: 'requests in 60 seconds',
  },
  tokens_per_minute: {
    policy: 'tokens',
    unit: 'tokens',
    windowSeconds: 60,
    scale: Math.floor,
    openai: 'tokens',
    words: 'tokens in 60 seconds',
  },
  // Has no window: a run counts while it lasts, and its end is not known in advance.
  concurrent_runs: {
    policy: 'concurrent-runs',
    unit: 'concurrent-requests',
    scale: Math.floor,
    words: 'runs at the same time',
  },
  daily_usd: {
    policy: 'daily-usd',
    unit: 'microusd',
    windowSeconds: 86_400,
    scale: microdollarsOf,
    words: 'USD in a UTC day',
  },
};

/**
 * The headers for an answer whose request was held against these limits; `now` in epoch milliseconds, `refusal` where one of them refused.
 * `t` is when the whole limit is free again. With a refusal only the limit that refused has one, and it says when the request may
 * be sent again: so `Retry-After`, which is the same moment, is never earlier than a `t`.
 * https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/ and https://platform.openai.com/docs/guides/rate-limits#rate-limits-in-headers
 */
export function limitHeaders(
  standings: readonly LimitStanding[],
  now: number,
  refusal?: Refusal,
): Readonly<Record<string, string>> {
  // A structured field's list has no empty form.
  if (standings.length === 0) return {};
  return {
    'ratelimit-policy': standings.map(policyItem).join(', '),
    ratelimit: standings.map((standing) => standingItem(standing, now, refusal)).join(', '),
    ...Object.fromEntries(standings.flatMap((standing) => openaiHeaders(standing, now))),
  };
}

function policyItem({ limit, size }: LimitStanding): string {
  const { policy, unit, windowSeconds, scale } = wordings[limit];
  const quotaUnit = unit === undefined ? '' : `;qu="${unit}"`;
  const window = windowSeconds === undefined ? '' : `;w=${windowSeconds}`;
  return `"${policy}";q=${scale(size)}${quotaUnit}${window}`;
}

function standingItem(
  { limit, remaining, resetsAt }: LimitStanding,
  now: number,
  refusal: Refusal | undefined,
): string {
  const { policy, windowSeconds, scale } = wordings[limit];
  const item = `"${policy}";r=${scale(remaining)}`;
  if (refusal) {
    const wait = refusal.limit === limit ? secondsToWait(refusal) : null;
    return wait === null ? item : `${item};t=${wait}`;
  }
  return windowSeconds === undefined ? item : `${item};t=${Math.ceil(untilMs(resetsAt, now) / 1_000)}`;
}

function openaiHeaders({ limit, size, remaining, resetsAt }: LimitStanding, now: number): [string, string][] {
  const { openai, scale } = wordings[limit];
  if (openai === undefined) return [];
  return [
    [`x-ratelimit-limit-${openai}`, String(scale(size))],
    [`x-ratelimit-remaining-${openai}`, String(scale(remaining))],
    [`x-ratelimit-reset-${openai}`, goDuration(untilMs(resetsAt, now))],
  ];
}

/** Zero for what is past: the account's clock may be a little behind. */
function untilMs(moment: number, now: number): number {
  return Math.max(0, Math.ceil(moment - now));
}

/** A time as Go writes it, which OpenAI's headers do: `0s`, `12ms`, `1.5s`, `6m0s`, `1h0m0s`. https://pkg.go.dev/time#Duration.String */
export function goDuration(milliseconds: number): string {
  if (milliseconds > 0 && milliseconds < 1_000) return `${milliseconds}ms`;
  const minutes = Math.floor(milliseconds / 60_000);
  const seconds = `${(milliseconds % 60_000) / 1_000}s`;
  if (minutes === 0) return seconds;
  return minutes < 60 ? `${minutes}m${seconds}` : `${Math.floor(minutes / 60)}h${minutes % 60}m${seconds}`;
}

/** Whole millionths, rounded down. Dollars come as nanodollars divided, so they are made whole again first: 4.999999 is not 4999998. */
function microdollarsOf(usd: number): number {
  return Math.floor(Math.round(usd * 1e9) / 1e3);
}

/** Whole and at least one, since what is sent again too early is refused again. Null when waiting does not help. */
function secondsToWait({ retryAfterMs }: Refusal): number | null {
  return retryAfterMs === null ? null : Math.max(1, Math.ceil(retryAfterMs / 1_000));
}

const advice = {
  rate_limited: (refusal) => {
    const wait = secondsToWait(refusal);
    return wait === null ? 'Send it again when runs have ended.' : `Send it again in ${wait} s.`;
  },
  budget_exhausted: ({ resetsAt }) => `The budget is whole again at ${new Date(resetsAt).toISOString()}.`,
  request_exceeds_limit: () =>
    'That is more than the whole limit, so waiting does not help: ask for less, or have the limit raised.',
} as const satisfies Record<Refusal['code'], (refusal: Refusal) => string>;

/** The fields that a caller may lower when one request exceeds the whole limit. */
const lowers: Readonly<Partial<Record<LimitName, readonly string[]>>> = {
  tokens_per_minute: ['max_output_tokens', 'budget.max_output_tokens', 'budget.max_calls'],
  daily_usd: ['budget.max_cost_usd', 'max_output_tokens', 'budget.max_calls'],
};

/** The error for a request that a limit refused, with machine-readable details. */
export function refusalError(refusal: Refusal): AppError {
  const { code, limit, size, remaining, asked, resetsAt } = refusal;
  const wait = secondsToWait(refusal);
  const message = `The account may use ${size} ${wordings[limit].words}, of which ${remaining} are left, and this request needs ${asked}. ${advice[code](refusal)}`;
  const fields = code === 'request_exceeds_limit' ? (lowers[limit] ?? []) : [];
  return new AppError(code, message, {
    fields: fields.map((field) => ({ field, message: `a lower value needs less of ${limit}` })),
    limit: { limit, size, remaining, resets_at: Math.ceil(resetsAt / 1_000), retry_after_s: wait },
    ...(wait === null ? {} : { retryAfterSeconds: wait }),
  });
}
