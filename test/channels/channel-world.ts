/**
 * A workspace's account in a world of its own: the real account with the real engine over real SQL, lost where the seed says so, and a model that says what
 * a script says. A channel is put into it: one of the service's own, or one that a test made up.
 */

import type { Channel, Installation } from '../../src/channels/channel.ts';
import { channelDelivery } from '../../src/channels/channel-delivery.ts';
import { durableWorkspaces, type RemoteWorkspace } from '../../src/channels/durable-workspaces.ts';
import type { Workspaces } from '../../src/channels/workspaces.ts';
import type { LogEntry } from '../../src/errors.ts';
import { type AccountHost, HostedAccount, type HostedAccountServices } from '../../src/hosted-account.ts';
import { Cancelled, type Model, type ModelCall, type ModelChunk } from '../../src/reflection/model.ts';
import { reflect } from '../../src/reflection/reflect.ts';
import { durableRuns, type RemoteRuns, recordText } from '../../src/runs/durable-runs.ts';
import { retentionOf } from '../../src/runs/run-services.ts';
import { Chance } from '../simulation/chance.ts';
import type { Loss, ObjectInstance } from '../simulation/object-instance.ts';
import { Place } from '../simulation/place.ts';
import { roster } from '../simulation/roster.ts';
import { Timeline, WallClock } from '../simulation/timeline.ts';
import { loadAllCode } from '../support/load-code.ts';
import { memoryCache } from '../support/memory-cache.ts';
import { SqliteDisk } from '../support/sqlite-disk.ts';

await loadAllCode();
await import('../../src/hosted-workspace.ts');

/** 2026-09-21. */
const start = 1_790_000_000_000;
const retention = retentionOf(30);
/** What an object's address looks like. */
const address = 'ab'.repeat(32);

/** What a model says, and how long it takes for each piece. */
export interface Line {
  readonly text: string;
  readonly everyMs?: number;
}

/** One instance of the account's object, as a channel within it works. */
export interface Surroundings {
  readonly instance: ObjectInstance;
  readonly installation: Installation;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly chance: () => number;
  readonly log: (entry: LogEntry) => void;
  readonly pause: (milliseconds: number) => Promise<void>;
  readonly timeout: (milliseconds: number) => AbortSignal;
}

export interface ChannelWorldOptions {
  readonly openChannel: (surroundings: Surroundings) => Channel;
  readonly seed?: number;
  /** At which of its steps the object is lost, and how. */
  readonly losses?: ReadonlyMap<number, Loss>;
  readonly script?: (call: ModelCall) => Line;
  readonly memberRequestsPerMinute?: number;
}

export class ChannelWorld {
  readonly timeline = new Timeline();
  readonly clock = new WallClock(this.timeline, start);
  readonly chance: Chance;
  readonly log: LogEntry[] = [];
  /** Passes in the order in which the model was asked for them. */
  readonly asked: string[] = [];
  readonly workspaces: Workspaces;
  /** Keys that were put on the list of all keys. */
  readonly listed: string[] = [];
  readonly #options: ChannelWorldOptions;
  readonly #disk = new SqliteDisk();
  readonly #place: Place<HostedAccount>;

  constructor(options: ChannelWorldOptions) {
    this.#options = options;
    this.chance = new Chance(options.seed ?? 1);
    this.#place = this.#newPlace();
    const objects = { idFromName: () => ({ toString: () => address }), getByName: () => this.#stub() };
    const randomBytes = (count: number) => this.chance.bytes(count);
    const runs = durableRuns(objects, randomBytes);
    this.workspaces = durableWorkspaces({ accounts: objects, runs, randomBytes });
  }

  /** Lets so much time pass. */
  run(milliseconds: number): Promise<void> {
    return this.timeline.run(this.timeline.now + milliseconds);
  }

  /** What `work` comes to, while at most ten minutes pass. */
  async settled<Value>(work: Promise<Value>): Promise<Value> {
    let isSettled = false;
    const noted = work.finally(() => {
      isSettled = true;
    });
    noted.catch(() => undefined);
    for (let waited = 0; !isSettled && waited < 600_000; waited += 10) await this.run(10);
    return noted;
  }

  /** The object is lost now. */
  lose(loss: Loss): void {
    this.#place.lose(loss);
  }

  /** What somebody asks of the account itself. */
  ask<Answer>(work: (hosted: HostedAccount) => Answer | Promise<Answer>): Promise<Answer> {
    return this.#place.call(work);
  }

  #stub(): RemoteWorkspace & RemoteRuns {
    const ask = this.ask.bind(this);
    const json = (value: unknown) => (value === undefined ? undefined : JSON.stringify(value));
    const unasked = () => Promise.reject(new Error('No workspace asks this.'));
    return {
      askQuestion: (question, run) => ask(async (hosted) => (await hosted.workspace()).ask(question, run)),
      stopPlace: (...given) => ask(async (hosted) => (await hosted.workspace()).stopPlace(...given)),
      stopRunOf: (...given) => ask(async (hosted) => (await hosted.workspace()).stop(...given)),
      roomSettings: (room) => ask(async (hosted) => (await hosted.workspace()).settings(room)),
      changeRoomSettings: (...given) => ask(async (hosted) => (await hosted.workspace()).changeSettings(...given)),
      installation: () => ask(async (hosted) => (await hosted.workspace()).installation()),
      install: (text) => ask(async (hosted) => (await hosted.workspace()).install(text)),
      uninstall: (...given) => ask(async (hosted) => (await hosted.workspace()).uninstall(...given)),
      beginRun: (caller, wish, order, awaits) =>
        ask(async (hosted) => {
          const begun = await hosted.begin(caller, wish, JSON.parse(order), awaits);
          if ('failure' in begun) return begun;
          const { admission, answer } = begun.value;
          return {
            value: {
              admission,
              answer: answer && 'record' in answer ? { record: recordText(answer.record) } : undefined,
            },
          };
        }),
      readRun: (account, id) => ask(({ runs }) => json(runs.run(id).read(account))),
      endedRun: unasked,
      followRun: unasked,
      cancelRun: (account, id) => ask(async ({ runs }) => json(await runs.run(id).cancel(account))),
      rateRun: (account, id, feedback) => ask(({ runs }) => runs.run(id).rate(account, feedback)),
      feedbackOnRun: (account, id) => ask(({ runs }) => runs.run(id).feedback(account)),
      deleteRun: (account, id) => ask((hosted) => hosted.delete(account, id)),
    };
  }

