/** Who waits for more of a log: told when more is shown, and when nothing more will be. */
export class LogReaders {
  #isClosed = false;
  #listeners: (() => void)[] = [];
  readonly #closed = Promise.withResolvers<void>();

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Settles when nothing more will be shown. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  /** Calls `work` once, when more is shown or nothing more will be. */
  onChange(work: () => void): void {
    this.#listeners.push(work);
  }

  tell(): void {
    const listeners = this.#listeners;
    this.#listeners = [];
    for (const listener of listeners) listener();
  }

  /** Nothing will be shown beyond what is shown now. */
  close(): void {
    this.#isClosed = true;
    this.#closed.resolve();
    this.tell();
  }
}
