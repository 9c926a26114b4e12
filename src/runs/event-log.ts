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
import type { RunHost, RunStore } from './run-store.ts';
import type { RunOrder } from './runs.ts';
import { storedPasses } from './stored-passes.ts';

/** Deltas are held this long to be joined. */
const frameMs = 10;
/** Deltas, and what comes before the first pass, are stored this late at most. */
const batchMs = 100;
/** How many deltas may be shown before they are stored. Half of it unstored calls for a batch, so that showing need not wait for storage. */
const reserved = 32;

export interface LogHooks {
  /** The log is about to end: what this stores is stored with the terminal event, or neither is. */
  ends(): void;
  /** The log has ended. */
  ended(): void;
}

export class EventLog {
  readonly #store: RunStore;
  readonly #host: RunHost;
  readonly #recorder: Recorder;
  readonly #hooks: LogHooks;
  readonly #coalescer = new DeltaCoalescer();
  readonly #openPasses = new Set<string>();
  /** Events that are not known to be stored for good. */
  #tail: readonly ReflectionEvent[] = [];
  #storedTo = 0;
  #shownTo = 0;
  #reservedTo = 0;
  #ending: ReflectionEvent | undefined;
  #closed = false;
  #isFollowed = false;
  #removed = false;
  #failure: { readonly error: unknown } | undefined;
  #change = Promise.withResolvers<void>();
  #takeBackFrame: (() => void) | undefined;
  #batch: { readonly soon: boolean; readonly takeBack: () => void } | undefined;

  constructor(reflectionId: string, store: RunStore, host: RunHost, now: () => number, hooks: LogHooks) {
    this.#store = store;
    this.#host = host;
    this.#recorder = new Recorder(reflectionId, now);
    this.#hooks = hooks;
  }

  /** The record so far. */
  get record(): Reflection {
    return this.#recorder.record;
  }

  /** Epoch milliseconds of the terminal event; null while the run goes on, and where storage refused it: nobody may be told of that end. */
  get endedAt(): number | null {
    const { ending } = this;
    return ending ? Date.parse(ending.at) : null;
  }

  /** The terminal event; undefined while the run goes on, and where storage refused it. */
  get ending(): ReflectionEvent | undefined {
    return this.#failure ? undefined : this.#ending;
  }

  /** Somebody wants to be shown what happens. */
  get followed(): boolean {
    return this.#isFollowed;
  }

  /** Nothing will be shown beyond what is shown. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Settles when more is shown, or the log was closed. */
  get changed(): Promise<void> {
    return this.#change.promise;
  }

