/** The Durable Object of one account. */
import { DurableObject } from 'cloudflare:workers';
import type { AccountId, Ask, Caller, KeyId, KeyStatus, RunPage, UsageReport } from './accounts/accounts.ts';
import type { KeyChange, KeyRecord } from './accounts/key-administration.ts';
import type { StoredSecret } from './accounts/key-store.ts';
import type { KeyIssue } from './accounts/keyring.ts';
import { type Outcome, outcomeOf } from './accounts/outcome.ts';
import type { Question, RoomSettings, Workspace } from './channels/channel.ts';
import { type AccountHost, HostedAccount, type HostedAccountServices } from './hosted-account.ts';
import type { Reflection } from './reflection/record.ts';
import { type RemoteBegun, recordText } from './runs/durable-runs.ts';
import type { Deletion } from './runs/run.ts';
import type { EndedBefore, Feedback, RunAwaits, RunId } from './runs/runs.ts';

/**
 * Made to be extended by a class whose constructor makes the services from its `env`. Every method may be called twice without harm, but for
 * `countHits`. Orders and records cross as JSON: their types are recursive, which the platform's types for calls between objects cannot follow.
 */
export abstract class AccountObject<Bindings = unknown> extends DurableObject<Bindings> {
  readonly #hosted: HostedAccount;

  constructor(context: DurableObjectState, env: Bindings, services: HostedAccountServices) {
    super(context, env);
    this.#hosted = new HostedAccount(hostOf(context), services);
  }

  status(caller: Caller): Outcome<KeyStatus> {
    return outcomeOf(() => this.#hosted.ledger.status(caller));
  }

  countHits(hits: number): void {
    this.#hosted.ledger.countHits(hits);
  }

  stored(after: string | null, limit: number): Outcome<RunPage> {
    return outcomeOf(() => this.#hosted.ledger.stored(after, limit));
  }

  usage(from: string, to: string, key?: KeyId): UsageReport {
    return this.#hosted.ledger.usage(from, to, key);
  }

  issueKey(issue: KeyIssue): KeyRecord | undefined {
    return this.#hosted.keyring.issue(issue);
  }

  readKey(id: KeyId): KeyRecord | undefined {
    return this.#hosted.keyring.read(id);
  }

  changeKey(id: KeyId, change: KeyChange): KeyRecord | undefined {
    return this.#hosted.keyring.change(id, change);
  }

  rotateKey(id: KeyId, secret: StoredSecret, graceMs: number): KeyRecord | undefined {
    return this.#hosted.keyring.rotate(id, secret, graceMs);
  }

  revokeKey(id: KeyId): boolean {
    return this.#hosted.keyring.revoke(id);
  }

  async beginRun(caller: Caller, ask: Ask, order: string, awaits: RunAwaits): Promise<Outcome<RemoteBegun>> {
    const begun = await this.#hosted.begin(caller, ask, JSON.parse(order), awaits, order);
    if ('failure' in begun) return begun;
    const { admission, answer } = begun.value;
    if (!answer) return { value: { admission, answer: undefined } };
    if ('record' in answer) return { value: { admission, answer: { record: recordText(answer.record) } } };
    const events = remoteEvents(answer.events);
    return { value: { admission, answer: events instanceof Response ? { events } : undefined } };
  }

  readRun(account: AccountId, id: RunId): string | undefined {
    return asJson(this.#hosted.runs.run(id).read(account));
  }

  async endedRun(account: AccountId, id: RunId): Promise<string | undefined> {
    return asJson(await this.#hosted.runs.run(id).ended(account));
  }

  followRun(account: AccountId, id: RunId, after: number): Response | EndedBefore | undefined {
    return remoteEvents(this.#hosted.runs.run(id).follow(account, after));
  }

  async cancelRun(account: AccountId, id: RunId): Promise<string | undefined> {
    return asJson(await this.#hosted.runs.run(id).cancel(account));
  }

  rateRun(account: AccountId, id: RunId, feedback: Feedback): boolean {
    return this.#hosted.runs.run(id).rate(account, feedback);
  }

  feedbackOnRun(account: AccountId, id: RunId): Feedback | null | undefined {
    return this.#hosted.runs.run(id).feedback(account);
  }

  deleteRun(account: AccountId, id: RunId): Promise<Deletion> {
    return this.#hosted.delete(account, id);
  }

  async askQuestion(question: Question, run: RunId): Promise<boolean> {
    return (await this.#hosted.workspace()).ask(question, run);
  }

  async stopPlace(workspace: Workspace, place: string, member: string | null): Promise<void> {
    await (await this.#hosted.workspace()).stopPlace(workspace, place, member);
  }

  async stopRunOf(workspace: Workspace, run: string, member: string): Promise<boolean> {
    return (await this.#hosted.workspace()).stop(workspace, run, member);
  }

  async roomSettings(room: string): Promise<RoomSettings> {
    return (await this.#hosted.workspace()).settings(room);
  }

  async changeRoomSettings(room: string, change: Partial<RoomSettings>): Promise<RoomSettings> {
    return (await this.#hosted.workspace()).changeSettings(room, change);
  }

  async installation(): Promise<string | null> {
    return (await this.#hosted.workspace()).installation();
  }

  async install(installation: string): Promise<void> {
    await (await this.#hosted.workspace()).install(installation);
  }

  async uninstall(workspace: Workspace, leftAt: number | null): Promise<void> {
    await (await this.#hosted.workspace()).uninstall(workspace, leftAt);
  }

  override alarm(): Promise<void> {
    return this.#hosted.alarm();
  }
}

function hostOf(context: DurableObjectState): AccountHost {
  const { storage } = context;
  return {
    storage,
    confirmed: () => storage.sync(),
    // Not awaited: it is part of what the turn writes, and nothing that was written is told before all of it is stored.
    setAlarm: (epochMs) => context.waitUntil(epochMs === undefined ? storage.deleteAlarm() : storage.setAlarm(epochMs)),
    after: (milliseconds, work) => {
      const timer = setTimeout(work, milliseconds);
      return () => clearTimeout(timer);
    },
    keepAlive: (work) => context.waitUntil(work),
  };
}

/** In a Response, since a reader's leaving is noticed through one some ten times sooner than through a bare stream. */
function remoteEvents<Other>(frames: ReadableStream<Uint8Array> | Other): Response | Other {
  return frames instanceof ReadableStream ? new Response(frames) : frames;
}

function asJson(record: Reflection | undefined): string | undefined {
  return record && JSON.stringify(record);
}
