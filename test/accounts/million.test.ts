/** A million operations on limits, over the stores of service, each held against limits that are written as they are told. */
import { expect, test } from 'vitest';
import { Account } from '../../src/accounts/account.ts';
import type { Limits } from '../../src/accounts/accounts.ts';
import { Keyring } from '../../src/accounts/keyring.ts';
import { SqliteAccountStore } from '../../src/accounts/sqlite-account-store.ts';
import { SqliteKeyStore } from '../../src/accounts/sqlite-key-store.ts';
import { askFor, settlementOf } from '../support/leases.ts';
import { madeUpKey } from '../support/made-up-key.ts';
import { SqliteDisk } from '../support/sqlite-disk.ts';
import { freshStorage } from './fresh-storage.ts';
import { PlainLimits } from './plain-limits.ts';

const operations = 1_000_000;
const seeds = 40;

/** Numbers below 1 that are the same in every run of a seed. https://en.wikipedia.org/wiki/Xorshift */
function chances(seed: number): () => number {
  let state = (seed * 2_654_435_761) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
}

/** What must have happened for the world to have been worth living in. */
interface Tally {
  asked: number;
  admitted: number;
  overAdmitted: number;
  refused: number;
  falselyRefused: number;
  wrongStandings: number;
  settled: number;
  overran: number;
  stepsBack: number;
  limitChanges: number;
  losses: number;
  readonly by: Record<string, number>;
}

interface OpenRun {
  readonly run: string;
  readonly tokens: number;
  readonly usd: number;
}

/** One account over many operations, beside the plain limits. */
class World {
  readonly tally: Tally = {
    asked: 0,
    admitted: 0,
    overAdmitted: 0,
    refused: 0,
    falselyRefused: 0,
    wrongStandings: 0,
    settled: 0,
    overran: 0,
    stepsBack: 0,
    limitChanges: 0,
    losses: 0,
    by: {},
  };
  readonly #chance: () => number;
  readonly #plain = new PlainLimits();
  readonly #disk = new SqliteDisk();
  readonly #keyring: Keyring;
  readonly #key = madeUpKey();
  readonly #open: OpenRun[] = [];
  #account: Account;
  #limits: Limits;
  #now: number;

  constructor(seed: number) {
    this.#chance = chances(seed);
    this.#now = Date.UTC(2026, 0, 1) + Math.floor(this.#chance() * 86_400_000);
    this.#keyring = new Keyring(new SqliteKeyStore(freshStorage().sql), () => this.#now);
    this.#keyring.issue(this.#key.issue);
    this.#limits = this.#newLimits();
    this.#account = this.#openAccount();
  }

  step(): void {
    const chance = this.#chance();
    if (chance < 0.5) this.#reserve();
    else if (chance < 0.8) this.#settle();
    else if (chance < 0.998) this.#passTime();
    else if (chance < 0.9995) this.#limits = this.#newLimits();
    else this.#lose();
  }

  #reserve(): void {
    const { tally } = this;
    const small = this.#chance() < 0.95 ? 0.2 : 1.2;
    const tokens = Math.floor(this.#limits.tokens_per_minute * small * this.#chance() ** 2);
    const usd = this.#limits.daily_usd * small * this.#chance() ** 25;
    const nanodollars = Math.ceil(usd * 1e9);
    const ask = askFor({ tokens, usd, lastsMs: 3_600_000 });
    this.#plain.at(this.#now);
    const fits = this.#plain.fits(this.#limits, tokens, nanodollars);
    const admission = this.#account.reserve(this.#key.caller, ask);
    tally.asked += 1;
    if (admission.type === 'started') {
      tally.admitted += 1;
      if (!fits) tally.overAdmitted += 1;
      this.#plain.admit(ask.run, tokens, nanodollars);
      this.#open.push({ run: ask.run, tokens, usd });
    } else if (admission.type === 'refused') {
      tally.refused += 1;
      if (fits) tally.falselyRefused += 1;
      const { code, limit } = admission.refusal;
      tally.by[`${code} ${limit}`] = (tally.by[`${code} ${limit}`] ?? 0) + 1;
    }
    if (this.#chance() < 0.1 && 'standings' in admission)
      this.#compare(admission.standings.map((each) => each.remaining));
  }

  #compare(remaining: readonly number[]): void {
    const { requests_per_minute, tokens_per_minute, concurrent_runs, daily_usd } = this.#limits;
    const wanted = [
      requests_per_minute - this.#plain.requests,
      tokens_per_minute - this.#plain.tokens,
      concurrent_runs - this.#plain.openRuns,
      (Math.round(daily_usd * 1e9) - this.#plain.nanodollars) / 1e9,
    ].map((left) => Math.max(0, left));
    if (wanted.some((left, index) => left !== remaining[index])) this.tally.wrongStandings += 1;
  }

  #settle(): void {
    const [ended] = this.#open.splice(Math.floor(this.#chance() * this.#open.length), 1);
    if (!ended) return;
    // One in fifty takes more than was set aside for it.
    const overruns = this.#chance() < 0.02;
    const share = overruns ? 1.3 : this.#chance();
    if (overruns) this.tally.overran += 1;
    const usedTokens = Math.ceil(ended.tokens * share);
    const cost = ended.usd * share;
    this.#plain.at(this.#now);
    const pass = { input_tokens: usedTokens, output_tokens: 0, cost_usd: cost };
    this.#account.settle(settlementOf(ended.run, pass))();
    this.#plain.settle(ended.run, usedTokens, Math.round(cost * 1e9));
    this.tally.settled += 1;
  }

