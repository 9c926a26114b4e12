/** The one error body of every route: RFC 9457's members, OpenAI's `error` object, and for a bad request its bad fields. */
import * as z from 'zod/mini';
import { AppError, type ErrorCode, errorKinds, type FieldProblem } from '../errors.ts';
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
    /** The rest stands where a limit refused. */
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

/** How long to wait where the failure itself did not say: a model out of capacity has some again within seconds. */
const usualRetryAfterSeconds: Partial<Record<ErrorCode, number>> = { upstream_busy: 5 };

/** `x-should-retry` is what the official OpenAI clients obey before they look at the status. */
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

/** Answers with a failure, and tells the access log which it was. */
export function answerProblem(context: HttpContext, error: AppError, reflectionId?: string): Response {
  context.set('problemCode', error.code);
  const body = problem(error, {
    requestId: context.var.requestId,
    ...(reflectionId === undefined ? {} : { reflectionId }),
  });
  return context.body(JSON.stringify(body), errorKinds[error.code].status, problemHeaders(error));
}

/**
 * What a caller is told of any failure. One that is not in the table is a defect of this service: it is answered as a 502, the table's
 * code for "no answer could be had, and the request was not at fault", and none of its own words are shown.
 */
export function publicFailure(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const message =
    'The service could not finish this request. The fault is its own; the request id leads to the log entry.';
  return new AppError('upstream_failed', message, { cause: error });
}
