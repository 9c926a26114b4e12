/** What an account's object has stored, and the stores that one life of it writes through. */
import type { AccountStore, KeyedRun } from '../../src/accounts/account-store.ts';
import type { KeyId, Limits } from '../../src/accounts/accounts.ts';
import type { KeyStore, RevokedKey, StoredKey } from '../../src/accounts/key-store.ts';
import type { Lease, LeaseEnd, UsageSum } from '../../src/accounts/lease.ts';
import { MemoryAccountStore } from '../accounts/memory-account-store.ts';
import { MemoryKeyStore } from '../accounts/memory-key-store.ts';
import type { Life } from './life.ts';

/** The stores in memory that a life works on, or that the committed journal makes again. */
interface Stores {
  readonly account: MemoryAccountStore;
  readonly keys: MemoryKeyStore;
}

type Change = (stores: Stores) => void;

export interface LedgerListener {
  readonly admitted: (lease: Lease, keyed: KeyedRun | null) => void;
  readonly kept: (keyed: KeyedRun) => void;
  readonly ended: (end: LeaseEnd) => void;
  readonly forgotten: (run: string) => void;
  /** Epoch milliseconds. */
  readonly alarm: (epochMs: number) => void;
}

/** What survives a loss: the changes that were committed, from the first on. */
export class AccountStorage {
  readonly #journal: Change[] = [];
  readonly listener: LedgerListener;

  constructor(listener: LedgerListener) {
    this.listener = listener;
  }

  commit(change: Change): void {
    this.#journal.push(change);
  }

  restored(after?: (milliseconds: number, work: () => void) => void): Stores {
    const stores = { account: new MemoryAccountStore(after), keys: new MemoryKeyStore() };
    for (const change of this.#journal) change(stores);
    return stores;
  }
}

/** `mayWrite` throws where storage refuses. */
export function storesOf(
  storage: AccountStorage,
  life: Life,
  mayWrite: () => void,
): { readonly account: AccountStore; readonly keys: KeyStore } {
  const seen = storage.restored((milliseconds, work) => {
    life.after(milliseconds, work);
  });
  const { listener } = storage;
  const write = (change: Change, told?: () => void): void => {
    if (!life.alive) return;
    mayWrite();
    change(seen);
    life.write(() => {
      storage.commit(change);
      told?.();
    });
  };
  const { account, keys } = seen;
  return {
    account: {
      past: (windowMs) => account.past(windowMs),
      admit: (lease, keyed) =>
        write(
          (stores) => stores.account.admit(lease, keyed),
          () => listener.admitted(lease, keyed),
        ),
      end: (end: LeaseEnd, day: string, usage: readonly UsageSum[], freesKeys: boolean) =>
        write(
          (stores) => stores.account.end(end, day, usage, freesKeys),
          () => listener.ended(end),
        ),
      postpone: (run, expiresAt) => write((stores) => stores.account.postpone(run, expiresAt)),
      entry: (run) => account.entry(run),
      keyed: (key, since) => account.keyed(key, since),
      keep: (keyed) =>
        write(
          (stores) => stores.account.keep(keyed),
          () => listener.kept(keyed),
        ),
      forget: (run) =>
        write(
          (stores) => stores.account.forget(run),
          () => listener.forgotten(run),
        ),
      stored: (after, count) => account.stored(after, count),
      addHits: (day, count) => write((stores) => stores.account.addHits(day, count)),
      ends: (key, from, to) => account.ends(key, from, to),
      usage: (from, to) => account.usage(from, to),
      clean: (leases, keyed) => write((stores) => stores.account.clean(leases, keyed)),
      oldest: () => account.oldest(),
      wakeAt: (epochMs) => life.write(() => listener.alarm(epochMs)),
      after: (milliseconds, work) => account.after(milliseconds, work),
    },
    keys: {
      key: (id: KeyId) => keys.key(id),
      keepKey: (key: StoredKey | RevokedKey) => write((stores) => stores.keys.keepKey(key)),
      limits: () => keys.limits(),
      keepLimits: (limits: Limits) => write((stores) => stores.keys.keepLimits(limits)),
    },
  };
}
