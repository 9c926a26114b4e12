/** The one true time of a simulated world: what is to happen, in order; and between two happenings everything settles that needs no time. */
import { setImmediate } from 'node:timers';

interface Happening {
  readonly at: number;
  readonly order: number;
  /** Undefined once it was taken back. */
  work: (() => void) | undefined;
}

export class Timeline {
  #now = 0;
  #order = 0;
  /** The next one last. */
  readonly #ahead: Happening[] = [];
  /** How many things have happened. */
  happened = 0;

  /** Milliseconds since the world began. */
  get now(): number {
    return this.#now;
  }

  /** Does `work` after so many milliseconds. The answer takes it back. */
  after(milliseconds: number, work: () => void): () => void {
    const happening: Happening = { at: this.#now + Math.max(0, Math.ceil(milliseconds)), order: this.#order, work };
    this.#order += 1;
    this.#ahead.splice(this.#placeOf(happening), 0, happening);
    return () => {
      happening.work = undefined;
    };
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(milliseconds, resolve);
    });
  }

  /** Lets happen what is to happen until then, in milliseconds since the world began. */
  async run(until: number): Promise<void> {
    for (;;) {
      const next = this.#ahead.at(-1);
      if (!next || next.at > until) break;
      this.#ahead.pop();
      if (!next.work) continue;
      this.#now = next.at;
      this.happened += 1;
      next.work();
      await settled();
    }
    this.#now = until;
  }

  #placeOf({ at, order }: Happening): number {
    let low = 0;
    let high = this.#ahead.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#ahead[middle];
      if (other && (other.at > at || (other.at === at && other.order > order))) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Once every promise that waits for no time has settled: promises go before the next turn of the event loop. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** A machine's own clock: it may be wrong, and jump. */
export class WallClock {
  readonly #timeline: Timeline;
  #ahead: number;

  /** `ahead`: epoch milliseconds at which the world began, as this machine has it. */
  constructor(timeline: Timeline, ahead: number) {
    this.#timeline = timeline;
    this.#ahead = ahead;
  }

  /** Epoch milliseconds. */
  readonly now = (): number => this.#ahead + this.#timeline.now;

  jump(milliseconds: number): void {
    this.#ahead += milliseconds;
  }
}
