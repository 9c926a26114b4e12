/** Delivers one run's outbox: what is due is tried, each item once at a time, and what is left is stored. */
import { whereFrom } from '../errors.ts';
import type { Reflection } from '../reflection/record.ts';
import { withTimeLimit } from '../time-limit.ts';
import type { Delivery } from './deliver.ts';
import { type Due, type FinishedRun, type Outbox, type OutboxItem, recipients, type Show } from './outbox.ts';
import type { RunServices } from './run-services.ts';
import { type RunHost, type RunStore, storedEvents } from './run-store.ts';
import type { RunOrder } from './runs.ts';

/** What an answer is given to leave the object, in milliseconds. */
const answerMs = 15;

/** Items whose outcomes are stored together, in one commit. A receiver of webhooks and a channel may take their time, so nothing waits for them. */
const groups = {
  prompt: ['cacheEntry'],
  slow: ['webhook'],
  shown: ['channel'],
} as const satisfies Record<string, readonly OutboxItem[]>;

type GroupName = keyof typeof groups;
const groupNames = ['prompt', 'slow', 'shown'] as const satisfies readonly GroupName[];

/** The run, as far as its outbox goes. */
export interface OutboxOwner {
  readonly order: RunOrder;
  readonly log: { readonly record: Reflection; readonly endedAt: number | null };
  readonly show: Show | null;
  outbox(): Outbox;
  /** Stores what is left of it; of a run that was removed meanwhile, nothing. */
  updateMeta(left: Partial<Outbox>): void;
}

export class OutboxDelivery {
  readonly #owner: OutboxOwner;
  readonly #store: RunStore;
  readonly #host: RunHost;
  readonly #services: RunServices;
  readonly #underWay = new Map<GroupName, Promise<void>>();
  #closing: Promise<boolean> | undefined;

  constructor(owner: OutboxOwner, store: RunStore, host: RunHost, services: RunServices) {
    this.#owner = owner;
    this.#store = store;
    this.#host = host;
    this.#services = services;
  }

  /** Whoever waits for the answer gets it before others are told: on one thread, what is begun with the answer goes before it. */
  answered(): Promise<void> {
    return new Promise((resolve) => this.#host.after(answerMs, resolve));
  }

  /** Tries what is due, and settles once nothing is being tried. Rejects only when storage refuses. */
  async deliver(): Promise<void> {
    // Nobody is told of an end that a crash could still take back.
    await this.#host.confirmed();
    while (this.#closing) if (await this.#closing) return;
    const run = this.#ended();
    if (!run) return;
    for (const group of groupNames) {
      if (!this.#underWay.has(group)) this.#begin(group, run);
    }
    await Promise.all(this.#underWay.values());
  }

  /**
   * For a run that is to be removed: takes its answer out of the cache, and tries nothing more. When it could
   * not, the outbox is as before, and the answer is false. A notice under way is not waited for.
   */
  async close(): Promise<boolean> {
    this.#closing ??= this.#close();
    const closing = this.#closing;
    let closed = false;
    try {
      closed = await closing;
    } finally {
      if (!closed && this.#closing === closing) this.#closing = undefined;
    }
    return closed;
  }

  async #close(): Promise<boolean> {
    await this.#host.confirmed();
    // An entry that is being written would come back after its removal.
    await this.#underWay.get('prompt');
    const run = this.#ended();
    if (!run) return false;
    const { entry } = run.order.cache;
    if (!entry) return true;
    try {
      await this.#within(recipients.cacheEntry.limitMs, this.#services.cache.remove(entry.key));
      return true;
    } catch (error) {
      const { log } = this.#services;
      log({ level: 'warn', event: 'cache.unremoved', reflection_id: run.record.id, ...whereFrom(error) });
      return false;
    }
  }

  #begin(group: GroupName, run: FinishedRun): void {
    const outbox = this.#owner.outbox();
    const now = this.#services.now();
    const due = groups[group].flatMap((name) => {
      const next = outbox[name];
      return next && next.at <= now ? { name, next } : [];
    });
    if (due.length === 0) return;
    const tried = Promise.all(due.map(async ({ name, next }) => [name, await this.#try(name, next, run)] as const));
    const noted = tried.then((left) => this.#owner.updateMeta(Object.fromEntries(left)));
    this.#underWay.set(
      group,
      noted.finally(() => this.#underWay.delete(group)),
    );
  }

  #ended(): FinishedRun | undefined {
    const { order, log, show } = this.#owner;
    const { endedAt, record } = log;
    if (endedAt === null) return undefined;
    return { order, record, endedAt, events: () => [...storedEvents(this.#store)], show };
  }

  /** When it is to be tried again; null when it is delivered or given up. Never throws. */
  async #try(name: OutboxItem, { attempt }: Due, run: FinishedRun): Promise<Due | null> {
    const { now, chance, log } = this.#services;
    const { delivery, error } = await this.#deliver(name, run);
    const told = { item: name, reflection_id: run.record.id, attempt };
    if (delivery.type === 'delivered') {
      if (name === 'webhook') log({ level: 'info', event: 'outbox.delivered', ...told });
      return null;
    }
    const { endedAt } = run;
    const at =
      delivery.type === 'refused'
        ? null
        : recipients[name].retryAt({
            attempt,
            endedAt,
            now: now(),
            retryAfterMs: delivery.retryAfterMs,
            chance: chance(),
          });
    log({
      level: 'warn',
      event: at === null ? 'outbox.given_up' : 'outbox.undelivered',
      ...told,
      outcome: delivery.type,
      ...(error === undefined ? {} : whereFrom(error)),
    });
    return at === null ? null : { attempt: attempt + 1, at };
  }

  async #deliver(
    name: OutboxItem,
    run: FinishedRun,
  ): Promise<{ readonly delivery: Delivery; readonly error?: unknown }> {
    try {
      return { delivery: await this.#within(recipients[name].limitMs, recipients[name].deliver(run, this.#services)) };
    } catch (error) {
      return { delivery: { type: 'failed', retryAfterMs: null }, error };
    }
  }

  #within<Result>(limitMs: number, work: Promise<Result>): Promise<Result> {
    return withTimeLimit(limitMs, work, (milliseconds, pass) => this.#host.after(milliseconds, pass));
  }
}
