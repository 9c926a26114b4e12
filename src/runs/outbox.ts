/** What is delivered after a run's end: its answer to the cache and to its channel, its notice to a webhook. How each is delivered, and when it is tried again. */
import type { ReflectionEvent } from '../reflection/events.ts';
import type { Reflection } from '../reflection/record.ts';
import { nextChannelAttempt } from './channel-retry.ts';
import type { Delivery, EndedRun } from './deliver.ts';
import type { RunServices } from './run-services.ts';
import type { RunOrder } from './runs.ts';
import { nextWebhookAttempt } from './webhook-retry.ts';

/** The next try of something. */
export interface Due {
  /** From 1. */
  readonly attempt: number;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Null: delivered, given up, or never due. */
export interface Outbox {
  readonly cacheEntry: Due | null;
  readonly webhook: Due | null;
  readonly channel: Due | null;
}

export type OutboxItem = keyof Outbox;

/** An ended run, as its recipients see it. */
export interface FinishedRun {
  readonly order: RunOrder;
  readonly record: Reflection;
  /** Epoch milliseconds. */
  readonly endedAt: number;
  /** The whole log. */
  readonly events: () => readonly ReflectionEvent[];
  /** Shows the answer in the run's channel; null where it has none. */
  readonly show: Show | null;
}

/** A try that failed. */
interface FailedTry {
  /** From 1. */
  readonly attempt: number;
  /** Epoch milliseconds. */
  readonly endedAt: number;
  /** Epoch milliseconds of the failure. */
  readonly now: number;
  /** How long the recipient asked to be left alone. */
  readonly retryAfterMs: number | null;
  /** From 0 to 1. */
  readonly chance: number;
}

export type Show = (ended: Pick<EndedRun, 'record' | 'endedAt'>) => Promise<Delivery>;

interface Recipient {
  /** One try. What it throws is a failure like any other. */
  readonly deliver: (run: FinishedRun, services: RunServices) => Promise<Delivery>;
  /** Epoch milliseconds of the next try; null when it is given up. */
  readonly retryAt: (failed: FailedTry) => number | null;
  /** Milliseconds that one try may take. */
  readonly limitMs: number;
}

/** An entry that could not be written by then is not worth more. */
const cacheTries = 3;
const cachePauseMs = 2_000;

const delivered: Delivery = { type: 'delivered' };

export const recipients = {
  cacheEntry: {
    async deliver({ order, record, endedAt, events }, { cache, cacheable }) {
      const { entry } = order.cache;
      if (!entry || !cacheable(record, order.request)) return delivered;
      // As old as the answer, however late it is written: so it never outlives the run that it points to.
      await cache.write(entry.key, { events: events(), storedAt: endedAt }, entry.ttlSeconds);
      return delivered;
    },
    retryAt: ({ attempt, now }) => (attempt < cacheTries ? now + cachePauseMs : null),
    limitMs: 20_000,
  },
  webhook: {
    async deliver({ order, record }, { deliver }) {
      const { request, key } = order;
      return request.webhook === undefined ? delivered : deliver({ url: request.webhook, key, record });
    },
    retryAt: ({ endedAt, ...failed }) => nextWebhookAttempt({ ...failed, firstAt: endedAt }),
    limitMs: 20_000,
  },
  channel: {
    deliver: async (run) => run.show?.(run) ?? delivered,
    retryAt: ({ endedAt, ...failed }) => nextChannelAttempt({ ...failed, firstAt: endedAt }),
    // It may be many calls, each with a limit of its own.
    limitMs: 180_000,
  },
} as const satisfies Record<OutboxItem, Recipient>;

const none: Outbox = { cacheEntry: null, webhook: null, channel: null };

/** A run's outbox: empty while it goes on, full at its end (`endedAt`, epoch milliseconds), and then what was `stored` of it. */
export function outboxOf({ request, cache, channel }: RunOrder, endedAt: number | null, stored: Outbox | null): Outbox {
  if (endedAt === null) return none;
  if (stored) return stored;
  const due = { attempt: 1, at: endedAt };
  return {
    cacheEntry: cache.entry === null ? null : due,
    webhook: request.webhook === undefined ? null : due,
    channel: channel && due,
  };
}

/** Epoch milliseconds of the earliest try; null when the outbox is empty. */
export function nextDelivery(outbox: Outbox): number | null {
  const times = Object.values<Due | null>({ ...outbox }).flatMap((due) => due?.at ?? []);
  return times.length === 0 ? null : Math.min(...times);
}
