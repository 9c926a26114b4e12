/** Workers KV: one truth, and places that answer for a while from what they have read. */
import type { KvStore } from '../../src/cache/kv-reflection-cache.ts';
import type { Chance } from './chance.ts';
import type { ObjectInstance } from './object-instance.ts';
import type { Story } from './story.ts';
import type { Timeline } from './timeline.ts';

/** How long a place answers from what it has read, in milliseconds. */
const rememberedMs = 60_000;

interface Kept {
  readonly value: string;
  readonly metadata: unknown;
  /** On the timeline. */
  readonly expiresAt: number;
}

interface StoreOptions {
  readonly timeline: Timeline;
  readonly chance: Chance;
  readonly story: Story;
  readonly failures: number;
  /** What is about to be kept. */
  readonly written: (name: string, value: string) => void;
}

export class Store {
  readonly #options: StoreOptions;
  readonly #kept = new Map<string, Kept>();
  readonly #read = new Map<string, { readonly at: number; readonly kept: Kept | undefined }>();

  constructor(options: StoreOptions) {
    this.#options = options;
  }

  /** As it is seen from a place; `from` is the object that asks, if one does. */
  seenFrom(place: string, from?: ObjectInstance): KvStore {
    const { timeline, chance, story, failures, written } = this.#options;
    const travel = async <Answer>(work: () => Answer): Promise<Answer> => {
      if (from) await from.confirmed();
      const way = async (): Promise<Answer> => {
        await timeline.sleep(chance.integer(1, 3));
        const answer = work();
        await timeline.sleep(chance.integer(1, 3));
        return answer;
      };
      return from ? from.held(way()) : way();
    };
    const failOr = (what: 'cache read failed' | 'cache write failed'): void => {
      if (!chance.happens(failures)) return;
      story.count(what);
      throw new Error('KV GET failed: 500 Internal Server Error');
    };
    return {
      getWithMetadata: (key) =>
        travel(() => {
          failOr('cache read failed');
          const kept = this.#look(place, key);
          return { value: kept?.value ?? null, metadata: kept?.metadata ?? null };
        }),
      put: (key, value, { expirationTtl, metadata }) =>
        travel(() => {
          failOr('cache write failed');
          story.count('cache written');
          written(key, value);
          this.#kept.set(key, { value, metadata, expiresAt: timeline.now + expirationTtl * 1_000 });
          this.#read.delete(`${place} ${key}`);
        }),
      delete: (key) =>
        travel(() => {
          failOr('cache write failed');
          if (this.#kept.delete(key)) story.count('cache entry removed');
          this.#read.delete(`${place} ${key}`);
        }),
    };
  }

  #look(place: string, key: string): Kept | undefined {
    const { now } = this.#options.timeline;
    const found = this.#kept.get(key);
    const truth = found && found.expiresAt > now ? found : undefined;
    const before = this.#read.get(`${place} ${key}`);
    if (before && now - before.at < rememberedMs) {
      if (before.kept !== truth) this.#options.story.count('cache stale');
      return before.kept;
    }
    this.#read.set(`${place} ${key}`, { at: now, kept: truth });
    return truth;
  }
}
