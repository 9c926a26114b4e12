/** One account as its object hosts it: its keys, its money, and the reflections it runs, over one store. Knows no platform. */

import type { AccountId, Admission, Ask, Caller } from './accounts/accounts.ts';
import { Keyring } from './accounts/keyring.ts';
import { Ledger, type LedgerServices } from './accounts/ledger.ts';
import { type Outcome, outcomeOf } from './accounts/outcome.ts';
import { SqliteAccountStore } from './accounts/sqlite-account-store.ts';
import { SqliteKeyStore } from './accounts/sqlite-key-store.ts';
import type { Installation } from './channels/channel.ts';
import type { HostedWorkspace, WorkspaceServices } from './hosted-workspace.ts';
import { ObjectAlarm } from './object-alarm.ts';
import type { ObjectStorage } from './object-storage.ts';
import type { Reflection } from './reflection/record.ts';
import { RunRows } from './run-rows.ts';
import { HostedRuns } from './runs/hosted-runs.ts';
import type { Deletion, Run } from './runs/run.ts';
import { isRunId } from './runs/run-id.ts';
import type { RunServices } from './runs/run-services.ts';
import type { EndedBefore, RunAwaits, RunId, RunOrder } from './runs/runs.ts';
import { SqliteRunStores } from './runs/sqlite-run-store.ts';
import { isStoredFirst } from './runs/write-order.ts';

/** What an instance of the object gives to what it hosts. */
export interface AccountHost {
  readonly storage: ObjectStorage;
  /** Settles once everything stored so far would survive a crash. */
  confirmed(): Promise<void>;
  /** Sets the object's one alarm, in epoch milliseconds; undefined takes it back. It survives a crash. */
  setAlarm(epochMs: number | undefined): void;
  /** Does `work` after so many milliseconds. The answer takes it back. */
  after(milliseconds: number, work: () => void): () => void;
  /** Keeps the object in memory, as far as it can be, until `work` has settled. */
  keepAlive(work: Promise<void>): void;
}

export interface HostedAccountServices {
  readonly account: Pick<LedgerServices, 'now' | 'log' | 'storedMs'>;
  /** What the runs work with; `account` is who keeps their money and their secrets. */
  readonly runsOf: (
    account: Pick<Ledger, 'topUp' | 'settle' | 'forget' | 'webhookSecrets'>,
    installation: Installation,
  ) => RunServices;
  /** Loads what the account works with where it is a workspace. */
  readonly workspace: () => Promise<WorkspaceServices>;
}

/** An admission, and of an admitted run what was awaited: undefined where it is no longer there. */
export interface HostedBegun {
  readonly admission: Admission;
  readonly answer:
    | { readonly record: Reflection }
    | { readonly events: ReadableStream<Uint8Array> | EndedBefore }
    | undefined;
}

const findWorkspace = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'workspace'";

export class HostedAccount {
  readonly keyring: Keyring;
  readonly ledger: Ledger;
  readonly runs: HostedRuns;
  readonly #alarm: ObjectAlarm;
  readonly #rows: RunRows;
  readonly #now: () => number;
  readonly #loadWorkspace: () => Promise<HostedWorkspace>;
  #loading: Promise<HostedWorkspace> | undefined;
  #workspace: HostedWorkspace | undefined;
  /** It is one, and what that makes of it is not loaded. */
  #hasToLoad: boolean;

  constructor(host: AccountHost, { account, runsOf, workspace }: HostedAccountServices) {
    const { storage, after, confirmed, keepAlive } = host;
    this.#now = account.now;
    this.#alarm = new ObjectAlarm(
      (epochMs) => host.setAlarm(epochMs),
      () => this.#nextDue(),
    );
    const wakeAt = (epochMs: number): void => this.#alarm.wakeAt(epochMs);
    this.keyring = new Keyring(new SqliteKeyStore(storage.sql), account.now);
    const rows = new RunRows(storage, { now: account.now, log: account.log, after });
    this.#rows = rows;
    this.ledger = new Ledger(new SqliteAccountStore(storage, rows), this.keyring, { ...account, after, wakeAt });
    const runsHost = { after, confirmed, keepAlive, wakeAt };
    this.runs = new HostedRuns(
      new SqliteRunStores(storage.sql, rows),
      runsHost,
      runsOf(this.ledger, { read: async () => (await this.workspace()).installation() }),
    );
    this.#hasToLoad = storage.sql.exec(findWorkspace).toArray().length > 0;
    this.#loadWorkspace = async () => {
      const [{ HostedWorkspace }, services] = await Promise.all([import('./hosted-workspace.ts'), workspace()]);
      return new HostedWorkspace(this, { storage, confirmed, wakeAt, keepAlive }, services);
    };
    // The platform may have given up the alarm of an earlier instance.
    wakeAt(this.#nextDue());
  }

  /** What makes it a workspace, whose people share the account. Asked for, it is one. */
  async workspace(): Promise<HostedWorkspace> {
    this.#loading ??= this.#loadWorkspace();
    this.#workspace = await this.#loading;
    this.#hasToLoad = false;
    return this.#workspace;
  }

  /** Admits a run and starts it, or follows the one that answers the same request; then waits for what is awaited. */
  async begin(
    caller: Caller,
    ask: Ask,
    order: RunOrder,
    awaits: RunAwaits,
    orderJson?: string,
  ): Promise<Outcome<HostedBegun>> {
    if (!isRunId(ask.run)) throw new Error('A run is begun under an id that was made for it.');
    const own = this.runs.run(ask.run);
    const reserved = outcomeOf(() => this.#reserve(caller, ask, order, () => own.create(order, orderJson), own));
    if ('failure' in reserved) return reserved;
    own.start();
    const admission = reserved.value;
    const answer = 'run' in admission ? await this.#answer(caller.account, admission.run, awaits) : undefined;
    return { value: { admission, answer } };
  }

  #reserve(caller: Caller, ask: Ask, order: RunOrder, create: () => void, own: Run): Admission {
    try {
      return this.ledger.reserve(caller, ask, isStoredFirst({ ask, order }), create);
    } catch (error) {
      own.discard();
      throw error;
    }
  }

  /** Removes a run. Where only its row is left, it is taken off the list all the same: what is listed outlives its run by a while. */
  async delete(account: AccountId, id: RunId): Promise<Deletion> {
    const deletion = await this.runs.run(id).delete(account);
    if (deletion === 'absent' && this.#rows.read(id)) this.ledger.forget(id);
    return deletion;
  }

  /** Does whatever is due. */
  async alarm(): Promise<void> {
    this.#alarm.rings(this.#now());
    this.ledger.alarm();
    await this.runs.alarm();
    if (this.#hasToLoad || this.#workspace) await (await this.workspace()).alarm();
    this.#alarm.setAgain();
  }

  #nextDue(): number {
    // What waits there is not known before it is loaded, at an alarm.
    const workspace = this.#hasToLoad ? this.#now() : (this.#workspace?.nextDue() ?? Number.POSITIVE_INFINITY);
    return Math.min(this.ledger.nextDue(), this.runs.nextDue(), workspace);
  }

  async #answer(account: AccountId, id: string, awaits: RunAwaits): Promise<HostedBegun['answer']> {
    if (!isRunId(id)) return undefined;
    const run = this.runs.run(id);
    if (awaits === 'events') {
      const events = run.follow(account, 0);
      return events && { events };
    }
    const record = awaits === 'end' ? await run.ended(account) : run.read(account);
    return record && { record };
  }
}
