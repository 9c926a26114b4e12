/** A world made of a seed: the real engine, runs, accounts, limits and cache, and around them time, chance and a faulty platform. */
import { createHash } from 'node:crypto';
import type { AccountId, Caller } from '../../src/accounts/accounts.ts';
import { defaultLimits } from '../../src/accounts/accounts.ts';
import { durableAccounts } from '../../src/accounts/durable-accounts.ts';
import { accountOf, newAccountId, newKeyId } from '../../src/accounts/ids.ts';
import { IsolateLimiter } from '../../src/accounts/isolate-limiter.ts';
import { kvReflectionCache } from '../../src/cache/kv-reflection-cache.ts';
import type { LogEntry } from '../../src/errors.ts';
import type { StartPorts } from '../../src/http/start-reflection.ts';
import { Breakers } from '../../src/models/breaker.ts';
import { durableRuns } from '../../src/runs/durable-runs.ts';
import { AccountPlace, type RestingAccount } from './account-place.ts';
import type { Breach } from './books.ts';
import { Chance } from './chance.ts';
import { retention } from './hosted-services.ts';
import { Network } from './network.ts';
import { type Plan, planOf } from './plan.ts';
import { roster } from './roster.ts';
import { Store } from './store.ts';
import { type Counts, Story } from './story.ts';
import type { Surroundings } from './surroundings.ts';
import { Timeline, WallClock } from './timeline.ts';
import { Upstream } from './upstream.ts';
import { Visitor } from './visitor.ts';
import { Witness } from './witness.ts';

/** Long after the last visitor: runs have ended and are paid for; what is kept for a day is still there. */
const restMs = 3 * 3_600_000;
/** What is not stored is gone by then, unless somebody has still to be told of it. */
const removedMs = 26 * 3_600_000;

/** Long after everybody has come. */
const lastVisitMs = 3_600_000;

export interface Told {
  readonly seed: number;
  readonly breaches: readonly Breach[];
  readonly counts: Counts;
  readonly hash: string;
  readonly story: readonly string[];
}

export async function liveThrough(seed: number): Promise<Told> {
  const world = new World(new Chance(seed));
  await world.live();
  const { story, witness } = world.surroundings;
  return { seed, breaches: witness.breaches, counts: story.counts, hash: story.hash, story: story.lines };
}

/** People who pass by an account one after the other until one of them is answered. */
const mostLooks = 20;

class World {
  readonly #plan: Plan;
  readonly #accounts = new Map<string, AccountPlace>();
  readonly #callers: readonly [Caller, Caller];
  readonly #fronts: Readonly<Record<'near' | 'far', StartPorts>>;
  readonly #visitors: Visitor[] = [];
  readonly surroundings: Surroundings;

  constructor(chance: Chance) {
    const plan = planOf(chance);
    this.#plan = plan;
    this.surroundings = this.#surround(chance);
    this.#callers = [this.#newCaller(0), this.#newCaller(1)];
    this.#fronts = { near: this.#newFront('near'), far: this.#newFront('far') };
    if (plan.crowd) this.surroundings.story.count('crowd of a hundred');
  }