  #newPlace(): Place<HostedAccount> {
    const { timeline, clock, chance, log } = this;
    const place: Place<HostedAccount> = new Place({
      timeline,
      clock,
      chance,
      commitMs: 3,
      losses: this.#options.losses ?? new Map(),
      alarmsTwice: 0.1,
      open: (instance) => {
        const hosted = new HostedAccount(this.#host(instance, place), this.#services(instance));
        return { thing: hosted, alarm: () => hosted.alarm() };
      },
      committed: () => {},
      closed: () => this.#disk.lose(),
      told: (what, how) => log.push({ level: 'info', event: `place.${what}`, how }),
    });
    return place;
  }

  #host(instance: ObjectInstance, place: Place<HostedAccount>): AccountHost {
    return {
      storage: this.#disk.open({ wrote: (commit) => instance.write(commit) }),
      confirmed: () => instance.confirmed(),
      setAlarm: (epochMs) => instance.write(() => place.setAlarm(epochMs)),
      after: (milliseconds, work) => instance.after(milliseconds, work),
      keepAlive: () => {},
    };
  }

  #services(instance: ObjectInstance): HostedAccountServices {
    const { now } = this.clock;
    const chance = this.chance.next;
    const log = (entry: LogEntry) => {
      if (instance.alive) this.log.push(entry);
    };
    const pause = (milliseconds: number) => instance.sleep(milliseconds);
    const timeout = (milliseconds: number) => {
      const late = new AbortController();
      instance.after(milliseconds, () => late.abort(new Error('Too late.')));
      return late.signal;
    };
    const channel = (installation: Installation) =>
      this.#options.openChannel({ instance, installation, now, chance, log, pause, timeout });
    return {
      account: { now, log, storedMs: retention.storedMs },
      workspace: async () => ({
        roster: () => roster,
        now,
        chance,
        log,
        memberRequestsPerMinute: this.#options.memberRequestsPerMinute ?? 10,
        openChannel: async (_, installation) => channel(installation),
        listKey: async (key) => {
          this.listed.push(key);
        },
      }),
      runsOf: (account, installation) => ({
        models: { roster: () => roster, connect: (_, signal) => this.#model(instance, signal) },
        reflect,
        now,
        nonce: () => `nonce-${this.chance.integer(0, 2 ** 40)}`,
        chance,
        log,
        retention,
        account,
        cache: memoryCache(),
        cacheable: () => false,
        channels: channelDelivery(async () => channel(installation)),
        deliver: async () => ({ type: 'delivered' }),
      }),
    };
  }

  #model(instance: ObjectInstance, signal: AbortSignal): Model {
    const { asked } = this;
    const script = this.#options.script ?? (({ role }) => defaultLine(role));
    async function* ask(call: ModelCall): AsyncGenerator<ModelChunk> {
      yield { type: 'start', attempt: 1, model: 'first' };
      // As in a Durable Object, no request leaves before what was written until then is stored.
      await instance.confirmed();
      asked.push(call.pass);
      const { text, everyMs = 40 } = script(call);
      const pieces = text.match(/.{1,12}/gs) ?? [];
      for (const piece of pieces) {
        await instance.sleep(everyMs, signal);
        if (signal.aborted) throw new Cancelled();
        yield { type: 'delta', text: piece };
      }
      yield { type: 'finish', reason: 'stop', usage: { inputTokens: 20, outputTokens: pieces.length, neurons: null } };
    }
    return { ask };
  }
}

function defaultLine(role: ModelCall['role']): Line {
  return { text: role === 'critique' ? '{"verdict":"pass","issues":[]}' : 'Two and two is four.' };
}
