/** One instance of a Durable Object: its timers, its writes and its waiting, all of which end with it. */
import type { Timeline } from './timeline.ts';

/** What an object throws whose storage refuses a write. */
export const refusedWrite = 'The disk is full.';

export function isRefusedWrite(error: unknown): boolean {
  return error instanceof Error && error.message === refusedWrite;
}

/** `evicted`: what was written is committed first. `crashed`: what was not yet committed is gone. */
export type Loss = 'evicted' | 'crashed';

interface InstanceOptions {
  readonly timeline: Timeline;
  /** How long storage takes to commit, in milliseconds. */
  readonly commitMs: number;
  /** Asked before each step: an object is lost between any two of them. */
  readonly survives: () => boolean;
  /** What one turn has written was committed. */
  readonly committed: () => void;
}

export class ObjectInstance {
  readonly #timeline: Timeline;
  readonly #commitMs: number;
  readonly #survives: () => boolean;
  readonly #toldCommitted: () => void;
  readonly #loss = Promise.withResolvers<never>();
  #alive = true;
  /** What one turn has written is committed at once, apart from what later turns write. */
  #turn: { readonly at: number; readonly changes: (() => void)[] } | undefined;
  readonly #uncommitted: (readonly (() => void)[])[] = [];
  #committedAt = 0;
  #confirmed: Promise<void> = Promise.resolve();

  constructor({ timeline, commitMs, survives, committed }: InstanceOptions) {
    this.#timeline = timeline;
    this.#commitMs = commitMs;
    this.#survives = survives;
    this.#toldCommitted = committed;
    this.#loss.promise.catch(() => undefined);
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** Rejects, as the platform does, when the object is lost. */
  get lost(): Promise<never> {
    return this.#loss.promise;
  }

  /** Something reaches the object: it goes on with `work`, unless this is where it is lost. */
  step(work: () => void): void {
    if (this.#alive && this.#survives()) work();
  }

  after(milliseconds: number, work: () => void): () => void {
    if (!this.#alive) return () => {};
    return this.#timeline.after(milliseconds, () => this.step(() => workOfTimer(work)));
  }

  /** Resolves after so many milliseconds, or as soon as the signal aborts. Never rejects. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const takeBack = this.after(milliseconds, () => {
        signal?.removeEventListener('abort', wake);
        resolve();
      });
      const wake = (): void => {
        takeBack();
        resolve();
      };
      signal?.addEventListener('abort', wake, { once: true });
    });
  }

  /** What somebody else promised, as far as this instance lasts. */
  held<Value>(promised: Promise<Value>): Promise<Value> {
    return new Promise((resolve, reject) => {
      promised.then(
        (value) => this.step(() => resolve(value)),
        (error: unknown) => this.step(() => reject(error)),
      );
    });
  }

  /** `change` is made to what survives, once it is committed. */
  write(change: () => void): void {
    if (!this.#alive) return;
    // A turn is over when the next thing happens.
    if (this.#turn?.at === this.#timeline.happened) {
      this.#turn.changes.push(change);
      return;
    }
    const turn = { at: this.#timeline.happened, changes: [change] };
    this.#turn = turn;
    this.#uncommitted.push(turn.changes);
    this.#committedAt = Math.max(this.#committedAt, this.#timeline.now + this.#commitMs);
    this.#confirmed = new Promise((resolve) => {
      this.after(this.#committedAt - this.#timeline.now, () => {
        this.#uncommitted.shift();
        this.#commit(turn.changes);
        this.step(resolve);
      });
    });
  }

  /** Something was written that a crash would take back. */
  get hasUncommitted(): boolean {
    return this.#uncommitted.length > 0;
  }

  /** Settles once all that was written so far would survive; never in an instance that is lost, so that nothing leaves it. */
  confirmed(): Promise<void> {
    return this.#alive ? this.#confirmed : new Promise(() => {});
  }

  end(loss: Loss): void {
    if (!this.#alive) return;
    this.#alive = false;
    if (loss === 'evicted') for (const changes of this.#uncommitted) this.#commit(changes);
    // https://developers.cloudflare.com/durable-objects/best-practices/error-handling/
    this.#loss.reject(Object.assign(new Error('The object was reset.'), { retryable: true, durableObjectReset: true }));
  }

  #commit(changes: readonly (() => void)[]): void {
    for (const change of changes) change();
    this.#toldCommitted();
  }
}

/** What a timer throws nobody hears: the platform logs it, and the object lives on. */
function workOfTimer(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!isRefusedWrite(error)) throw error;
  }
}