  async live(): Promise<void> {
    const { timeline, witness } = this.surroundings;
    for (const [index, visit] of this.#plan.visits.entries()) {
      const visitor = new Visitor(visit, {
        name: `visitor ${index}`,
        caller: this.#callers[visit.account],
        stranger: this.#callers[visit.account === 0 ? 1 : 0],
        ports: this.#fronts[visit.front],
        timeline,
        story: this.surroundings.story,
        witness,
      });
      this.#visitors.push(visitor);
      timeline.after(visit.at, () => void visitor.come());
    }
    for (const { at, machine, milliseconds } of this.#plan.jumps) {
      timeline.after(at, () => this.#jump(machine, milliseconds));
    }
    const { revokesAt } = this.#plan;
    if (revokesAt !== null) timeline.after(revokesAt, () => void this.#revoke());
    timeline.after(lastVisitMs, () => void this.#passBy());
    await timeline.run(restMs);
    this.#close();
    await timeline.run(removedMs);
    witness.longAfter(this.#atRest());
  }

  /**
   * Somebody looks at each account: an object whose alarm failed six times in a row is woken by that. Where it is lost at once, so is the alarm that it
   * has set anew, and the next who passes by wakes it.
   */
  async #passBy(): Promise<void> {
    for (const caller of this.#callers) {
      const place = this.#accounts.get(caller.account);
      for (let looks = 0; place && looks < mostLooks; looks += 1) {
        const isAnswered = await place
          .stub()
          .status(caller)
          .then(
            () => true,
            () => false,
          );
        if (isAnswered) break;
      }
    }
  }

  #close(): void {
    const { witness } = this.surroundings;
    const waiting = this.#visitors.filter(({ done }) => !done).length;
    if (waiting > 0) witness.report('who waits is answered', `${waiting} still wait`);
    if (this.#plan.crowd && witness.runs.size > 1) {
      witness.report('identical requests at once make one run', `${witness.runs.size} runs`);
    }
    witness.atTheEnd(this.#atRest());
  }

  #atRest(): ReadonlyMap<string, RestingAccount> {
    return new Map([...this.#accounts].map(([id, place]) => [id, place.atRest()]));
  }

  #surround(chance: Chance): Surroundings {
    const { begins, weather } = this.#plan;
    const timeline = new Timeline();
    const story = new Story(() => timeline.now);
    const witness = new Witness(
      () => timeline.now,
      this.#plan.jumps.length > 0,
      weather.refusedWrites > 0 || weather.diskFull !== null,
    );
    const clock = (): WallClock => new WallClock(timeline, begins);
    const { storeFailures: failures } = weather;
    return {
      timeline,
      chance,
      weather,
      story,
      witness,
      clocks: { near: clock(), far: clock(), 'account 0': clock(), 'account 1': clock() },
      network: new Network({
        timeline,
        chance,
        story,
        lost: weather.lostCalls,
        late: weather.lateCalls,
        oneWay: [1, 10],
      }),
      store: new Store({ timeline, chance, story, failures, written: (_, text) => witness.cached(text) }),
      upstream: new Upstream({ chance, story, weather: weather.upstream }),
      log: (entry) => this.#heed(entry),
      breakers: new Breakers(),
    };
  }

  #newCaller(index: 0 | 1): Caller {
    const { chance, witness } = this.surroundings;
    const randomBytes = (count: number) => chance.bytes(count);
    const id: AccountId = newAccountId(randomBytes);
    const key = newKeyId(id, randomBytes);
    const limits = this.#plan.limits[index];
    witness.openAccount(id, { ...defaultLimits, ...limits });
    const machine = index === 0 ? 'account 0' : 'account 1';
    const place = new AccountPlace(this.surroundings, { id, machine });
    this.#accounts.set(id, place);
    const secret = { hash: `hash-${index}`, last4: '0000', webhookSecret: 'whsec_bWFkZSB1cA==' };
    const { scopes } = this.#plan;
    place.issue({ id: key, name: machine, scopes, limits, expiresAt: null, secret, newAccount: true });
    return { account: accountOf(key), key, secretHash: secret.hash };
  }

  #newFront(machine: 'near' | 'far'): StartPorts {
    const { chance, clocks, store, log } = this.surroundings;
    const { now } = clocks[machine];
    const accounts = {
      idFromName: (name: string) => createHash('sha256').update(name).digest('hex'),
      getByName: (name: string) => {
        const place = this.#accounts.get(name);
        if (!place) throw new Error(`There is no account ${name}.`);
        return place.stub();
      },
    };
    return {
      runs: durableRuns(accounts, (count) => chance.bytes(count)),
      accounts: durableAccounts({ accounts, now, log }),
      cache: kvReflectionCache({ store: store.seenFrom(machine), now, log }),
      hits: new IsolateLimiter('requests_per_minute', now),
      models: { roster: () => roster },
      keptMs: ({ store: stored }) => (stored ? retention.storedMs : retention.unstoredMs),
      now,
    };
  }

  /** The operator asks until it is done. */
  async #revoke(): Promise<void> {
    const { timeline, story, witness } = this.surroundings;
    const [{ account, key }] = this.#callers;
    for (;;) {
      try {
        await this.#accounts.get(account)?.revoke(key);
        break;
      } catch {
        await timeline.sleep(1_000);
      }
    }
    story.count('key revoked');
    story.tell('operator', 'revoked the key of account 0');
    witness.revoked(account);
  }

  #jump(machine: keyof Surroundings['clocks'], milliseconds: number): void {
    const { story, clocks } = this.surroundings;
    story.count(milliseconds < 0 ? 'clock jumped back' : 'clock jumped forward');
    story.tell(machine, `its clock jumped by ${milliseconds} ms`);
    clocks[machine].jump(milliseconds);
    for (const place of this.#accounts.values()) place.windAlarm();
  }

  /** What the service logs tells much that nobody else is told. */
  #heed({ event, ...entry }: LogEntry): void {
    const { story, witness } = this.surroundings;
    story.tell('log', `${event} ${JSON.stringify({ ...entry, stack: undefined })}`);
    if (event === 'run.resumed') story.count('run resumed');
    if (event === 'run.lost') story.count('run lost to storage');
    if (event === 'webhook.undelivered' && entry['outcome'] === 'failed') story.count('notice tried again');
    const { refusedWrites, diskFull } = this.surroundings.weather;
    const mayBreak = refusedWrites > 0 || diskFull !== null;
    if ((!mayBreak && breaks.includes(event)) || neverLogged.includes(event)) {
      witness.report('nothing breaks for a reason of its own', JSON.stringify({ event, ...entry }));
    }
  }
}

/** Logged where storage refuses a write. */
const breaks: readonly string[] = [
  'run.broke',
  'run.lost',
  'run.refused',
  'run.unstored',
  'runs.unstored',
  'run.unwoken',
  'outbox.broken',
  'hits.unwritten',
  'cleaning.refused',
];
const neverLogged: readonly string[] = ['lease.unknown', 'lease.overran'];
