/** The ports to whoever is told of a run: a webhook of its end, and people in a channel of all that happens. */
import type { AccountId, KeyId } from '../accounts/accounts.ts';
import type { ReflectionEvent } from '../reflection/events.ts';
import type { Reflection } from '../reflection/record.ts';
import type { ReflectionRequest } from '../reflection/request.ts';

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

/** Where in which channel an answer belongs. */
export interface ChannelAddress {
  /** The name of the channel's folder. */
  readonly channel: string;
  /** Whose account runs it, as the channel names them. */
  readonly workspace: string;
  /** As the channel wrote it. It may hold what sends an answer, so it stands in no log. */
  readonly address: string;
}

/** A run, as the channel sees it in which it was asked for. */
export interface ChannelRun {
  readonly id: string;
  readonly account: AccountId;
  readonly request: ReflectionRequest;
  readonly address: ChannelAddress;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** What the channel noted last of what it posted; null at first. */
  readonly notes: string | null;
  /** Notes this in place of what was noted before, and settles once it would survive a crash. Rejects where storage refuses. */
  note(notes: string): Promise<void>;
}

export interface GoingRun extends ChannelRun {
  /** What happens, from the first event on, in lots: each is whatever was added since the one before was taken. Ends after the run's last event. */
  events(): AsyncIterable<readonly ReflectionEvent[]>;
}

export interface EndedRun extends ChannelRun {
  readonly record: Reflection;
  /** Epoch milliseconds. */
  readonly endedAt: number;
}

/** How a run is shown to the people who asked for it. A run is shown by one call at a time: `deliver` follows upon the end of `showProgress`. */
export interface ChannelDelivery {
  /**
   * Shows a run while it goes on. After a loss it is called again, with the notes of the time before. Never rejects, and settles within 20 s after the run's end.
   * `abandoned`: nobody can see the answer any more, so that the run may end.
   */
  showProgress(run: GoingRun): Promise<'over' | 'abandoned'>;
  /** Shows the answer. Never rejects. It may be called again after it had failed or was cut off, and shows the answer once all the same. */
  deliver(run: EndedRun): Promise<Delivery>;
}
