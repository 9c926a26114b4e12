/** The key directory's list in memory. */
import type { KeyId } from '../../src/accounts/accounts.ts';
import type { DirectoryStore } from '../../src/accounts/key-directory.ts';

export class MemoryDirectoryStore implements DirectoryStore {
  readonly #ids: KeyId[] = [];
  readonly #removed = new Set<KeyId>();

  add(id: KeyId): void {
    if (!this.#ids.includes(id)) this.#ids.push(id);
  }

  remove(id: KeyId): void {
    this.#removed.add(id);
  }

  numberOf(id: KeyId): number | undefined {
    const index = this.#ids.indexOf(id);
    return index < 0 ? undefined : index;
  }

  below(number: number, count: number): readonly KeyId[] {
    return this.#ids
      .slice(0, number)
      .filter((id) => !this.#removed.has(id))
      .reverse()
      .slice(0, count);
  }
}
