/** How a call to a platform ended, as far as the caller can know. */
export type CallResult<Answer> =
  | { readonly type: 'done'; readonly answer: Answer }
  /** The platform said no, and the same call would be refused again. `error` is the platform's word for it. */
  | { readonly type: 'refused'; readonly error: string }
  /** The platform did nothing, and may do it later. */
  | { readonly type: 'later'; readonly retryAfterMs: number | null }
  /** A server error, a broken connection or a time limit: it may have been done or not. */
  | { readonly type: 'unknown' };
