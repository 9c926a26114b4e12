/**
 * A run's log as it grows: events get their numbers, are stored in batches, and are shown to readers.
 *
 * An event is shown when a crash can no longer make its number mean something else: it is stored for good, or it is a delta whose number
 * a stored batch has reserved. `docs/decisions/event-log.md` has the reasons and what was rejected.
 */

import type { Ending } from '../reflection/ending.ts';
import { type EngineEvent, isTerminal, type ReflectionEvent } from '../reflection/events.ts';
import type { Reflection } from '../reflection/record.ts';
import { Recorder } from '../reflection/recorder.ts';
import { DeltaCoalescer } from './delta-coalescer.ts';
import { LogReaders } from './log-readers.ts';
import type { RunHost, RunStore } from './run-store.ts';
import type { RunOrder } from './runs.ts';
import { emptyDelta } from './stored-passes.ts';
import { type LogStanding, mayWaitMs, mustBeStoredAtOnce, reserved } from './write-order.ts';

export interface LogHooks {
  /** The log has ended: what this saves is stored with the terminal event, or neither is. */
  ends(): void;
  /** What was saved so far is stored, for the first time. */
  begun(): void;
  /** Storage takes other runs and not this one: what it has not stored is given up. */
  refused(error: unknown): void;
}

export class EventLog {
  readonly #store: RunStore;
  readonly #host: RunHost;
  readonly #now: () => number;
  readonly #recorder: Recorder;
  readonly #hooks: LogHooks;
  readonly #coalescer = new DeltaCoalescer();
  readonly readers = new LogReaders();
  readonly #openPasses = new Set<string>();
  /** Events that are not known to be stored for good. */
  #tail: ReflectionEvent[] = [];
  /** Up to here events were written; that they survive is known a little later. 0 while nothing of the run would survive. */
  #writtenTo = 0;
  #shownTo = 0;
  /** Of the last event that was saved, and of what is known to survive. */
  #reserving = 0;
  #reservedTo = 0;
  #ending: ReflectionEvent | undefined;
  /** Epoch milliseconds; read often. */
  #endingAt: number | null = null;
  #endIsUnsure = false;
  #hasAsked = false;
  #isFollowed = false;
  #removed = false;
  #failure: { readonly error: unknown } | undefined;
  readonly #endStored = Promise.withResolvers<void>();

  constructor(reflectionId: string, store: RunStore, host: RunHost, now: () => number, hooks: LogHooks) {
    this.#store = store;
    this.#host = host;
    this.#now = now;
    this.#recorder = new Recorder(reflectionId, now);
    this.#hooks = hooks;
  }

  /** The record so far. */
  get record(): Reflection {
    return this.#recorder.record;
  }

  /** Epoch milliseconds of the terminal event; null while the run goes on, and where storage refused it: nobody may be told of that end. */
  get endedAt(): number | null {
    return this.ending ? this.#endingAt : null;
  }

  /** The terminal event; undefined while the run goes on, and where storage refused it. */
  get ending(): ReflectionEvent | undefined {
    return this.#failure || this.#endIsUnsure ? undefined : this.#ending;
  }

  /** Whether anything of the run would survive a crash, or is about to. */
  get isStored(): boolean {
    return this.#writtenTo > 0;
  }

  /** Nothing more can happen, whether or not that is stored. */
  get isOver(): boolean {
    return this.#ending !== undefined;
  }

  /** The log has ended, and storage refuses to take that. */
  get endIsUnsure(): boolean {
    return this.#endIsUnsure;
  }

  /** Somebody wants to be shown what happens. */
  get followed(): boolean {
    return this.#isFollowed;
  }

  /** Nothing will be shown beyond what is shown. */
  get closed(): boolean {
    return this.readers.isClosed;
  }

