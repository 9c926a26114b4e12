/** The port to whoever is told of a run's end. */
import type { KeyId } from '../accounts/accounts.ts';
import type { Reflection } from '../reflection/record.ts';

export interface Notice {
  readonly url: string;
  readonly key: KeyId;
  readonly record: Reflection;
}

/** `refused`: the receiver wants no more. `failed`: to be tried again, not before `retryAfterMs` where the receiver said so. */
export type Delivery =
  | { readonly type: 'delivered' }
  | { readonly type: 'refused' }
  | { readonly type: 'failed'; readonly retryAfterMs: number | null };

/** Never throws: what goes wrong is `failed`. The same notice may be delivered more than once, under the same id. */
export type Deliver = (notice: Notice) => Promise<Delivery>;
