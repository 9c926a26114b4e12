/** A few places and a short line before them: first come, first served, and nobody waits behind a line that is too long. */

export class QueueFull extends Error {
  constructor(waiting: number) {
    super(`The model is busy and ${waiting} requests wait already.`);
    this.name = 'QueueFull';
  }
}

interface Waiter {
  readonly enter: () => void;
}

export class Slots {
  readonly #waiting: Waiter[] = [];
  readonly #longestQueue: number;
  #free: number;

  constructor(count: number, longestQueue: number) {
    this.#free = count;
    this.#longestQueue = longestQueue;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Runs `work` when a place is free. Throws `QueueFull` at once, or the signal's reason when it is aborted while waiting. */
  async use<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
    await this.#enter(signal);
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next.enter();
      else this.#free += 1;
    }
  }

  #enter(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#free > 0) {
      this.#free -= 1;
      return Promise.resolve();
    }
    if (this.#waiting.length >= this.#longestQueue) return Promise.reject(new QueueFull(this.#waiting.length));
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        reject(signal.reason);
      };
      const waiter: Waiter = {
        enter: () => {
          signal.removeEventListener('abort', leave);
          resolve();
        },
      };
      this.#waiting.push(waiter);
      signal.addEventListener('abort', leave, { once: true });
    });
  }
}
