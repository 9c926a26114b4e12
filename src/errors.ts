/**
 * All failures, as one closed table. Code throws an `AppError` with a code; only this table holds its HTTP status, title and retry advice.
 * Also the log as a port, and the form in which it records an error.
 */

interface ErrorKind {
  readonly status: 400 | 401 | 403 | 404 | 405 | 413 | 415 | 422 | 429 | 502 | 503 | 504;
  readonly title: string;
  /** The OpenAI error `type` that official clients branch on. */
  readonly type: string;
  /** Whether the same request may succeed later without being changed. */
  readonly retryable: boolean;
}

export const errorKinds = {
  invalid_request: { status: 400, title: 'Invalid request', type: 'invalid_request_error', retryable: false },
  unsupported_parameter: {
    status: 400,
    title: 'Unsupported parameter',
    type: 'invalid_request_error',
    retryable: false,
  },
  tier_policy: { status: 400, title: 'A small model may not judge', type: 'invalid_request_error', retryable: false },
  context_length_exceeded: {
    status: 400,
    title: 'Context length exceeded',
    type: 'invalid_request_error',
    retryable: false,
  },
  request_exceeds_limit: {
    status: 400,
    title: 'Request exceeds the whole limit',
    type: 'invalid_request_error',
    retryable: false,
  },
  invalid_api_key: { status: 401, title: 'Invalid API key', type: 'authentication_error', retryable: false },
  invalid_signature: { status: 401, title: 'Invalid signature', type: 'authentication_error', retryable: false },
  missing_scope: { status: 403, title: 'Missing scope', type: 'permission_error', retryable: false },
  not_found: { status: 404, title: 'Not found', type: 'not_found_error', retryable: false },
  method_not_allowed: { status: 405, title: 'Method not allowed', type: 'invalid_request_error', retryable: false },
  body_too_large: { status: 413, title: 'Body too large', type: 'invalid_request_error', retryable: false },
  unsupported_media_type: {
    status: 415,
    title: 'Unsupported media type',
    type: 'invalid_request_error',
    retryable: false,
  },
  idempotency_mismatch: {
    status: 422,
    title: 'Idempotency key used with another body',
    type: 'invalid_request_error',
    retryable: false,
  },
  rate_limited: { status: 429, title: 'Rate limited', type: 'rate_limit_error', retryable: true },
  budget_exhausted: { status: 429, title: 'Budget exhausted', type: 'insufficient_quota', retryable: false },
  upstream_quota: {
    status: 429,
    title: 'The model provider’s daily quota is spent',
    type: 'insufficient_quota',
    retryable: false,
  },
  upstream_failed: { status: 502, title: 'The model failed', type: 'api_error', retryable: true },
  upstream_busy: { status: 503, title: 'The model is out of capacity', type: 'api_error', retryable: true },
  only_if_cached_miss: { status: 504, title: 'Not in the cache', type: 'api_error', retryable: false },
  deadline: { status: 504, title: 'Deadline passed before there was an answer', type: 'api_error', retryable: true },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof errorKinds;

/** One wrong field of a request: where it is, what was wrong and what was expected. */
export interface FieldProblem {
  /** Dotted path, such as `checks[0].max`; empty for the body itself. */
  readonly field: string;
  readonly message: string;
}

/** Which limit refused, for a machine to read. */
export interface LimitProblem {
  readonly limit: string;
  readonly size: number;
  readonly remaining: number;
  /** Epoch seconds. */
  readonly resets_at: number;
  /** Null when waiting does not help. */
  readonly retry_after_s: number | null;
}

interface AppErrorOptions {
  readonly cause?: unknown;
  readonly fields?: readonly FieldProblem[];
  readonly retryAfterSeconds?: number;
  readonly limit?: LimitProblem;
}

/** A failure with a code from the table. `message` is shown to the caller, so it holds no prompt, key or stack. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly fields: readonly FieldProblem[];
  readonly retryAfterSeconds: number | undefined;
  readonly limit: LimitProblem | undefined;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.fields = options.fields ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.limit = options.limit;
  }
}

/**
 * The error for fields of a request that are wrong. Its message names each of them, and calls the body itself `body`.
 * `code`, when not `invalid_request`, and `cause` are passed on.
 */
export function invalidFields(
  fields: readonly FieldProblem[],
  { code = 'invalid_request', cause }: { readonly code?: ErrorCode; readonly cause?: unknown } = {},
): AppError {
  const message = fields.map((problem) => `${problem.field || 'body'}: ${problem.message}`).join('; ');
  return new AppError(code, message, { fields, cause });
}

/** One structured entry. It holds no prompts, no answers and no keys. */
export interface LogEntry {
  readonly level: 'info' | 'warn' | 'error';
  /** Noun and verb, such as `request.answered`. */
  readonly event: string;
  readonly [member: string]: unknown;
}

export type Log = (entry: LogEntry) => void;

export interface ErrorTrace {
  /** The error's name. */
  readonly error: string;
  readonly code?: ErrorCode;
  readonly message?: string;
  /** The frames, innermost first. */
  readonly stack: readonly string[];
  readonly cause?: ErrorTrace;
}

const deepestCause = 4;

/**
 * An error for the log: its name, its place and its causes. The message is left out, because it may quote user input;
 * an `AppError`'s message is our own and is included.
 */
export function whereFrom(error: unknown, depth = 0): ErrorTrace {
  if (!(error instanceof Error)) return { error: typeof error, stack: [] };
  // The stack begins with the message, and a line of the message might look like a frame.
  const frames = (error.stack ?? '').replace(error.message, () => '').split('\n');
  return {
    error: error.name,
    ...(error instanceof AppError ? { code: error.code, message: error.message } : {}),
    stack: frames.map((line) => line.trim()).filter((line) => line.startsWith('at ')),
    ...(error.cause === undefined || depth === deepestCause ? {} : { cause: whereFrom(error.cause, depth + 1) }),
  };
}
