/**
 * What the platform does to requests and workerd does not: six at most of one context wait for their response's head, and the seventh is queued.
 * https://developers.cloudflare.com/workers/platform/limits/#simultaneous-open-connections
 */
const mostWaiting = 6;

interface Context {
  waiting: number;
  readonly queue: (() => void)[];
}

export class WaitingHeads {
  /** Requests made, and those of them that were let through to the server. */
  made = 0;
  sent = 0;
  readonly #contexts = new WeakMap<object, Context>();

  /** Sends a request of this context, as soon as fewer than six wait. */
  async send<Head>(context: object, request: () => Promise<Head>): Promise<Head> {
    this.made += 1;
    const own = this.#contexts.get(context) ?? { waiting: 0, queue: [] };
    this.#contexts.set(context, own);
    if (own.waiting >= mostWaiting) await new Promise<void>((resolve) => own.queue.push(resolve));
    own.waiting += 1;
    this.sent += 1;
    try {
      return await request();
    } finally {
      own.waiting -= 1;
      own.queue.shift()?.();
    }
  }
}
