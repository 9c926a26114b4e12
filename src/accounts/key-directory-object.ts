/** The Durable Object that the key directory lives in: one in all, found by name. */
import { DurableObject } from 'cloudflare:workers';
import type { KeyId } from './accounts.ts';
import { type DirectoryPage, KeyDirectory } from './key-directory.ts';
import { SqliteDirectoryStore } from './sqlite-directory-store.ts';

/** Only the key administration asks it, which is behind the admin token. Every method may be called twice without harm. */
export class KeyDirectoryObject<Bindings = unknown> extends DurableObject<Bindings> {
  readonly #directory: KeyDirectory;

  constructor(context: DurableObjectState, env: Bindings) {
    super(context, env);
    this.#directory = new KeyDirectory(new SqliteDirectoryStore(context.storage.sql));
  }

  add(id: KeyId): void {
    this.#directory.add(id);
  }

  remove(ids: readonly KeyId[]): void {
    this.#directory.remove(ids);
  }

  page(after: KeyId | null, limit: number): DirectoryPage | undefined {
    return this.#directory.page(after, limit);
  }
}
