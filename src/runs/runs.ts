/** The port to reflections that are running or were run: start one, read it, follow its events, cancel it, rate it, delete it. */
import type { AccountId, Admission, Ask, Caller, KeyId } from '../accounts/accounts.ts';
import type { CacheKey } from '../cache/reflection-cache.ts';
import type { Reflection } from '../reflection/record.ts';
import type { ReflectionRequest } from '../reflection/request.ts';
import type { ChannelAddress } from './deliver.ts';

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
  /** Where it is shown; null where only its caller and its webhook are told. */
  readonly channel: ChannelAddress | null;
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

/** How much of a run its caller waits for. */
export type RunAwaits = 'start' | 'end' | 'events';

/** A request for a run: what it is held against the account with, and what it is started with. */
export interface RunRequest {
  readonly ask: Omit<Ask, 'run' | 'tried'>;
  readonly order: RunOrder;
  readonly awaits: RunAwaits;
}

/** A record as it crosses from its run's object and leaves: as JSON that nobody parses on the way, beside what is looked at there. */
export interface RecordText extends Pick<Reflection, 'decision' | 'error'> {
  /** The whole record. */
  readonly json: string;
}

/** What was awaited of a run: its record as it stands or at its end, or the bytes of its events. */
export type RunAnswer = { readonly record: RecordText } | { readonly events: ReadableStream<Uint8Array> };

/** An admission, and of an admitted run what was awaited; null where the run is no longer there. */
export type Begun = Exclude<Admission, AdmittedRun> | (AdmittedRun & { readonly answer: RunAnswer | null });

type AdmittedRun = Extract<Admission, { readonly run: string }>;

/** A run of another account is answered like one that does not exist. */
export interface Runs {
  /**
   * Admits a run and starts it, or follows the one that answers the same request, in one step. The key and its `reflect` scope are looked at here,
   * not in what is remembered of them. The run goes on whether or not anybody waits for it. Asked again after a loss, it starts no second run.
   * Throws `invalid_api_key` and `missing_scope`, and `upstream_busy` when the account cannot be asked.
   */
  begin(caller: Caller, request: RunRequest): Promise<Begun>;
  /** The record so far, with what was asked where it is to be stored; undefined when there is no such run. */
  read(account: AccountId, id: string): Promise<Reflection | undefined>;
  /** Waits for the run's end and gives its record; undefined when there is no such run. */
  ended(account: AccountId, id: string): Promise<Reflection | undefined>;
  /**
   * The run's events after the one numbered `after`, as the bytes of a server-sent event stream (comment heartbeats included):
   * first what has happened, then what happens, closed after the terminal event. A reader who is ahead of a run that goes on gets the
   * terminal event alone; whoever follows a run that is deleted gets it at once, whatever else was still to be read.
   * Undefined when there is no such run.
   */
  follow(account: AccountId, id: string, after: number): Promise<ReadableStream<Uint8Array> | EndedBefore | undefined>;
  /** Stops the run and the model call under way; gives the record, of an ended run too. Undefined when there is no such run. */
  cancel(account: AccountId, id: string): Promise<Reflection | undefined>;
  /** Keeps what somebody thinks of the answer, in place of what was said before. False when there is no such run. */
  rate(account: AccountId, id: string, feedback: Feedback): Promise<boolean>;
  /** What was said of it last: null when nobody said anything, undefined when there is no such run. */
  feedback(account: AccountId, id: string): Promise<Feedback | null | undefined>;
  /**
   * Removes the run and everything stored for it, its cache entry too, cancelling it first when it is running. False when there is no such run.
   * Throws `upstream_busy` where its answer could not be taken out of the cache: it is then still there.
   */
  delete(account: AccountId, id: string): Promise<boolean>;
}
