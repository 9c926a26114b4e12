/** Questions to Durable Objects that may be lost on the way. */
import { AppError } from '../errors.ts';

/** What the platform says of a failed call. https://developers.cloudflare.com/durable-objects/best-practices/error-handling/ */
interface CallFailure {
  readonly retryable?: unknown;
  readonly overloaded?: unknown;
  readonly durableObjectReset?: unknown;
}

function failureOf(error: unknown): CallFailure {
  return typeof error === 'object' && error !== null ? error : {};
}

/**
 * Asks again when the object was lost on the way; `question` must take a fresh stub each time, since one that threw stays broken, and must
 * be one that may be asked twice. An overloaded object is left alone: asking it again would make it worse.
 * Throws `upstream_busy` with the sentence `busy` for an object that cannot be asked, and whatever else the object itself threw.
 */
export async function retryOnReset<Answer>(question: () => Promise<Answer>, busy: string): Promise<Answer> {
  try {
    return await question();
  } catch (error) {
    if (!isLost(error)) throw busyOr(error, busy);
  }
  try {
    return await question();
  } catch (error) {
    throw busyOr(error, busy);
  }
}

function isLost(error: unknown): boolean {
  const { retryable, overloaded, durableObjectReset } = failureOf(error);
  return overloaded !== true && (retryable === true || durableObjectReset === true);
}

function busyOr(error: unknown, busy: string): unknown {
  if (!isLost(error) && failureOf(error).overloaded !== true) return error;
  return new AppError('upstream_busy', busy, { cause: error, retryAfterSeconds: 1 });
}
