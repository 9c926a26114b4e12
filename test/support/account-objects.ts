/**
 * Accounts' objects without the platform: the hosted accounts of service over SQLite in memory, found by their account's name, and called
 * as the objects are. What the HTTP API and the adapters are tested against in Node.
 */
import { createHash } from 'node:crypto';
import type { AccountId } from '../../src/accounts/accounts.ts';
import type { RemoteAccount } from '../../src/accounts/durable-accounts.ts';
import { accountOf } from '../../src/accounts/ids.ts';
import type { KeyIssue, RemoteKeyring } from '../../src/accounts/keyring.ts';
import { outcomeOf } from '../../src/accounts/outcome.ts';
import type { Log } from '../../src/errors.ts';
import { HostedAccount, type HostedAccountServices } from '../../src/hosted-account.ts';
import type { EngineEvent } from '../../src/reflection/events.ts';
import type { Model, Roster } from '../../src/reflection/model.ts';
import type { Reflection } from '../../src/reflection/record.ts';
import type { ReflectionRequest } from '../../src/reflection/request.ts';
import { type RemoteEvents, type RemoteRuns, recordText } from '../../src/runs/durable-runs.ts';
import { type RunServices, retentionOf } from '../../src/runs/run-services.ts';
import type { EndedBefore } from '../../src/runs/runs.ts';
import { noChannels, noWorkspace } from './no-channels.ts';
import { SqliteDisk } from './sqlite-disk.ts';

/** Works on a request until it is done, or until the signal aborts: then it throws `Cancelled`. */
export type Engine = (request: ReflectionRequest, signal: AbortSignal) => AsyncIterable<EngineEvent>;

export interface AccountObjectsOptions {
  readonly engine?: Engine;
  readonly roster?: Roster;
  /** Epoch milliseconds. */
  readonly now?: () => number;
  readonly log?: Log;
  readonly after?: (milliseconds: number, work: () => void) => () => void;
  /** Throws where storage refuses a write. */
  readonly mayWrite?: () => void;
  /** Takes the moment, in epoch milliseconds, at which an account's object is to be woken; undefined for never. */
  readonly setAlarm?: (epochMs: number | undefined) => void;
}

const noRoster: Roster = { author: [], critic: [], reviser: [], judge: [], escalation: [] };

export class AccountObjects {
  readonly #hosted = new Map<string, HostedAccount>();
  readonly #options: Required<AccountObjectsOptions>;

  constructor({
    engine = async function* () {},
    roster = noRoster,
    now = Date.now,
    log = () => {},
    after = (milliseconds, work) => {
      const timer = setTimeout(work, milliseconds);
      return () => clearTimeout(timer);
    },
    mayWrite = () => {},
    setAlarm = () => {},
  }: AccountObjectsOptions = {}) {
    this.#options = { engine, roster, now, log, after, mayWrite, setAlarm };
  }

  /** The account, made when it is first asked for. */
  of(account: AccountId): HostedAccount {
    return this.#of(account);
  }

  issue(issue: KeyIssue): void {
    this.of(accountOf(issue.id)).keyring.issue(issue);
  }

  idFromName(account: string): string {
    return createHash('sha256').update(account).digest('hex');
  }

  getByName(account: string): RemoteAccount & RemoteRuns & RemoteKeyring {
    return stubOf(() => this.#of(account));
  }

  #of(account: string): HostedAccount {
    const known = this.#hosted.get(account);
    if (known) return known;
    const { after, mayWrite, setAlarm } = this.#options;
    const hosted = new HostedAccount(
      {
        storage: new SqliteDisk().open({ mayWrite, wrote: (commit) => commit() }),
        confirmed: async () => {},
        setAlarm,
        after,
        keepAlive: () => {},
      },
      this.#services(),
    );
    this.#hosted.set(account, hosted);
    return hosted;
  }

  #services(): HostedAccountServices {
    const { engine, roster, now, log } = this.#options;
    const signals = new WeakMap<Model, AbortSignal>();
    const runs: Omit<RunServices, 'account'> = {
      models: {
        roster: () => roster,
        connect: (_, signal) => {
          const model: Model = { async *ask() {} };
          signals.set(model, signal);
          return model;
        },
      },
      channels: noChannels,
      reflect: (request, { model }) => engine(request, signals.get(model) ?? new AbortController().signal),
      now,
      nonce: () => 'nonce',
      chance: () => 0,
      log,
      retention: retentionOf(30),
      cache: { write: async () => {}, remove: async () => {} },
      cacheable: () => false,
      deliver: async () => ({ type: 'delivered' }),
    };
    return {
      account: { now, log, storedMs: retentionOf(30).storedMs },
      workspace: noWorkspace,
      runsOf: (account) => ({ ...runs, account }),
    };
  }
}

/** What is called on an account's object, as calls between objects go: asynchronously, records and orders as JSON. */
export function stubOf(hosted: () => HostedAccount): RemoteAccount & RemoteRuns & RemoteKeyring {
  return {
    status: async (caller) => outcomeOf(() => hosted().ledger.status(caller)),
    countHits: async (hits) => hosted().ledger.countHits(hits),
    stored: async (after, limit) => outcomeOf(() => hosted().ledger.stored(after, limit)),
    usage: async (from, to, key) => hosted().ledger.usage(from, to, key),
    issueKey: async (issue) => hosted().keyring.issue(issue),
    readKey: async (id) => hosted().keyring.read(id),
    changeKey: async (id, change) => hosted().keyring.change(id, change),
    rotateKey: async (id, secret, graceMs) => hosted().keyring.rotate(id, secret, graceMs),
    revokeKey: async (id) => hosted().keyring.revoke(id),
    async beginRun(caller, ask, order, awaits) {
      const begun = await hosted().begin(caller, ask, JSON.parse(order), awaits);
      if ('failure' in begun) return begun;
      const { admission, answer } = begun.value;
      if (answer === undefined) return { value: { admission, answer } };
      if ('record' in answer) return { value: { admission, answer: { record: recordText(answer.record) } } };
      const events = remoteEvents(answer.events);
      return { value: { admission, answer: 'body' in events ? { events } : undefined } };
    },
    readRun: async (account, id) => asJson(hosted().runs.run(id).read(account)),
    endedRun: async (account, id) => asJson(await hosted().runs.run(id).ended(account)),
    followRun: async (account, id, after) => {
      const events = hosted().runs.run(id).follow(account, after);
      return events && remoteEvents(events);
    },
    cancelRun: async (account, id) => asJson(await hosted().runs.run(id).cancel(account)),
    rateRun: async (account, id, feedback) => hosted().runs.run(id).rate(account, feedback),
    feedbackOnRun: async (account, id) => hosted().runs.run(id).feedback(account),
    deleteRun: (account, id) => hosted().delete(account, id),
  };
}

function remoteEvents(events: ReadableStream<Uint8Array> | EndedBefore): RemoteEvents | EndedBefore {
  return events instanceof ReadableStream ? { body: events } : events;
}

function asJson(record: Reflection | undefined): string | undefined {
  return record && JSON.stringify(record);
}
