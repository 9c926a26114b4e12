/** What an ended run owes to others: its settlement to the account, its answer to the cache, its notice to a webhook. How each is paid, and when tried again. */
import type { ReflectionEvent } from '../reflection/events.ts';
import type { Reflection } from '../reflection/record.ts';
import type { Delivery } from './deliver.ts';
import type { Retention, RunServices } from './run-services.ts';
import type { RunOrder } from './runs.ts';
import { settlementOf } from './settlement.ts';
import { nextWebhookAttempt } from './webhook-schedule.ts';

/** The next try of something. */
export interface Due {
  /** From 1. */
  readonly attempt: number;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Null is paid, given up, or never owed. */
export interface Debts {
  readonly settlement: Due | null;
  readonly cacheEntry: Due | null;
  readonly webhook: Due | null;
}

export type DebtName = keyof Debts;

/** An ended run, as its creditors see it. */
export interface EndedRun {
  readonly order: RunOrder;
  readonly record: Reflection;
  /** Epoch milliseconds. */
  readonly endedAt: number;
  /** The whole log. */
  readonly events: () => readonly ReflectionEvent[];
}

/** A try that failed. */
interface FailedTry {
  /** From 1. */
  readonly attempt: number;
  /** Epoch milliseconds. */
  readonly endedAt: number;
  /** Epoch milliseconds of the failure. */
  readonly now: number;
  /** How long the creditor asked to be left alone. */
  readonly retryAfterMs: number | null;
  /** From 0 to 1. */
  readonly chance: number;
  readonly retention: Retention;
}

interface Creditor {
  /** One try. What it throws is a failure like any other. */
  readonly pay: (run: EndedRun, services: RunServices) => Promise<Delivery>;
  /** Epoch milliseconds of the next try; null when it is given up. */
  readonly again: (failed: FailedTry) => number | null;
}

/** Milliseconds before each further try; the last one is repeated until the run would be removed. */
const settlementPauses = [1_000, 5_000, 30_000, 300_000] as const;
/** An entry that could not be written by then is not worth more. */
const cacheTries = 3;
const cachePauseMs = 2_000;

const delivered: Delivery = { type: 'delivered' };

export const creditors = {
  settlement: {
    async pay({ order, record }, { accounts }) {
      const settlement = settlementOf(record);
      if (settlement) await accounts.settle(order.account, settlement);
      return delivered;
    },
    again({ attempt, endedAt, now, retention }) {
      const at = now + (settlementPauses.at(Math.min(attempt, settlementPauses.length) - 1) ?? 0);
      // The account asks after its leases itself: what it never heard of it has found out long before.
      return at > endedAt + retention.unstoredMs ? null : at;
    },
  },
  cacheEntry: {
    async pay({ order, record, endedAt, events }, { cache, cacheable }) {
      const { entry } = order.cache;
      if (!entry || !cacheable(record, order.request)) return delivered;
      // As old as the answer, however late it is written: so it never outlives the run that it points to.
      await cache.write(entry.key, { events: events(), storedAt: endedAt }, entry.ttlSeconds);
      return delivered;
    },
    again: ({ attempt, now }) => (attempt < cacheTries ? now + cachePauseMs : null),
  },
  webhook: {
    async pay({ order, record }, { deliver }) {
      const { request, account, key } = order;
      return request.webhook === undefined ? delivered : deliver({ url: request.webhook, account, key, record });
    },
    again: ({ endedAt, ...failed }) => nextWebhookAttempt({ ...failed, firstAt: endedAt }),
  },
} as const satisfies Record<DebtName, Creditor>;

const none: Debts = { settlement: null, cacheEntry: null, webhook: null };

/** What a run owes: nothing while it goes on, everything at its end (`endedAt`, epoch milliseconds), and then what was `noted`. */
export function debtsOf({ request, cache }: RunOrder, endedAt: number | null, noted: Debts | null): Debts {
  if (endedAt === null) return none;
  if (noted) return noted;
  const due = { attempt: 1, at: endedAt };
  return {
    settlement: due,
    cacheEntry: cache.entry === null ? null : due,
    webhook: request.webhook === undefined ? null : due,
  };
}

/** Epoch milliseconds of the earliest try; null when nothing is owed. */
export function nextPayment({ settlement, cacheEntry, webhook }: Debts): number | null {
  const times = [settlement, cacheEntry, webhook].flatMap((due) => due?.at ?? []);
  return times.length === 0 ? null : Math.min(...times);
}
