/** An account's keys in memory, kept as text, as the real store keeps them. */
import type { KeyId, Limits } from '../../src/accounts/accounts.ts';
import type { KeyStore, RevokedKey, StoredKey } from '../../src/accounts/key-store.ts';

export class MemoryKeyStore implements KeyStore {
  readonly #keys = new Map<KeyId, string>();
  #limits: string | undefined;

  key(id: KeyId): StoredKey | RevokedKey | undefined {
    const text = this.#keys.get(id);
    return text === undefined ? undefined : JSON.parse(text);
  }

  keepKey(key: StoredKey | RevokedKey): void {
    this.#keys.set(key.id, JSON.stringify(key));
  }

  limits(): Limits | undefined {
    return this.#limits === undefined ? undefined : JSON.parse(this.#limits);
  }

  keepLimits(limits: Limits): void {
    this.#limits = JSON.stringify(limits);
  }

  /** All that is stored, as text. */
  everything(): string {
    return JSON.stringify([...this.#keys.values(), this.#limits]);
  }
}