  /** Shown events after the one numbered `id`: a stored batch of them, or those not stored yet. Empty when there are none so far. */
  readAfter(id: number): readonly ReflectionEvent[] {
    if (id >= this.#shownTo) return [];
    const unstored = this.#tail[0];
    const events = unstored && unstored.id <= id + 1 ? this.#tail : (this.#store.batchWith(id + 1)?.events ?? []);
    return events.filter((event) => event.id > id && event.id <= this.#shownTo);
  }

  /** Settles once the terminal event would survive a crash. */
  get endStored(): Promise<void> {
    return this.#endStored.promise;
  }

  queued({ request: { include, metadata }, cache }: RunOrder): void {
    this.#append(this.#recorder.queued(include, metadata, cache.status));
  }

  /** Throws where what must be stored first could not be. */
  add(event: EngineEvent): void {
    if (this.#failure) throw this.#failure.error;
    this.#store.flushIfLate();
    if (event.type === 'pass.delta') {
      const leaving = this.#coalescer.take(event, this.#now());
      if (leaving.length === 0) this.#host.atNextFrame(this.#releaseDeltas);
      for (const delta of leaving) this.#append(this.#recorder.stamp(delta));
      return;
    }
    this.#releaseDeltas();
    const mustBeStored = mustBeStoredAtOnce(event, this.#standing);
    this.#append(this.#recorder.stamp(event));
    if (isTerminal(event.type)) this.#finish();
    else if (mustBeStored) this.flush();
  }

  /** From now on somebody wants to be shown what happens. */
  follow(): void {
    this.#isFollowed = true;
  }

  /** Ends the log with `run.completed`, `run.failed` or `run.cancelled`. Throws where storage refuses. */
  end(ending: Ending): void {
    if (this.#failure) throw this.#failure.error;
    if (this.#ending) return;
    this.#releaseDeltas();
    this.#append(this.#recorder.end(ending));
    this.#finish();
  }

  /**
   * The end of a run that is stored in part is stored before anybody is told. One that is over sooner is told at once, and a crash right then
   * forgets all of it.
   */
  #finish(): void {
    this.#hooks.ends();
    if (this.#writtenTo === 0) {
      this.close();
      return;
    }
    try {
      this.#store.flush();
    } catch {
      // Whatever waits is tried again. Until then a crash would take the end back, so nobody is told of it.
      this.#endIsUnsure = true;
    }
  }

  /**
   * Takes up a log that was broken off, or that has ended: then its last batch is enough. `isConfirmed`: it would survive a crash, which is not so
   * of what was written a moment ago.
   */
  restore(events: readonly ReflectionEvent[], reservedTo: number, isConfirmed: boolean): void {
    this.#recorder.replay(events);
    const { lastId } = this.#recorder;
    this.#reserving = lastId;
    for (const event of events) this.#notice(event);
    if (isConfirmed) {
      this.#writtenTo = lastId;
      this.#confirm(lastId, lastId);
    } else this.#written();
    if (!this.#ending) this.#fillReserved(events, reservedTo);
  }

  /** Stores now what is not stored. A log whose storage refused once takes nothing more. */
  flush(): void {
    try {
      this.#store.flush();
    } catch (error) {
      this.#failure ??= { error };
      throw error;
    }
  }

  /** Shows nothing more; readers stop. */
  close(): void {
    this.readers.close();
  }

  /** For a log that leaves its store: what is not known to be stored is shown from memory, since it can mean nothing else any more. */
  remove(): void {
    this.#removed = true;
    this.#shownTo = this.#recorder.lastId;
    this.close();
  }

  readonly #releaseDeltas = (): void => {
    if (this.#ending || this.#failure) return;
    for (const delta of this.#coalescer.drain(this.#now())) this.#append(this.#recorder.stamp(delta));
  };

  get #standing(): LogStanding {
    return { writtenTo: this.#writtenTo, hasAsked: this.#hasAsked, isFollowed: this.#isFollowed };
  }

  #append(event: ReflectionEvent): void {
    this.#tail.push(event);
    this.#notice(event);
    this.#reserving = this.#openPasses.size > 0 ? event.id + reserved : event.id;
    const batch = { events: [event], reservedTo: this.#reserving };
    this.#store.append(batch, mayWaitMs(event, this.#standing), this.#written, this.#refused);
    this.#show();
  }

  readonly #refused = (error: unknown): void => {
    this.#failure ??= { error };
    this.#hooks.refused(error);
  };

  readonly #written = (): void => {
    const begins = this.#writtenTo === 0;
    const [writtenTo, reservedTo] = [this.#recorder.lastId, this.#reserving];
    this.#writtenTo = writtenTo;
    if (begins) this.#hooks.begun();
    this.#host.confirmed().then(
      () => this.#confirm(writtenTo, reservedTo),
      (error: unknown) => {
        this.#failure ??= { error };
      },
    );
  };

  #notice(event: ReflectionEvent): void {
    if (event.type === 'pass.started') {
      this.#openPasses.add(event.pass);
      this.#hasAsked = true;
    }
    if (event.type === 'pass.completed' || event.type === 'pass.failed') this.#openPasses.delete(event.pass);
    if (!isTerminal(event.type)) return;
    this.#ending = event;
    this.#endingAt = Date.parse(event.at);
  }

  #confirm(storedTo: number, reservedTo: number): void {
    if (this.#removed) return;
    this.#tail = this.#tail.filter((event) => event.id > storedTo);
    this.#shownTo = Math.max(this.#shownTo, storedTo);
    this.#reservedTo = Math.max(this.#reservedTo, reservedTo);
    if (this.#ending && storedTo === this.#recorder.lastId) {
      this.#endIsUnsure = false;
      this.readers.close();
      this.#endStored.resolve();
    }
    this.#show();
    this.readers.tell();
  }

  /** Shows deltas that are reserved, up to the first event that is not one; and everything of a run of which nothing would survive. */
  #show(): void {
    const before = this.#shownTo;
    if (this.#writtenTo === 0) this.#shownTo = this.#recorder.lastId;
    for (const event of this.#tail) {
      if (event.id <= this.#shownTo) continue;
      if (event.type !== 'pass.delta' || event.id > this.#reservedTo) break;
      this.#shownTo = event.id;
    }
    if (this.#shownTo > before) this.readers.tell();
  }

  /** Readers may have seen deltas under the reserved numbers that no batch holds: others take these numbers. */
  #fillReserved(events: readonly ReflectionEvent[], reservedTo: number): void {
    const nothing = emptyDelta(events);
    if (!nothing) return;
    while (this.#recorder.lastId < reservedTo) this.#append(this.#recorder.stamp(nothing));
    this.flush();
  }
}
