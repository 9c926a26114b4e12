/** One account whose time, storage and runs are told by the test. */
import { Account, type Became } from '../../src/accounts/account.ts';
import type { Ask, Caller, Limits } from '../../src/accounts/accounts.ts';
import { Keyring } from '../../src/accounts/keyring.ts';
import type { LogEntry } from '../../src/errors.ts';
import { askFor } from '../support/leases.ts';
import { madeUpKey } from '../support/memory-accounts.ts';
import { MemoryAccountStore } from './memory-account-store.ts';
import { MemoryKeyStore } from './memory-key-store.ts';

export const noon = Date.UTC(2026, 10, 23, 12);
export const secondMs = 1_000;
export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

export class AccountWorld {
  now = noon;
  readonly logged: LogEntry[] = [];
  /** Work that waits for its time. */
  readonly putOff: { readonly milliseconds: number; readonly work: () => void }[] = [];
  readonly store = new MemoryAccountStore((milliseconds, work) => this.putOff.push({ milliseconds, work }));
  readonly keyring = new Keyring(new MemoryKeyStore(), () => this.now);
  readonly caller: Caller;
  /** Runs that the account asked after. */
  readonly askedAfter: string[] = [];
  became: (run: string) => Promise<Became> = async () => ({ type: 'running' });
  storedMs = 30 * dayMs;
  account: Account;

  constructor(limits: Partial<Limits> = {}) {
    const { caller, issue } = madeUpKey({ requests_per_minute: 1_000, concurrent_runs: 1_000, ...limits });
    this.keyring.issue(issue);
    this.caller = caller;
    this.account = this.#open();
  }

  get events(): string[] {
    return this.logged.map(({ event }) => event);
  }

  /** Asks for a run that must be admitted. */
  start(asked: Parameters<typeof askFor>[0] = {}): Ask {
    const ask = askFor(asked);
    const admission = this.account.reserve(this.caller, ask);
    if (admission.type !== 'started') throw new Error(`The run was ${admission.type}.`);
    return ask;
  }

  lose(): void {
    this.account = this.#open();
  }

  /** Moves on to the alarm and rings it. */
  async ring(): Promise<void> {
    this.now = Math.max(this.now, this.store.alarmAt ?? 0);
    this.store.alarmAt = undefined;
    await this.account.alarm();
  }

  #open(): Account {
    return new Account(this.store, this.keyring, {
      now: () => this.now,
      log: (entry) => this.logged.push(entry),
      becameOf: (account, run) => {
        if (account !== this.caller.account) throw new Error('That is another account.');
        this.askedAfter.push(run);
        return this.became(run);
      },
      storedMs: this.storedMs,
    });
  }
}
