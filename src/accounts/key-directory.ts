/** Which keys there are, in order of creation. It knows their ids only: what a key is stands in its account. */
import type { KeyId } from './accounts.ts';

/** The port to where the ids are kept: a table in service, memory in tests. */
export interface DirectoryStore {
  /** Numbers the id one higher than the last; one that was ever added keeps its number, and stays removed if it was. */
  add(id: KeyId): void;
  /** Takes the id off the list. It keeps its number, so that a page can still follow it. */
  remove(id: KeyId): void;
  numberOf(id: KeyId): number | undefined;
  /** Ids on the list with a lower number, the highest first, at most `count`. */
  below(number: number, count: number): readonly KeyId[];
}

export interface DirectoryPage {
  readonly ids: readonly KeyId[];
  readonly hasMore: boolean;
}

export class KeyDirectory {
  readonly #store: DirectoryStore;

  constructor(store: DirectoryStore) {
    this.#store = store;
  }

  add(id: KeyId): void {
    this.#store.add(id);
  }

  remove(ids: readonly KeyId[]): void {
    for (const id of ids) this.#store.remove(id);
  }

  /** Newest first, those made before `after`. Undefined for an `after` that never was on the list. */
  page(after: KeyId | null, limit: number): DirectoryPage | undefined {
    const number = after === null ? Number.MAX_SAFE_INTEGER : this.#store.numberOf(after);
    if (number === undefined) return undefined;
    const ids = this.#store.below(number, limit + 1);
    return { ids: ids.slice(0, limit), hasMore: ids.length > limit };
  }
}
