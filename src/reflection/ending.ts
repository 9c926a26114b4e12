/** How a run ends: the engine's outcome, an error, or a cancellation. */
import type { AppError, ErrorCode, FieldProblem } from '../errors.ts';
import type { Outcome } from './events.ts';

/** Why a run failed. */
export interface RunError {
  readonly code: ErrorCode;
  readonly message: string;
  /** What of the request was wrong, where it was the request. */
  readonly fields?: readonly FieldProblem[] | undefined;
  /** When it may be asked again, in seconds, where that was said. */
  readonly retry_after_s?: number | undefined;
}

export type Ending =
  | { readonly type: 'completed'; readonly outcome: Outcome }
  | { readonly type: 'failed'; readonly error: RunError }
  | { readonly type: 'cancelled' };

/** What a failed run's record keeps of the error that ended it. */
export function runErrorOf({ code, message, fields, retryAfterSeconds }: AppError): RunError {
  return {
    code,
    message,
    ...(fields.length > 0 && { fields }),
    ...(retryAfterSeconds !== undefined && { retry_after_s: retryAfterSeconds }),
  };
}
