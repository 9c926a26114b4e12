/** One account whose time and storage are told by the test. Its stores are those of service, on a disk in memory. */

import type { LedgerEntry } from '../../src/accounts/account-store.ts';
import type { Admission, Ask, Caller, Limits, Settlement } from '../../src/accounts/accounts.ts';
import { type EscrowSize, noEscrow } from '../../src/accounts/escrow.ts';
import { Keyring } from '../../src/accounts/keyring.ts';
import { entryOf } from '../../src/accounts/lease-row.ts';
import { Ledger } from '../../src/accounts/ledger.ts';
import { SqliteAccountStore } from '../../src/accounts/sqlite-account-store.ts';
import { SqliteKeyStore } from '../../src/accounts/sqlite-key-store.ts';
import type { LogEntry } from '../../src/errors.ts';
import { ObjectAlarm } from '../../src/object-alarm.ts';
import type { ObjectStorage } from '../../src/object-storage.ts';
import type { RunRow } from '../../src/run-row.ts';
import { RunRows } from '../../src/run-rows.ts';
import { askFor } from '../support/leases.ts';
import { madeUpKey } from '../support/made-up-key.ts';
import { SqliteDisk } from '../support/sqlite-disk.ts';
import { Timers } from './timers.ts';

export const noon = Date.UTC(2026, 10, 23, 12);
export const secondMs = 1_000;
export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;
/** Every day that there is usage of. */
export const always = ['2000-01-01', '2999-12-31'] as const;

type EscrowRecord = { readonly [Amount in keyof EscrowSize]: number };

/** One instance of the account's object. */
interface Instance {
  readonly storage: ObjectStorage;
  readonly store: SqliteAccountStore;
  readonly keyring: Keyring;
  readonly account: Ledger;
  readonly alarm: ObjectAlarm;
}

export class AccountWorld {
  now = noon;
  readonly logged: LogEntry[] = [];
  readonly caller: Caller;
  /** Epoch milliseconds. */
  alarmAt: number | undefined;
  /** How often the alarm was set. */
  alarmsSet = 0;
  /** Set to make storage refuse. */
  full = false;
  /** How often something was stored: a transaction, or a write outside of any. */
  writes = 0;
  /** Set to let what is written from now on be lost at the next loss. */
  commitsNothing = false;
  storedMs = 30 * dayMs;
  readonly #disk = new SqliteDisk();
  #timers = new Timers();
  #instance: Instance;

  constructor(limits: Partial<Limits> = {}) {
    this.#instance = this.#open();
    const { caller, issue } = madeUpKey({ requests_per_minute: 1_000, concurrent_runs: 1_000, ...limits });
    this.keyring.issue(issue);
    this.caller = caller;
  }

  get account(): Ledger {
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

  /** How much work waits for its time. */
  get waiting(): number {
    return this.#timers.waiting;
  }

  /** The leases that are stored, in order of admission. */
  get entries(): LedgerEntry[] {
    return this.#instance.storage.sql.exec<RunRow>('SELECT * FROM run ORDER BY ordinal').toArray().map(entryOf);
  }

  /** What the escrow comes to after a loss. */
  get storedEscrow(): EscrowSize {
    const { sql } = this.#instance.storage;
    const [row] = sql.exec<{ one: number } & EscrowRecord>('SELECT * FROM escrow').toArray();
    const { one: _, ...size } = row ?? { one: 1, ...noEscrow };
    return size;
  }

  /** Asks for a run that must be admitted, and is stored at once. */
  start(asked: Parameters<typeof askFor>[0] = {}): Ask {
    return this.#start(asked, true);
  }

  /** Asks for a run that must be admitted, and is stored a little later. */
  startLate(asked: Parameters<typeof askFor>[0] = {}): Ask {
    return this.#start(asked, false);
  }

  /** Asks for a run that is stored a little later, and tells what became of it. */
  reserveLate(asked: Parameters<typeof askFor>[0] = {}): Admission {
    return this.account.reserve(this.caller, askFor(asked), false);
  }

  /** Ends a run, and stores its end. */
  settle(settlement: Settlement): void {
    this.account.settle(settlement);
    this.store.flush();
  }

  /** Lets so much time pass, and does what is due in it. */
  pass(milliseconds: number): void {
    const until = this.now + milliseconds;
    for (let due = this.#timers.next(until); due; due = this.#timers.next(until)) {
      this.now = Math.max(this.now, due.at);
      due.work();
    }
    this.now = until;
  }

  #start(asked: Parameters<typeof askFor>[0], storedFirst: boolean): Ask {
    const ask = askFor(asked);
    const admission = this.account.reserve(this.caller, ask, storedFirst);
    if (admission.type !== 'started') throw new Error(`The run was ${admission.type}.`);
    return ask;
  }

  /** The object is lost, with all that was not committed. */
  lose(): void {
    this.#disk.lose();
    this.commitsNothing = false;
    this.#timers = new Timers();
    this.#instance = this.#open();
  }

  /** Moves on to the alarm and rings it. */
  ring(): void {
    this.pass(Math.max(0, (this.alarmAt ?? 0) - this.now));
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
        this.writes += 1;
        if (!this.commitsNothing) commit();
      },
    });
    const timers = this.#timers;
    const after = (milliseconds: number, work: () => void) => timers.after(this.now, milliseconds, work);
    const store = new SqliteAccountStore(
      storage,
      new RunRows(storage, { now: () => this.now, log: (entry) => this.logged.push(entry), after }),
    );
    const keyring = new Keyring(new SqliteKeyStore(storage.sql), () => this.now);
    const alarm = new ObjectAlarm(
      (epochMs) => {
        this.alarmAt = epochMs;
        this.alarmsSet += 1;
      },
      () => account.nextDue(),
    );
    const account: Ledger = new Ledger(store, keyring, {
      now: () => this.now,
      log: (entry) => this.logged.push(entry),
      storedMs: this.storedMs,
      after,
      wakeAt: (epochMs) => alarm.wakeAt(epochMs),
    });
    return { storage, store, keyring, account, alarm };
  }
}
