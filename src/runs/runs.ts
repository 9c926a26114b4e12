/** The port to reflections that are running or were run: start one, read it, follow its events, cancel it, delete it. */
import type { Reflection } from '../reflection/reflection.ts';
import type { ReflectionRequest } from '../reflection/request.ts';

/** `refl_` and an opaque address: where a run lives can be read from its id, and a made-up id is no address. */
export type RunId = string & { readonly brand: 'RunId' };

/** A run that ended before the event after which its reader wants to go on. */
export interface EndedBefore {
  readonly lastEventId: number;
}

export interface Runs {
  /** Starts a run and answers at once; the run goes on whether or not anybody follows it. */
  start(request: ReflectionRequest): Promise<RunId>;
  /** The record so far, or undefined when there is no such run. */
  read(id: string): Promise<Reflection | undefined>;
  /** Waits for the run's end and gives its record; undefined when there is no such run. */
  settled(id: string): Promise<Reflection | undefined>;
  /**
   * The run's events after the one numbered `after`, as the bytes of a server-sent event stream (comment heartbeats included):
   * first what has happened, then what happens, closed after the terminal event. A reader who is ahead of a run that goes on gets the
   * terminal event alone; whoever follows a run that is deleted gets it at once, whatever else was still to be read.
   * Undefined when there is no such run.
   */
  follow(id: string, after: number): Promise<ReadableStream<Uint8Array> | EndedBefore | undefined>;
  /** Stops the run and the model call under way; gives the record, of an ended run too. Undefined when there is no such run. */
  cancel(id: string): Promise<Reflection | undefined>;
  /** Removes the run and everything stored for it, cancelling it first when it is running. False when there is no such run. */
  delete(id: string): Promise<boolean>;
}
