/** Whoever is owed something at a run's end, in a world of the tests' own: a cache, a webhook's receiver and a channel, which may refuse or take their time. */
import { isDeepStrictEqual } from 'node:util';
import type { Settlement } from '../../src/accounts/accounts.ts';
import type { CachedReflection } from '../../src/cache/reflection-cache.ts';
import type { ReflectionEvent } from '../../src/reflection/events.ts';
import type { ChannelRun, Delivery, EndedRun, Notice } from '../../src/runs/deliver.ts';
import type { OutboxItem } from '../../src/runs/outbox.ts';
import type { RunServices } from '../../src/runs/run-services.ts';
import type { ObjectDisk, ObjectInstance } from './object-instance.ts';
import type { VirtualTime } from './virtual-time.ts';

/** How a try is answered: taken, taken in some milliseconds, thrown at, or never answered. */
export type Manner = 'takes' | number | 'throws' | 'hangs';

/** One try, whatever came of it. */
export interface Try {
  readonly item: OutboxItem | 'removal';
  /** Epoch milliseconds. */
  readonly at: number;
}

export class Recipients {
  readonly tries: Try[] = [];
  readonly manners: Record<Try['item'], Manner> = {
    cacheEntry: 'takes',
    webhook: 'takes',
    channel: 'takes',
    removal: 'takes',
  };
  /** What the receiver says to each notice, from the first on; the last is repeated. */
  deliveries: readonly Delivery[] = [{ type: 'delivered' }];
  cacheable = true;
  #settlement: Settlement | undefined;
  #disk: ObjectDisk | undefined;
  /** Runs that were taken off the list. */
  readonly forgotten: string[] = [];
  readonly entries = new Map<string, CachedReflection & { readonly ttlSeconds: number }>();
  readonly notices: Notice[] = [];
  /** What the channel was shown, and the notes that it was given when it was. */
  readonly shown: (Pick<ChannelRun, 'id' | 'address' | 'notes'> & Partial<Pick<EndedRun, 'record' | 'endedAt'>>)[] = [];
  readonly shownEvents: ReflectionEvent[] = [];
  /** What the channel notes of each lot that it is shown; `abandoned` from the lot with this number on. */
  noting: ((events: readonly ReflectionEvent[]) => string) | undefined;
  abandonsAt = Number.POSITIVE_INFINITY;
  /** What must never be: a run told of before its end would survive a crash, and a run settled twice but not alike. */
  readonly contradictions: string[] = [];
  readonly #time: VirtualTime;

  constructor(time: VirtualTime) {
    this.#time = time;
  }

  /** What was settled, as far as it would survive. */
  get settled(): Settlement | undefined {
    return this.#disk?.endIsStored ? this.#settlement : undefined;
  }

  /** When this was tried, in milliseconds after `since`. */
  triedAt(item: Try['item'], since: number): number[] {
    return this.tries.filter((tried) => tried.item === item).map(({ at }) => at - since);
  }

  /** As given to one instance of the object. */
  services(
    disk: ObjectDisk,
    instance: ObjectInstance,
  ): Pick<RunServices, 'account' | 'cache' | 'cacheable' | 'deliver' | 'channels'> {
    this.#disk = disk;
    const taken = async (item: Try['item']): Promise<void> => {
      if (!disk.endIsStored) this.contradictions.push(`${item} before the end is stored`);
      this.tries.push({ item, at: this.#time.now() });
      const manner = this.manners[item];
      if (manner === 'throws') throw new Error(`No ${item} is taken.`);
      if (manner === 'hangs') await new Promise<never>(() => {});
      if (typeof manner === 'number') await new Promise<void>((resolve) => this.#time.after(manner, resolve));
    };
    return {
      account: {
        topUp: () => null,
        settle: (settlement) => {
          if (this.settled && !isDeepStrictEqual(settlement, this.settled)) {
            this.contradictions.push(`settled as ${JSON.stringify([this.settled, settlement])}`);
          }
          const { run, status, decision, passes } = settlement;
          const end = { ended_at: this.#time.now(), status, decision, passes: JSON.stringify(passes) };
          instance.rows.change(run, end, 200);
          this.#settlement = structuredClone(settlement);
        },
        forget: (run) => {
          this.forgotten.push(run);
        },
      },
      cache: {
        write: async (key, reflection, ttlSeconds) => {
          await taken('cacheEntry');
          this.entries.set(key, { ...reflection, ttlSeconds });
        },
        remove: async (key) => {
          await taken('removal');
          this.entries.delete(key);
        },
      },
      cacheable: () => this.cacheable,
      deliver: async (notice) => {
        await taken('webhook');
        this.notices.push(notice);
        return this.deliveries[Math.min(this.notices.length, this.deliveries.length) - 1] ?? { type: 'delivered' };
      },
      channels: {
        showProgress: async ({ id, address, notes, note, events }) => {
          this.shown.push({ id, address, notes });
          let lots = 0;
          for await (const lot of events()) {
            this.shownEvents.push(...lot);
            lots += 1;
            if (lots >= this.abandonsAt) return 'abandoned';
            if (this.noting) await note(this.noting(lot));
          }
          return 'over';
        },
        deliver: async ({ id, address, notes, record, endedAt }) => {
          await taken('channel');
          this.shown.push({ id, address, notes, record, endedAt });
          const told = this.tries.filter(({ item }) => item === 'channel').length;
          return this.deliveries[Math.min(told, this.deliveries.length) - 1] ?? { type: 'delivered' };
        },
      },
    };
  }
}
