/** The place that an account of a world lives in: its own storage, the real account and keyring over it. */
import { Account, type Became } from '../../src/accounts/account.ts';
import type { AccountId, KeyId, Settlement, UsageReport } from '../../src/accounts/accounts.ts';
import type { RemoteAccount } from '../../src/accounts/durable-accounts.ts';
import { type KeyIssue, Keyring } from '../../src/accounts/keyring.ts';
import { outcomeOf } from '../../src/accounts/outcome.ts';
import { durableRuns } from '../../src/runs/durable-runs.ts';
import { AccountStorage, storesOf } from './account-storage.ts';
import type { AccountBook } from './books.ts';
import { type Life, refusedWrite } from './life.ts';
import { Place } from './place.ts';
import { lossesOf, type Machine } from './plan.ts';
import { type RunPlaces, retention } from './run-places.ts';
import type { Surroundings } from './surroundings.ts';

interface AccountThing {
  readonly account: Account;
  readonly keyring: Keyring;
}

export interface AccountPlaceOptions {
  readonly id: AccountId;
  readonly machine: Extract<Machine, 'account 0' | 'account 1'>;
  readonly book: AccountBook;
  readonly runs: RunPlaces;
}

export class AccountPlace {
  readonly #world: Surroundings;
  readonly #options: AccountPlaceOptions;
  readonly #place: Place<AccountThing>;
  readonly #storage: AccountStorage;

  constructor(world: Surroundings, options: AccountPlaceOptions) {
    this.#world = world;
    this.#options = options;
    this.#storage = this.#newStorage();
    this.#place = this.#newPlace();
  }

  stub(from: Life | undefined): RemoteAccount {
    const { network, weather } = this.#world;
    const ask = <Answer>(
      work: (thing: AccountThing) => Answer,
      odds?: Parameters<typeof network.call>[3],
    ): Promise<Answer> => network.call(from, this.#place, work, odds);
    return {
      status: (caller) => ask(({ account }) => outcomeOf(() => account.status(caller))),
      reserve: (caller, request) => ask(({ account }) => outcomeOf(() => account.reserve(caller, request))),
      settle: (settlement) => ask(({ account }) => account.settle(settlement), weather.unheardSettlements),
      countHit: () => ask(({ account }) => account.countHit()),
      forget: (run) => ask(({ account }) => account.forget(run)),
      stored: (after, limit) => ask(({ account }) => outcomeOf(() => account.stored(after, limit))),
      usage: (from, to, key) => ask(({ account }) => account.usage(from, to, key)),
      webhookSecrets: (key) => ask(({ account }) => account.webhookSecrets(key)),
    };
  }

  /** As the key administration asks for it. */
  revoke(key: KeyId): Promise<boolean> {
    return this.#world.network.call(undefined, this.#place, ({ keyring }) => keyring.revoke(key));
  }

  /** Runs on the list, newest first, as what is committed says. */
  listed(): readonly string[] {
    return this.#storage.restored().account.stored(null, 1_000) ?? [];
  }

  /** Before the world begins. */
  issue(issue: KeyIssue): void {
    this.#storage.commit(({ keys }) => {
      new Keyring(keys, this.#world.clocks[this.#options.machine].now).issue(issue);
    });
  }

  /** Of all days, as what is committed says. */
  usage(): UsageReport {
    const { account, keys } = this.#storage.restored();
    return new Account(account, new Keyring(keys, () => 0), this.#services(undefined)).usage('0000', '9999');
  }

  windAlarm(): void {
    this.#place.windAlarm();
  }

  #newStorage(): AccountStorage {
    const { witness, story } = this.#world;
    const { id, book, machine } = this.#options;
    return new AccountStorage({
      admitted: (lease, keyed) => {
        story.tell(machine, `admitted ${lease.run.slice(0, 12)} ${JSON.stringify(lease.reserved)}`);
        book.admit(lease, keyed, witness.report);
        if (keyed) witness.keyed(id, keyed);
      },
      kept: (keyed) => witness.keyed(id, keyed),
      ended: (end) => {
        story.tell(machine, `settled ${end.run.slice(0, 12)} ${end.status} ${JSON.stringify(end.used)}`);
        book.end(end, witness.report);
      },
      forgotten: (run) => book.forgotten.add(run),
      alarm: (epochMs) => this.#place.setAlarm(epochMs),
    });
  }

  #newPlace(): Place<AccountThing> {
    const { timeline, chance, clocks, weather, story } = this.#world;
    const { machine } = this.#options;
    return new Place({
      timeline,
      chance,
      clock: clocks[machine],
      commitMs: chance.integer(1, 8),
      losses: lossesOf(chance, weather.accountLosses, 60),
      alarmsTwice: weather.alarmsTwice,
      open: (life) => {
        const stores = storesOf(this.#storage, life, () => this.#mayWrite());
        const keyring = new Keyring(stores.keys, clocks[machine].now);
        const account = new Account(stores.account, keyring, this.#services(life));
        return { thing: { account, keyring }, alarm: () => account.alarm() };
      },
      told: (what, how) => {
        story.tell(machine, `${what} ${how}`);
        if (what === 'lost') story.count('account object lost');
        if (what === 'alarm' || what === 'alarm again') story.count(what);
      },
    });
  }

  #mayWrite(): void {
    const { chance, story, weather } = this.#world;
    if (!chance.happens(weather.refusedWrites)) return;
    story.count('write refused');
    throw new Error(refusedWrite);
  }

  #services(life: Life | undefined) {
    const { clocks, log } = this.#world;
    const runs = durableRuns(this.#options.runs.seenFrom(life), clocks[this.#options.machine].now);
    return {
      now: clocks[this.#options.machine].now,
      log,
      becameOf: async (account: AccountId, run: string) => {
        const became = becameOf(await runs.became(account, run));
        if (became.type === 'gone') this.#world.witness.missed(account, run, clocks[this.#options.machine].now());
        else this.#world.story.count(`lease asked after: ${became.type}`);
        return became;
      },
      storedMs: retention.storedMs,
    };
  }
}

function becameOf(told: Settlement | 'running' | undefined): Became {
  if (told === undefined) return { type: 'gone' };
  return told === 'running' ? { type: 'running' } : { type: 'ended', settlement: told };
}
