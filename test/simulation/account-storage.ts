/** What an account's object has stored, and the shelves that one life of it writes through. */
import type { AccountShelf, KeyedRun } from '../../src/accounts/account-shelf.ts';
import type { KeyId, Limits } from '../../src/accounts/accounts.ts';
import type { KeyShelf, RevokedKey, StoredKey } from '../../src/accounts/key-shelf.ts';
import type { Lease, LeaseEnd, UsageSum } from '../../src/accounts/lease.ts';
import { MemoryAccountShelf } from '../accounts/memory-account-shelf.ts';
import { MemoryKeyShelf } from '../accounts/memory-key-shelf.ts';
import type { Life } from './life.ts';

/** The shelves in memory that a life works on, or that the committed journal makes again. */
interface Shelves {
  readonly account: MemoryAccountShelf;
  readonly keys: MemoryKeyShelf;
}

type Change = (shelves: Shelves) => void;

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

  restored(after?: (milliseconds: number, work: () => void) => void): Shelves {
    const shelves = { account: new MemoryAccountShelf(after), keys: new MemoryKeyShelf() };
    for (const change of this.#journal) change(shelves);
    return shelves;
  }
}

/** `mayWrite` throws where storage refuses. */
export function shelvesOf(
  storage: AccountStorage,
  life: Life,
  mayWrite: () => void,
): { readonly account: AccountShelf; readonly keys: KeyShelf } {
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
          (shelves) => shelves.account.admit(lease, keyed),
          () => listener.admitted(lease, keyed),
        ),
      end: (end: LeaseEnd, day: string, usage: readonly UsageSum[], freesKeys: boolean) =>
        write(
          (shelves) => shelves.account.end(end, day, usage, freesKeys),
          () => listener.ended(end),
        ),
      postpone: (run, expiresAt) => write((shelves) => shelves.account.postpone(run, expiresAt)),
      entry: (run) => account.entry(run),
      keyed: (key, since) => account.keyed(key, since),
      keep: (keyed) =>
        write(
          (shelves) => shelves.account.keep(keyed),
          () => listener.kept(keyed),
        ),
      forget: (run) =>
        write(
          (shelves) => shelves.account.forget(run),
          () => listener.forgotten(run),
        ),
      stored: (after, count) => account.stored(after, count),
      addHits: (day, count) => write((shelves) => shelves.account.addHits(day, count)),
      ends: (key, from, to) => account.ends(key, from, to),
      usage: (from, to) => account.usage(from, to),
      clean: (leases, keyed) => write((shelves) => shelves.account.clean(leases, keyed)),
      oldest: () => account.oldest(),
      wakeAt: (epochMs) => life.write(() => listener.alarm(epochMs)),
      after: (milliseconds, work) => account.after(milliseconds, work),
    },
    keys: {
      key: (id: KeyId) => keys.key(id),
      keepKey: (key: StoredKey | RevokedKey) => write((shelves) => shelves.keys.keepKey(key)),
      limits: () => keys.limits(),
      keepLimits: (limits: Limits) => write((shelves) => shelves.keys.keepLimits(limits)),
    },
  };
}
