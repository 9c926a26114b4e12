/**
 * The port to what all isolates of the service share about a platform with a limit of its own: its requests a minute, and how its models are.
 * Only Workers AI has one. Nothing in it throws or rejects: where the shared place cannot be asked, calls are made all the same.
 */
import type { BreakerChange } from './breaker.ts';

export type CallGrant =
  /** At least one call. The first is made at once, the others within `validMs`. */
  | {
      readonly type: 'granted';
      /** What to give the grant back by. */
      readonly grant: string | null;
      readonly calls: number;
      readonly validMs: number;
    }
  | { readonly type: 'busy'; readonly retryAfterMs: number };

/** A model that some isolate leaves alone, or left alone until just now. */
export interface Ailing {
  readonly model: string;
  readonly status: 'resting' | 'trying' | 'gone';
}

export interface Platform {
  /** Asks for calls in the name of the account among whose runs and those of others capacity is shared; waits for them a short while. */
  ask(account: string, calls: number): Promise<CallGrant>;
  /** Closes a grant: how many milliseconds ago each of its calls was made. Those that were not made are free for others. */
  giveBack(grant: string | null, madeAgoMs: readonly number[]): void;
  /** Tells what this isolate saw of a model. */
  report(change: BreakerChange): void;
  /** The models that are not known to be well; null when nobody can be asked. */
  ailing(): Promise<readonly Ailing[] | null>;
}
