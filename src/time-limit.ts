/** Waiting for a promise, but not for ever. */

/** Calls `work` after so many milliseconds. The returned function cancels it. */
export type After = (milliseconds: number, work: () => void) => () => void;

export class TimeLimitPassed extends Error {
  constructor() {
    super('The time limit passed.');
    this.name = 'TimeLimitPassed';
  }
}

/**
 * The result of `work`. Rejects with `TimeLimitPassed` when it takes longer than so many milliseconds; `work` itself is not stopped.
 * `after` sets the timer.
 */
export async function withTimeLimit<Result>(
  milliseconds: number,
  work: Promise<Result>,
  after: After = afterTimeout,
): Promise<Result> {
  const late = Promise.withResolvers<never>();
  const cancel = after(milliseconds, () => late.reject(new TimeLimitPassed()));
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    cancel();
  }
}

/** The real `After`. */
export function afterTimeout(milliseconds: number, work: () => void): () => void {
  const timer = setTimeout(work, milliseconds);
  return () => clearTimeout(timer);
}