  #passTime(): void {
    const chance = this.#chance();
    if (chance < 0.02) {
      this.tally.stepsBack += 1;
      this.#now -= Math.floor(this.#chance() * 90_000);
    } else if (chance < 0.8) this.#now += Math.floor(this.#chance() * 400);
    // Also exactly a window's length, and by its neighbours.
    else if (chance < 0.96) this.#now += Math.floor(this.#chance() * 20_000);
    else if (chance < 0.993) this.#now += 59_999 + Math.floor(this.#chance() * 3);
    else this.#now += Math.floor(this.#chance() * 30 * 3_600_000);
  }

  #newLimits(): Limits {
    this.tally.limitChanges += 1;
    const limits = {
      requests_per_minute: 1 + Math.floor(this.#chance() ** 2 * 150),
      tokens_per_minute: 1 + Math.floor(this.#chance() * 20_000),
      concurrent_runs: 1 + Math.floor(this.#chance() * 30),
      daily_usd: this.#chance() * 3,
      refused_per_minute: 60,
    };
    this.#keyring.change(this.#key.caller.key, { limits });
    return limits;
  }

  #lose(): void {
    this.tally.losses += 1;
    this.#plain.lose();
    this.#disk.lose();
    this.#account = this.#openAccount();
  }

  #openAccount(): Account {
    const store = new SqliteAccountStore(this.#disk.open({ wrote: (commit) => commit() }));
    return new Account(store, this.#keyring, {
      now: () => this.#now,
      log: () => {},
      storedMs: 0,
      after: () => {},
      wakeAt: () => {},
    });
  }
}

function summed(tallies: readonly Tally[]): Tally {
  const { tally } = new World(0);
  for (const each of tallies) {
    for (const [name, count] of Object.entries(each)) {
      if (typeof count === 'number') Object.assign(tally, { [name]: Reflect.get(tally, name) + count });
    }
    for (const [name, count] of Object.entries(each.by)) tally.by[name] = (tally.by[name] ?? 0) + count;
  }
  return tally;
}

test('a million operations: none admitted beyond a limit, none refused within them', { timeout: 240_000 }, () => {
  const tallies = Array.from({ length: seeds }, (_, seed) => {
    const world = new World(seed + 1);
    for (let count = 0; count < operations / seeds; count++) world.step();
    const { overAdmitted, falselyRefused, wrongStandings } = world.tally;
    expect({ seed, overAdmitted, falselyRefused, wrongStandings }).toEqual({
      seed,
      overAdmitted: 0,
      falselyRefused: 0,
      wrongStandings: 0,
    });
    return world.tally;
  });
  const { by, ...counts } = summed(tallies);
  expect(counts.admitted).toBeGreaterThan(operations / 20);
  expect(counts.refused).toBeGreaterThan(operations / 20);
  for (const count of [counts.settled, counts.overran, counts.stepsBack, counts.limitChanges, counts.losses]) {
    expect(count).toBeGreaterThan(100);
  }
  for (const limit of ['requests_per_minute', 'tokens_per_minute', 'concurrent_runs', 'daily_usd']) {
    expect(by[`rate_limited ${limit}`], limit).toBeGreaterThan(100);
  }
  expect(by['budget_exhausted daily_usd']).toBeGreaterThan(100);
  expect(by['request_exceeds_limit tokens_per_minute']).toBeGreaterThan(100);
  expect(by['request_exceeds_limit daily_usd']).toBeGreaterThan(100);
});
