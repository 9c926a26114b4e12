/** The place that an account of a world lives in: its own database, and the real hosted account over it. */

import type { AccountId, KeyId, UsageReport } from '../../src/accounts/accounts.ts';
import type { RemoteAccount } from '../../src/accounts/durable-accounts.ts';
import { type KeyIssue, Keyring } from '../../src/accounts/keyring.ts';
import { Ledger } from '../../src/accounts/ledger.ts';
import { outcomeOf } from '../../src/accounts/outcome.ts';
import { SqliteAccountStore } from '../../src/accounts/sqlite-account-store.ts';
import { SqliteKeyStore } from '../../src/accounts/sqlite-key-store.ts';
import { HostedAccount, type HostedBegun } from '../../src/hosted-account.ts';
import type { ObjectStorage } from '../../src/object-storage.ts';
import type { ReflectionEvent } from '../../src/reflection/events.ts';
import { RunRows } from '../../src/run-rows.ts';
import { type RemoteBegun, type RemoteRuns, recordText } from '../../src/runs/durable-runs.ts';
import { hostedServices, retention } from './hosted-services.ts';
import type { ObjectInstance } from './object-instance.ts';
import { Place } from './place.ts';
import { lossesOf, type Machine } from './plan.ts';
import { type RestingRun, restingRuns } from './resting-runs.ts';
import type { Surroundings } from './surroundings.ts';
import { WatchedDisk } from './watched-disk.ts';

export interface AccountPlaceOptions {
  readonly id: AccountId;
  readonly machine: Extract<Machine, 'account 0' | 'account 1'>;
}

/** What an account's rows say when all has come to rest. */
export interface RestingAccount {
  readonly usage: UsageReport;
  /** Runs on the list, newest first. */
  readonly listed: readonly string[];
  readonly leases: readonly { readonly run: string; readonly isOpen: boolean }[];
  readonly runs: readonly RestingRun[];
  /** How often its alarm went off. */
  readonly alarms: number;
  /** Epoch milliseconds by the object's own clock. */
  readonly now: number;
}

export class AccountPlace {
  readonly #world: Surroundings;
  readonly #options: AccountPlaceOptions;
  readonly #disk: WatchedDisk;
  readonly #place: Place<HostedAccount>;
  /** The run that is asked for in this turn. */
  #beginning = '';

  constructor(world: Surroundings, options: AccountPlaceOptions) {
    this.#world = world;
    this.#options = options;
    this.#disk = this.#newDisk();
    this.#place = this.#newPlace();
  }

