/** A workspace as its account's object hosts it: the questions of its people, the settings of its rooms, its installation. Knows no platform. */
import type { Admission, Ask, Caller } from './accounts/accounts.ts';
import type { Keyring } from './accounts/keyring.ts';
import type { Ledger } from './accounts/ledger.ts';
import { type Outcome, valueIn } from './accounts/outcome.ts';
import type { Channel, Installation, Question, RoomSettings, Workspace } from './channels/channel.ts';
import { SqliteWorkspaceStore } from './channels/sqlite-workspace-store.ts';
import { workspaceCaller } from './channels/workspace-caller.ts';
import { type InboxTools, type RunnableQuestion, WorkspaceInbox } from './channels/workspace-inbox.ts';
import type { ObjectStorage } from './object-storage.ts';
import { admit } from './reflection/admission.ts';
import type { Roster } from './reflection/model.ts';
import type { TierName } from './reflection/request.ts';
import type { HostedRuns } from './runs/hosted-runs.ts';
import type { Deletion } from './runs/run.ts';
import { isRunId } from './runs/run-id.ts';
import type { RunId, RunOrder } from './runs/runs.ts';

export interface WorkspaceServices extends Pick<InboxTools, 'now' | 'chance' | 'log'> {
  readonly roster: (tier: TierName) => Roster;
  /** Undefined for a channel that is not set up here. */
  readonly openChannel: (workspace: Workspace, installation: Installation) => Promise<Channel | undefined>;
  /** Lists the key among all keys. */
  readonly listKey: (key: Caller['key']) => Promise<void>;
  /** How many runs a member may start in any 60 seconds. */
  readonly memberRequestsPerMinute: number;
}

/** The account that the workspace is. */
export interface WorkspaceAccount {
  readonly keyring: Pick<Keyring, 'issue'>;
  readonly ledger: Pick<Ledger, 'stored'>;
  readonly runs: Pick<HostedRuns, 'run'>;
  begin(
    caller: Caller,
    ask: Ask,
    order: RunOrder,
    awaits: 'start',
  ): Promise<Outcome<{ readonly admission: Admission }>>;
  delete(account: Caller['account'], run: RunId): Promise<Deletion>;
}

/** What the object gives. */
export interface WorkspaceHost extends Pick<InboxTools, 'confirmed' | 'wakeAt' | 'keepAlive'> {
  readonly storage: ObjectStorage;
}

/** Reflections that are removed before the list is asked again. */
const removedAtOnce = 100;

export class HostedWorkspace {
  readonly #account: WorkspaceAccount;
  readonly #host: WorkspaceHost;
  readonly #services: WorkspaceServices;
  readonly #store: SqliteWorkspaceStore;
  readonly #inbox: WorkspaceInbox;

  constructor(account: WorkspaceAccount, host: WorkspaceHost, services: WorkspaceServices) {
    this.#account = account;
    this.#host = host;
    this.#services = services;
    const store = new SqliteWorkspaceStore(host.storage.sql);
    this.#store = store;
    this.#inbox = new WorkspaceInbox({
      ...services,
      store,
      channel: (workspace) => services.openChannel(workspace, { read: async () => store.installation() }),
      begin: (question) => this.#begin(question),
      confirmed: host.confirmed,
      wakeAt: host.wakeAt,
      keepAlive: host.keepAlive,
    });
  }

  /** Takes a question, and settles once it would survive a crash; `run` is the id of the run that is to answer it. False when too many wait. */
  ask(question: Question, run: RunId): Promise<boolean> {
    return this.#inbox.take(question, run);
  }

  nextDue(): number {
    return this.#inbox.nextDue();
  }

  alarm(): Promise<void> {
    return this.#inbox.alarm();
  }

  installation(): string | null {
    return this.#store.installation();
  }

  async install(installation: string): Promise<void> {
    this.#store.saveInstallation(installation, this.#services.now());
    await this.#host.confirmed();
  }

  /** Removes the installation, the settings, the stored reflections and the open questions; see the port. */
  async uninstall(workspace: Workspace, leftAt: number | null): Promise<void> {
    // A platform may tell late, and more than once, of a leave that another installation followed.
    if (leftAt !== null && this.#store.installedAt() > leftAt) return;
    this.#store.clear();
    const { account } = workspaceCaller(workspace);
    for (let removed = removedAtOnce; removed > 0; ) {
      const { runs } = this.#account.ledger.stored(null, removedAtOnce);
      const deletions = await Promise.all(runs.filter(isRunId).map((run) => this.#account.delete(account, run)));
      // What could not be taken out of the cache stays, and would be met again.
      removed = deletions.filter((deletion) => deletion !== 'still_cached').length;
    }
    await this.#host.confirmed();
  }

  settings(room: string): RoomSettings {
    return this.#store.settings(room);
  }

  async changeSettings(room: string, change: Partial<RoomSettings>): Promise<RoomSettings> {
    const settings = { ...this.#store.settings(room), ...change };
    this.#store.saveSettings(room, settings);
    await this.#host.confirmed();
    return settings;
  }

  /** Stops what goes on in a place for a member, or for anybody where that is null. */
  async stopPlace(workspace: Workspace, place: string, member: string | null): Promise<void> {
    const { account } = workspaceCaller(workspace);
    const runs = this.#inbox.runsIn(place, member).filter(isRunId);
    await Promise.all(runs.map((run) => this.#account.runs.run(run).cancel(account)));
  }

  /** Stops a run. False where there is none, or another member asked for it. */
  async stop(workspace: Workspace, run: string, member: string): Promise<boolean> {
    const { account } = workspaceCaller(workspace);
    if (!isRunId(run)) return false;
    const found = this.#account.runs.run(run);
    if (found.read(account)?.metadata['member'] !== member) return false;
    await found.cancel(account);
    return true;
  }

  async #begin({ question, run, request, address }: RunnableQuestion): Promise<Admission> {
    const caller = workspaceCaller(question.workspace);
    await this.#haveKey(caller, question.workspace);
    const ask: Ask = {
      run,
      tried: null,
      reserves: admit(request, this.#services.roster(request.tier)),
      lastsMs: request.budget.deadline_ms,
      idempotency: { key: `question:${question.id}`, bodyHash: '' },
      singleFlightKey: null,
      stored: request.store,
      member: { id: question.member, requestsPerMinute: this.#services.memberRequestsPerMinute },
    };
    const { account, key } = caller;
    const cache = { status: 'bypass', entry: null } as const;
    const order: RunOrder = { request, account, key, cache, channel: address };
    return valueIn(await this.#account.begin(caller, ask, order, 'start')).admission;
  }

  /** The first question makes the workspace's key, so that an operator finds it on the list of keys, changes its limits there, or revokes it. */
  async #haveKey({ key, secretHash }: Caller, { channel, id }: Workspace): Promise<void> {
    if (this.#store.isListed()) return;
    const secret = { hash: secretHash, last4: '----', webhookSecret: '' };
    const name = `${channel} ${id}`.slice(0, 64);
    const scopes = ['reflect', 'read'] as const;
    this.#account.keyring.issue({ id: key, name, scopes, limits: {}, expiresAt: null, secret, newAccount: true });
    await this.#services.listKey(key);
    this.#store.saveListed();
  }
}
