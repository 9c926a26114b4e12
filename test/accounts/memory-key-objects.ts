/** The objects that key administration asks, over the stores of service: every call crosses as a copy, and any of them can be made to fail. */
import { createKeyCodec, type KeyCodec } from '../../src/accounts/api-key.ts';
import { durableKeyAdministration, type RemoteDirectory } from '../../src/accounts/durable-key-administration.ts';
import type { KeyAdministration } from '../../src/accounts/key-administration.ts';
import { KeyDirectory } from '../../src/accounts/key-directory.ts';
import { Keyring, type RemoteKeyring } from '../../src/accounts/keyring.ts';
import { SqliteDirectoryStore } from '../../src/accounts/sqlite-directory-store.ts';
import { SqliteKeyStore } from '../../src/accounts/sqlite-key-store.ts';
import { countedBytes } from './counted-bytes.ts';
import { freshStorage } from './fresh-storage.ts';

export type Call = keyof RemoteKeyring | keyof RemoteDirectory;

/** One call that fails: before the object has heard of it, or after it has done it. */
export interface Failure {
  readonly call: Call;
  readonly when: 'before' | 'after';
  readonly error: Error;
}

export class KeyObjects {
  readonly #rings = new Map<string, Keyring>();
  readonly #directory = new KeyDirectory(new SqliteDirectoryStore(freshStorage().sql));
  readonly #failures: Failure[] = [];
  readonly calls: Call[] = [];
  readonly codec: KeyCodec;
  readonly administration: KeyAdministration;
  now = 1_790_000_000_000;

  constructor() {
    const randomBytes = countedBytes();
    this.codec = createKeyCodec({ tagSecrets: ['a tag secret for tests'], mode: 'test', randomBytes });
    this.administration = durableKeyAdministration({
      accounts: { getByName: (name) => this.#account(this.ring(name)) },
      directory: { getByName: () => this.#directoryStub() },
      codec: this.codec,
      randomBytes,
    });
  }

  /** The next such call fails once. */
  fail(call: Call, when: Failure['when'], error: Error = lost()): void {
    this.#failures.push({ call, when, error });
  }

  ring(account: string): Keyring {
    const ring = this.#rings.get(account) ?? new Keyring(new SqliteKeyStore(freshStorage().sql), () => this.now);
    this.#rings.set(account, ring);
    return ring;
  }

  /** What the key may do, from its letters on. Rejects with `invalid_api_key`. */
  async use(text: string) {
    const caller = this.codec.read(text);
    if (!caller) throw new Error('It is no key.');
    return this.ring(caller.account).check(caller);
  }

  #account(ring: Keyring): RemoteKeyring {
    return {
      issueKey: (issue) => this.#ask('issueKey', () => ring.issue(structuredClone(issue))),
      readKey: (id) => this.#ask('readKey', () => ring.read(id)),
      changeKey: (id, change) => this.#ask('changeKey', () => ring.change(id, structuredClone(change))),
      rotateKey: (id, secret, graceMs) => this.#ask('rotateKey', () => ring.rotate(id, secret, graceMs)),
      revokeKey: (id) => this.#ask('revokeKey', () => ring.revoke(id)),
    };
  }

  #directoryStub(): RemoteDirectory {
    return {
      add: (id) => this.#ask('add', () => this.#directory.add(id)),
      remove: (ids) => this.#ask('remove', () => this.#directory.remove(ids)),
      page: (after, limit) => this.#ask('page', () => this.#directory.page(after, limit)),
    };
  }

  async #ask<Answer>(call: Call, work: () => Answer): Promise<Answer> {
    this.calls.push(call);
    const index = this.#failures.findIndex((failure) => failure.call === call);
    const [failure] = index < 0 ? [] : this.#failures.splice(index, 1);
    if (failure?.when === 'before') throw failure.error;
    const answer = structuredClone(work());
    if (failure) throw failure.error;
    return answer;
  }
}

/** As the platform says that an object was lost on the way. */
export function lost(): Error {
  return Object.assign(new Error('Network connection lost.'), { retryable: true });
}