  /** As a Worker sees it. */
  stub(): RemoteAccount & RemoteRuns {
    const { network } = this.#world;
    const ask = <Answer>(
      work: (hosted: HostedAccount, instance: ObjectInstance) => Answer | Promise<Answer>,
    ): Promise<Answer> => network.call(this.#place, work);
    return {
      status: (caller) => ask(({ ledger }) => outcomeOf(() => ledger.status(caller))),
      countHits: (hits) => ask(({ ledger }) => ledger.countHits(hits)),
      stored: (after, limit) => ask(({ ledger }) => outcomeOf(() => ledger.stored(after, limit))),
      usage: (from, to, key) => ask(({ ledger }) => ledger.usage(from, to, key)),
      beginRun: (caller, request, order, awaits) =>
        ask(async (hosted, instance) => {
          this.#beginning = request.run;
          const begun = await hosted.begin(caller, request, JSON.parse(order), awaits);
          return 'failure' in begun ? begun : { value: remoteBegun(begun.value, instance) };
        }),
      readRun: (account, id) => ask(({ runs }) => json(runs.run(id).read(account))),
      endedRun: (account, id) => ask(async ({ runs }) => json(await runs.run(id).ended(account))),
      followRun: (account, id, after) =>
        ask(({ runs }, instance) => {
          const frames = runs.run(id).follow(account, after);
          return frames instanceof ReadableStream ? { body: brokenOffWith(instance, frames) } : frames;
        }),
      cancelRun: (account, id) => ask(async ({ runs }) => json(await runs.run(id).cancel(account))),
      rateRun: (account, id, feedback) => ask(({ runs }) => runs.run(id).rate(account, feedback)),
      feedbackOnRun: (account, id) => ask(({ runs }) => runs.run(id).feedback(account)),
      deleteRun: (account, id) => ask((hosted) => hosted.delete(account, id)),
    };
  }

  /** As the key administration asks for it. */
  revoke(key: KeyId): Promise<boolean> {
    return this.#world.network.call(this.#place, ({ keyring }) => keyring.revoke(key));
  }

  /** Before the world begins. */
  issue(issue: KeyIssue): void {
    new Keyring(new SqliteKeyStore(this.#disk.committed().sql), this.#now).issue(issue);
  }

  /** What is committed, when all has come to rest: nobody is using the object any more. */
  atRest(): RestingAccount {
    this.#place.close();
    const storage = this.#disk.committed();
    return { ...this.#money(storage), runs: restingRuns(storage), alarms: this.#place.alarms, now: this.#now() };
  }

  windAlarm(): void {
    this.#place.windAlarm();
  }

  get #now(): () => number {
    return this.#world.clocks[this.#options.machine].now;
  }

  #money(storage: ObjectStorage): Pick<RestingAccount, 'usage' | 'listed' | 'leases'> {
    const { log } = this.#world;
    const keyring = new Keyring(new SqliteKeyStore(storage.sql), this.#now);
    const store = new SqliteAccountStore(
      storage,
      new RunRows(storage, { now: this.#now, log: () => {}, after: () => () => {} }),
    );
    const nothing = (): void => {};
    const { storedMs } = retention;
    const account = new Ledger(store, keyring, { now: this.#now, log, storedMs, after: nothing, wakeAt: nothing });
    const leases = storage.sql
      .exec<{ id: string; ended_at: number | null }>('SELECT id, ended_at FROM run ORDER BY ordinal')
      .toArray()
      .map(({ id, ended_at }) => ({ run: id, isOpen: ended_at === null }));
    // Of all days.
    return { usage: account.usage('0000', '9999'), listed: store.stored(null, 1_000) ?? [], leases };
  }

  #newDisk(): WatchedDisk {
    const { witness, story, chance, weather, timeline } = this.#world;
    const { diskFull } = weather;
    const { id, machine } = this.#options;
    const tell = (what: string, run: string, how: unknown): void =>
      story.tell(machine, `${what} ${shortId(run)} ${how}`);
    const listener = {
      begun: witness.begun.bind(witness, id),
      stored: witness.stored.bind(witness, id),
      removed: (run: string) => {
        tell('removed', run, '');
        witness.removed(run);
      },
      admitted: witness.admitted.bind(witness, id),
      raised: witness.raised.bind(witness, id),
      ended: witness.ended.bind(witness, id),
      keyed: witness.keyed.bind(witness, id),
      forgotten: witness.forgotten.bind(witness, id),
    };
    const stored = (run: string, events: readonly ReflectionEvent[]): void => {
      listener.stored(run, events);
      for (const event of events) {
        tell('stored', run, `${event.id} ${event.type}`);
        story.countEvent(event);
      }
    };
    return new WatchedDisk(
      {
        ...listener,
        stored,
        rewritten: (run, events) => stored(run, witness.rewritten(run, events)),
        admitted: (lease) => {
          tell('admitted', lease.run, JSON.stringify(lease.reserved));
          listener.admitted(lease);
        },
        ended: (end) => {
          tell('settled', end.run, `${end.status} ${JSON.stringify(end.used)}`);
          listener.ended(end);
        },
      },
      () => {
        const isFull = diskFull !== null && timeline.now >= diskFull.from && timeline.now < diskFull.to;
        if (!chance.happens(weather.refusedWrites) && !isFull) return false;
        story.count(isFull ? 'disk full' : 'write refused');
        story.tell(machine, 'storage refused a write');
        return true;
      },
    );
  }

  #newPlace(): Place<HostedAccount> {
    const { timeline, chance, clocks, weather, story, witness } = this.#world;
    const { id, machine } = this.#options;
    const place: Place<HostedAccount> = new Place({
      timeline,
      chance,
      clock: clocks[machine],
      commitMs: chance.integer(1, 8),
      losses: lossesOf(chance, weather),
      alarmsTwice: weather.alarmsTwice,
      open: (instance) => {
        const hosted = this.#host(instance);
        return { thing: hosted, alarm: () => hosted.alarm() };
      },
      committed: () => witness.committed(id),
      closed: () => this.#disk.lose(),
      told: (what, how) => {
        story.tell(machine, `${what} ${how}`);
        if (what === 'lost') {
          story.count('object lost');
          if (witness.lost(id)) story.count('object lost with runs in its escrow');
        }
        if (what === 'dropped') story.count('idle object dropped');
        if (what === 'unconfirmed write lost') story.count(what);
        if (what === 'alarm' || what === 'alarm again') story.count(what);
      },
    });
    return place;
  }

  #host(instance: ObjectInstance): HostedAccount {
    const host = {
      storage: this.#disk.open(instance),
      confirmed: () => instance.confirmed(),
      setAlarm: (epochMs: number | undefined) => instance.write(() => this.#place.setAlarm(epochMs)),
      after: (milliseconds: number, work: () => void) => instance.after(milliseconds, work),
      keepAlive: () => {},
    };
    const created = (nonce: string): void => this.#world.witness.created(this.#beginning, nonce);
    return new HostedAccount(host, hostedServices(this.#world, { ...this.#options, created }, instance));
  }
}

/** Runs of an account differ in their last letters. */
export function shortId(run: string): string {
  return run.slice(-10);
}

function json(value: unknown): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value);
}

function remoteBegun({ admission, answer }: HostedBegun, instance: ObjectInstance): RemoteBegun {
  if (!answer) return { admission, answer: undefined };
  if ('record' in answer) return { admission, answer: { record: recordText(answer.record) } };
  if (!(answer.events instanceof ReadableStream)) return { admission, answer: undefined };
  return { admission, answer: { events: { body: brokenOffWith(instance, answer.events) } } };
}

/** A stream ends with an error when the object that it comes from is lost. */
function brokenOffWith(instance: ObjectInstance, frames: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const reader = frames.getReader();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        // The loss first: what a lost object still has in memory reaches nobody.
        const { value, done } = await Promise.race([instance.lost, reader.read()]);
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}