  /** Shown events after the one numbered `id`: a stored batch of them, or those not stored yet. Empty when there are none so far. */
  readAfter(id: number): readonly ReflectionEvent[] {
    if (id >= this.#shownTo) return [];
    const unstored = this.#tail[0];
    const events = unstored && unstored.id <= id + 1 ? this.#tail : (this.#store.batchWith(id + 1)?.events ?? []);
    return events.filter((event) => event.id > id && event.id <= this.#shownTo);
  }

  queued({ request: { include, metadata }, cache }: RunOrder): void {
    this.#append(this.#recorder.queued(include, metadata, cache.status));
    this.#storeLater();
  }

  /** Throws when an earlier batch could not be stored. */
  add(event: EngineEvent): void {
    if (this.#failure) throw this.#failure.error;
    if (event.type === 'pass.delta') {
      const first = this.#coalescer.take(event);
      if (first) this.#append(this.#recorder.stamp(first));
      else this.#takeBackFrame ??= this.#host.after(frameMs, this.#releaseDeltas);
      return;
    }
    this.#releaseDeltas();
    this.#append(this.#recorder.stamp(event));
    if (this.#mustBeStoredFirst(event)) this.flush();
    // Nobody waits for it; and what comes before the first pass would, stored sooner, hold back the first request to a model.
    else if (!this.#isFollowed || (this.#storedTo === 0 && event.type !== 'pass.started')) this.#storeLater();
    else this.#storeSoon();
  }

  /** From now on somebody wants to be shown what happens, which is shown when it is stored. */
  follow(): void {
    if (this.#isFollowed) return;
    this.#isFollowed = true;
    if (this.#recorder.lastId > this.#storedTo) this.#storeSoon();
  }

  /** Ends the log with `run.completed`, `run.failed` or `run.cancelled`. Throws when an earlier batch could not be stored. */
  end(ending: Ending): void {
    if (this.#failure) throw this.#failure.error;
    this.#releaseDeltas();
    this.#append(this.#recorder.end(ending));
    this.flush();
  }

  /** Takes up a log that was broken off, or that has ended: then its last batch is enough. */
  restore(events: readonly ReflectionEvent[], reservedTo: number): void {
    this.#recorder.replay(events);
    const { lastId } = this.#recorder;
    this.#storedTo = lastId;
    this.#shownTo = lastId;
    this.#reservedTo = lastId;
    for (const event of events) this.#notice(event);
    if (this.#ending) this.#closed = true;
    else this.#fillReserved(events, reservedTo);
  }

  /** Stores what is not stored. A log whose storage refused once takes nothing more. */
  flush(): void {
    try {
      this.#write();
    } catch (error) {
      this.#fail(error);
      throw error;
    }
  }

  #write(): void {
    this.#batch?.takeBack();
    this.#batch = undefined;
    // Another execution may be writing here by now.
    if (this.#failure) throw this.#failure.error;
    const { lastId } = this.#recorder;
    if (lastId === this.#storedTo) return;
    const reservedTo = this.#openPasses.size > 0 ? lastId + reserved : lastId;
    this.#host.atomically(() => {
      this.#store.append({ events: this.#tail.filter((event) => event.id > this.#storedTo), reservedTo });
      if (this.#ending) this.#hooks.ends();
    });
    this.#storedTo = lastId;
    if (this.#ending) this.#hooks.ended();
    this.#host.confirmed().then(
      () => this.#confirm(lastId, reservedTo),
      (error: unknown) => this.#fail(error),
    );
  }

  /** Shows nothing more; readers stop. */
  close(): void {
    this.#closed = true;
    this.#tellReaders();
  }

  /** For a log that leaves its store: what is not known to be stored is shown from memory, since it can mean nothing else any more. */
  remove(): void {
    this.#removed = true;
    this.#shownTo = this.#recorder.lastId;
    this.close();
  }

  readonly #releaseDeltas = (): void => {
    this.#takeBackFrame?.();
    this.#takeBackFrame = undefined;
    if (this.#ending) return;
    for (const delta of this.#coalescer.drain()) this.#append(this.#recorder.stamp(delta));
  };

  #append(event: ReflectionEvent): void {
    this.#tail = [...this.#tail, event];
    this.#notice(event);
    if (event.type !== 'pass.delta') return;
    this.#show();
    if (event.id - this.#storedTo >= reserved / 2) this.#storeSoon();
    else this.#storeLater();
  }

  /**
   * What the engine does next is held back by the platform until this is stored: a finished pass, so that none is ever asked for again,
   * and the start of an attempt, so that each one asked for stands in the ledger. Only the start of a whole run waits for nothing,
   * since a run that was lost so early has no ledger either.
   */
  #mustBeStoredFirst({ type }: EngineEvent): boolean {
    if (type === 'pass.started' || type === 'pass.retried') return this.#storedTo > 0;
    return type === 'pass.completed' || type === 'pass.failed' || isTerminal(type);
  }

  #storeLater(): void {
    this.#batch ??= { soon: false, takeBack: this.#host.after(batchMs, this.#flushOrFail) };
  }

  /** In the next turn of the event loop: a burst of checks is one batch, and a model's request goes out before it instead of waiting for it. */
  #storeSoon(): void {
    if (this.#batch?.soon) return;
    this.#batch?.takeBack();
    this.#batch = { soon: true, takeBack: this.#host.after(0, this.#flushOrFail) };
  }

  readonly #flushOrFail = (): void => {
    try {
      this.#write();
    } catch (error) {
      this.#fail(error);
    }
  };

  #notice(event: ReflectionEvent): void {
    if (event.type === 'pass.started') this.#openPasses.add(event.pass);
    if (event.type === 'pass.completed' || event.type === 'pass.failed') this.#openPasses.delete(event.pass);
    if (isTerminal(event.type)) this.#ending = event;
  }

  #confirm(storedTo: number, reservedTo: number): void {
    if (this.#removed) return;
    this.#tail = this.#tail.filter((event) => event.id > storedTo);
    this.#shownTo = Math.max(this.#shownTo, storedTo);
    this.#reservedTo = Math.max(this.#reservedTo, reservedTo);
    if (this.#ending && storedTo === this.#recorder.lastId) this.#closed = true;
    this.#show();
    this.#tellReaders();
  }

  /** Shows deltas that are reserved, up to the first event that is not one. */
  #show(): void {
    const before = this.#shownTo;
    for (const event of this.#tail) {
      if (event.id <= this.#shownTo) continue;
      if (event.type !== 'pass.delta' || event.id > this.#reservedTo) break;
      this.#shownTo = event.id;
    }
    if (this.#shownTo > before) this.#tellReaders();
  }

  /**
   * Readers may have seen deltas under the reserved numbers that no batch holds. Empty deltas take these numbers, so that none is used
   * twice and none is missing; what they stood for belongs to an attempt that is void.
   */
  #fillReserved(events: readonly ReflectionEvent[], reservedTo: number): void {
    const open = [...storedPasses(events).values()].findLast((pass) => pass.ending === null);
    const attempt = open?.attempts.at(-1);
    if (!open || !attempt) return;
    const { pass } = open;
    while (this.#recorder.lastId < reservedTo) {
      const nothing = {
        type: 'pass.delta',
        pass,
        attempt: attempt.attempt,
        offset: attempt.text.length,
        text: '',
      } as const;
      this.#append(this.#recorder.stamp(nothing));
    }
    this.flush();
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
  }

  #tellReaders(): void {
    const { resolve } = this.#change;
    this.#change = Promise.withResolvers<void>();
    resolve();
  }
}
