/** One account whose time and storage are told by the test. Its stores are those of service, on a disk in memory. */
import { Account } from '../../src/accounts/account.ts';
import type { LedgerEntry } from '../../src/accounts/account-store.ts';
import type { Ask, Caller, Limits } from '../../src/accounts/accounts.ts';
import { Keyring } from '../../src/accounts/keyring.ts';
import { entryOf, type LeaseRow } from '../../src/accounts/lease-row.ts';
import { SqliteAccountStore } from '../../src/accounts/sqlite-account-store.ts';
import { SqliteKeyStore } from '../../src/accounts/sqlite-key-store.ts';
import type { LogEntry } from '../../src/errors.ts';
import { ObjectAlarm } from '../../src/object-alarm.ts';
import type { ObjectStorage } from '../../src/object-storage.ts';
import { askFor } from '../support/leases.ts';
import { madeUpKey } from '../support/made-up-key.ts';
import { SqliteDisk } from '../support/sqlite-disk.ts';

export const noon = Date.UTC(2026, 10, 23, 12);
export const secondMs = 1_000;
export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;
/** Every day that there is usage of. */
export const always = ['2000-01-01', '2999-12-31'] as const;

/** One instance of the account's object. */
interface Instance {
  readonly storage: ObjectStorage;
  readonly store: SqliteAccountStore;
  readonly keyring: Keyring;
  readonly account: Account;
  readonly alarm: ObjectAlarm;
}

export class AccountWorld {
  now = noon;
  readonly logged: LogEntry[] = [];
  /** Work that waits for its time. */
  readonly putOff: { readonly milliseconds: number; readonly work: () => void }[] = [];
  readonly caller: Caller;
  /** Epoch milliseconds. */
  alarmAt: number | undefined;
  /** How often the alarm was set. */
  alarmsSet = 0;
  /** Set to make storage refuse. */
  full = false;
  /** Set to let what is written from now on be lost at the next loss. */
  commitsNothing = false;
  storedMs = 30 * dayMs;
  readonly #disk = new SqliteDisk();
  #instance: Instance;

  constructor(limits: Partial<Limits> = {}) {
    this.#instance = this.#open();
    const { caller, issue } = madeUpKey({ requests_per_minute: 1_000, concurrent_runs: 1_000, ...limits });
    this.keyring.issue(issue);
    this.caller = caller;
  }

  get account(): Account {
    return this.#instance.account;
  }

  get keyring(): Keyring {
    return this.#instance.keyring;
  }

  get store(): SqliteAccountStore {
    return this.#instance.store;
  }

  get events(): string[] {
    return this.logged.map(({ event }) => event);
  }

  /** All leases, in order of admission. */
  get entries(): LedgerEntry[] {
    return this.#instance.storage.sql.exec<LeaseRow>('SELECT * FROM lease ORDER BY ordinal').toArray().map(entryOf);
  }

  /** Asks for a run that must be admitted. */
  start(asked: Parameters<typeof askFor>[0] = {}, begin?: () => void): Ask {
    const ask = askFor(asked);
    const admission = this.account.reserve(this.caller, ask, begin);
    if (admission.type !== 'started') throw new Error(`The run was ${admission.type}.`);
    return ask;
  }

  /** The object is lost, with all that was not committed. */
  lose(): void {
    this.#disk.lose();
    this.commitsNothing = false;
    this.putOff.length = 0;
    this.#instance = this.#open();
  }

  /** Moves on to the alarm and rings it. */
  ring(): void {
    this.now = Math.max(this.now, this.alarmAt ?? 0);
    this.alarmAt = undefined;
    this.account.alarm();
    this.#instance.alarm.setAgain();
  }

  /** As the object of an account makes it. */
  #open(): Instance {
    const storage = this.#disk.open({
      mayWrite: () => {
        if (this.full) throw new Error('The disk is full.');
      },
      wrote: (commit) => {
        if (!this.commitsNothing) commit();
      },
    });
    const store = new SqliteAccountStore(storage);
    const keyring = new Keyring(new SqliteKeyStore(storage.sql), () => this.now);
    const alarm = new ObjectAlarm(
      (epochMs) => {
        this.alarmAt = epochMs;
        this.alarmsSet += 1;
      },
      () => account.nextDue(),
    );
    const account: Account = new Account(store, keyring, {
      now: () => this.now,
      log: (entry) => this.logged.push(entry),
      storedMs: this.storedMs,
      after: (milliseconds, work) => this.putOff.push({ milliseconds, work }),
      wakeAt: (epochMs) => alarm.wakeAt(epochMs),
    });
    return { storage, store, keyring, account, alarm };
  }
}
