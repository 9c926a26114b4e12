/** A failure of our own as a value: so it crosses from one object to another whole, which an error that is thrown may not. */
import { AppError, type ErrorCode } from '../errors.ts';

export type Outcome<Value> =
  | { readonly value: Value }
  | { readonly failure: { readonly code: ErrorCode; readonly message: string } };

/** Runs the work, and gives what it throws as a value when it is an `AppError`. */
export function outcomeOf<Value>(work: () => Value): Outcome<Value> {
  try {
    return { value: work() };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { failure: { code: error.code, message: error.message } };
  }
}

/** The value, or the failure thrown as the `AppError` that it was. */
export function valueIn<Value>(outcome: Outcome<Value>): Value {
  if ('value' in outcome) return outcome.value;
  throw new AppError(outcome.failure.code, outcome.failure.message);
}
