/** The port to reflections that are running or were run: start one, read it, follow its events, cancel it, rate it, delete it. */
import type { AccountId, KeyId, Settlement } from '../accounts/accounts.ts';
import type { CacheKey } from '../cache/reflection-cache.ts';
import type { Reflection } from '../reflection/record.ts';
import type { ReflectionRequest } from '../reflection/request.ts';

/** `refl_` and an opaque address: where a run is can be read from its id, and a made-up id is no address. */
export type RunId = string & { readonly brand: 'RunId' };

/** What a run is started with. */
export interface RunOrder {
  readonly request: ReflectionRequest;
  /** Who owns it: nobody else can see that it exists. */
  readonly account: AccountId;
  /** Whose webhook secret signs its notice. */
  readonly key: KeyId;
  readonly cache: {
    /** Whether the cache was asked before. */
    readonly status: 'miss' | 'bypass';
    /** Where a good answer is kept for the next who asks. */
    readonly entry: { readonly key: CacheKey; readonly ttlSeconds: number } | null;
  };
}

/** A run that ended before the event after which its reader wants to go on. */
export interface EndedBefore {
  readonly lastEventId: number;
}

/** What somebody thinks of an answer. */
export interface Feedback {
  readonly rating: 'up' | 'down';
  readonly comment: string | null;
  /** What the answer should have been. */
  readonly preferred_output: string | null;
  /** Epoch seconds. */
  readonly created_at: number;
}

/** A run of another account is answered like one that does not exist. */
export interface Runs {
  /** An id for a run that is about to be started: random, never derived from what is asked. */
  newId(): RunId;
  /** Makes a place for a run to come, so that it starts sooner. To be done after an answer; nothing depends on it. */
  prepare(): Promise<void>;
  /**
   * Starts the run and answers at once; it goes on whether or not anybody follows it. Started again, it stays the run it is; one that was
   * deleted within the last day stays deleted.
   */
  start(id: string, order: RunOrder): Promise<void>;
  /** The record so far, with what was asked where it is to be stored; undefined when there is no such run. */
  read(account: AccountId, id: string): Promise<Reflection | undefined>;
  /** Waits for the run's end and gives its record; undefined when there is no such run. With an `order` it is started first, in the same trip. */
  settled(account: AccountId, id: string, order?: RunOrder): Promise<Reflection | undefined>;
  /**
   * The run's events after the one numbered `after`, as the bytes of a server-sent event stream (comment heartbeats included):
   * first what has happened, then what happens, closed after the terminal event. A reader who is ahead of a run that goes on gets the
   * terminal event alone; whoever follows a run that is deleted gets it at once, whatever else was still to be read.
   * Undefined when there is no such run. With an `order` it is started first, in the same trip.
   */
  follow(
    account: AccountId,
    id: string,
    after: number,
    order?: RunOrder,
  ): Promise<ReadableStream<Uint8Array> | EndedBefore | undefined>;
  /** Stops the run and the model call under way; gives the record, of an ended run too. Undefined when there is no such run. */
  cancel(account: AccountId, id: string): Promise<Reflection | undefined>;
  /** Keeps what somebody thinks of the answer, in place of what was said before. False when there is no such run. */
  rate(account: AccountId, id: string, feedback: Feedback): Promise<boolean>;
  /** What was said of it last: null when nobody said anything, undefined when there is no such run. */
  feedback(account: AccountId, id: string): Promise<Feedback | null | undefined>;
  /**
   * Removes the run and everything stored for it, its cache entry too, cancelling it first when it is running. False when there is no such run.
   * Throws `upstream_busy` where its cost could not be settled: it is then still there.
   */
  delete(account: AccountId, id: string): Promise<boolean>;
  /** What became of a run that has not been settled in time. Undefined when there is no trace of it. */
  became(account: AccountId, id: string): Promise<Settlement | 'running' | undefined>;
}
