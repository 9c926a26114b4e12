/** How a run ends: the engine's outcome, an error, or a cancellation. */
import type { AppError } from '../errors.ts';
import type { Outcome } from './events.ts';
import type { RunError } from './record.ts';

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
