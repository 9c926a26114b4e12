/** A disk that commits only when it is told to: whatever is told outside before everything written so far is committed waits for it. */
import type { ObjectStorage } from '../../src/object-storage.ts';
import { SqliteDisk } from '../support/sqlite-disk.ts';

export class HeldBackDisk {
  /** Set to make storage refuse. */
  full = false;
  readonly #disk = new SqliteDisk();
  #waiting: (() => void)[] = [];
  #committed = 0;

  open(): ObjectStorage {
    return this.#disk.open({
      mayWrite: () => {
        if (this.full) throw new Error('The disk is full.');
      },
      wrote: (commit) => this.#waiting.push(commit),
    });
  }

  /** How many commits there are with what is written so far: there will be as many once all of it is committed. */
  get written(): number {
    return this.#committed + this.#waiting.length;
  }

  get committed(): number {
    return this.#committed;
  }

  /** Commits this share of what waits, in order. */
  commit(share = 1): void {
    for (const commit of this.#waiting.splice(0, Math.ceil(this.#waiting.length * share))) {
      commit();
      this.#committed += 1;
    }
  }

  /** The object is lost with all that waits. */
  lose(): void {
    this.#waiting = [];
    this.full = false;
    this.#disk.lose();
  }
}
