/** The error body of every route: RFC 9457's members, OpenAI's `error` object, and the wrong fields of a bad request. */
import * as z from 'zod/mini';
import { AppError, type ErrorCode, errorKinds, type FieldProblem } from '../errors.ts';
import type { RunError } from '../reflection/record.ts';
import type { HttpContext } from './http-env.ts';

const fieldProblem = z.strictObject({ field: z.string(), message: z.string() });

/** The body of every answer with a status of 400 or above. */
export const problemBody = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  instance: z.string(),
  request_id: z.string(),
  /** The run that failed, where there is one. */
  reflection_id: z.optional(z.string()),
  error: z.strictObject({
    message: z.string(),
    type: z.string(),
    param: z.nullable(z.string()),
    code: z.string(),
    /** The following are present when a limit refused. */
    limit: z.optional(z.string()),
    size: z.optional(z.number()),
    remaining: z.optional(z.number()),
    resets_at: z.optional(z.int()),
    retry_after_s: z.optional(z.nullable(z.number())),
  }),
  errors: z.optional(z.array(fieldProblem)),
});

export type Problem = z.output<typeof problemBody>;

interface Occurrence {
  readonly requestId: string;
  readonly reflectionId?: string;
}

/** The body for a failure. https://www.rfc-editor.org/rfc/rfc9457 */
export function problem(error: AppError, occurrence: Occurrence): Problem {
  const { status, title, type } = errorKinds[error.code];
  return {
    type: `urn:edge-reflection:problem:${error.code}`,
    title,
    status,
    detail: error.message,
    instance: `urn:edge-reflection:request:${occurrence.requestId}`,
    request_id: occurrence.requestId,
    ...(occurrence.reflectionId === undefined ? {} : { reflection_id: occurrence.reflectionId }),
    error: { message: error.message, type, param: error.fields[0]?.field || null, code: error.code, ...error.limit },
    ...(status === 400 ? { errors: error.fields.map(({ field, message }: FieldProblem) => ({ field, message })) } : {}),
  };
}

/** `Retry-After` for failures that name no time: a busy model usually has capacity again within seconds. */
const usualRetryAfterSeconds: Partial<Record<ErrorCode, number>> = { upstream_busy: 5 };

/** The official OpenAI clients obey `x-should-retry` before the status. */
function problemHeaders(error: AppError): Record<string, string> {
  const kind = errorKinds[error.code];
  const retryAfter = error.retryAfterSeconds ?? usualRetryAfterSeconds[error.code];
  return {
    'content-type': 'application/problem+json',
    'x-should-retry': String(kind.retryable),
    ...(retryAfter === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfter)) }),
    ...(kind.status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
  };
}

/** Answers with a failure, and records its code for the access log. */
export function answerProblem(context: HttpContext, error: AppError, reflectionId?: string): Response {
  context.set('problemCode', error.code);
  const body = problem(error, {
    requestId: context.get('requestId'),
    ...(reflectionId === undefined ? {} : { reflectionId }),
  });
  return context.body(JSON.stringify(body), errorKinds[error.code].status, problemHeaders(error));
}

/** Why a run failed, as the error that its caller is answered with. */
export function failureOf({ code, message, fields, retry_after_s }: RunError): AppError {
  return new AppError(code, message, {
    ...(fields && { fields }),
    ...(retry_after_s !== undefined && { retryAfterSeconds: retry_after_s }),
  });
}

/**
 * The public form of any failure. An error that is not an `AppError` is a defect of this service. It is answered as a 502, which means that
 * the request was not at fault, and its own message is not shown.
 */
export function publicFailure(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const message =
    'The service could not finish this request. The fault is its own; the request id leads to the log entry.';
  return new AppError('upstream_failed', message, { cause: error });
}
