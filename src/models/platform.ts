/**
 * The port to what all isolates share about a platform with a limit of its own: its requests per minute, and the states of its models.
 * Only Workers AI has one. No method throws or rejects: when the shared object cannot be reached, calls are made anyway.
 */
import type { BreakerChange } from './breaker.ts';

export type CallGrant =
  /** At least one call. The first is made at once, the others within `validMs`. */
  | {
      readonly type: 'granted';
      /** The id for `release`; null when the shared object was not reached. */
      readonly grant: string | null;
      readonly calls: number;
      readonly validMs: number;
    }
  | { readonly type: 'busy'; readonly retryAfterMs: number };

/** A model that some isolate does not ask, or is about to ask again. */
export interface UnhealthyModel {
  readonly model: string;
  readonly status: 'resting' | 'trying' | 'gone';
}

export interface Platform {
  /** Requests calls for the account, and waits for them a short while. Capacity is shared among accounts. */
  ask(account: string, calls: number): Promise<CallGrant>;
  /** Closes a grant. `madeAgoMs` says how long ago each call was made; the other calls are free for others. */
  release(grant: string | null, madeAgoMs: readonly number[]): void;
  /** Reports what this isolate observed. */
  report(change: BreakerChange): void;
  /** The models that are not known to be healthy; null when the shared object cannot be reached. */
  unhealthyModels(): Promise<readonly UnhealthyModel[] | null>;
}
