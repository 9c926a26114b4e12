/**
 * An account over many operations drawn by chance, each held against limits that are written as they are told. Commits come late, storage refuses now and
 * then, and losses of the object take what is not committed, and what is not even written. A run counts as admitted once its caller was told.
 */

import type { Admission, Ask, Limits } from '../../src/accounts/accounts.ts';
import { type EscrowSize, noEscrow } from '../../src/accounts/escrow.ts';
import { Keyring } from '../../src/accounts/keyring.ts';
import { Ledger } from '../../src/accounts/ledger.ts';
import { SqliteAccountStore } from '../../src/accounts/sqlite-account-store.ts';
import { SqliteKeyStore } from '../../src/accounts/sqlite-key-store.ts';
import type { ObjectStorage } from '../../src/object-storage.ts';
import { RunRows } from '../../src/run-rows.ts';
import { chances } from '../support/chances.ts';
import { askFor, settlementOf } from '../support/leases.ts';
import { madeUpKey } from '../support/made-up-key.ts';
import { freshStorage } from './fresh-storage.ts';
import { HeldBackDisk } from './held-back-disk.ts';
import { fits, fitsMore, type InUse, type Left, PlainLimits } from './plain-limits.ts';
import { Timers } from './timers.ts';

/** What must have happened for the world to have been worth living in. */
export interface Tally {
  asked: number;
  admitted: number;
  overAdmitted: number;
  refused: number;
  /** Within every limit, also if each escrow that was lost counts as used. */
  falselyRefused: number;
  /** Within every limit but for what an escrow that was lost counts. */
  refusedForLosses: number;
  /** Larger than an escrow may be. */
  largeLosses: number;
  refusedByStorage: number;
  late: number;
  lostRuns: number;
  neverTold: number;
  wrongStandings: number;
  raised: number;
  refusedMore: number;
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

/** The largest of everything that an escrow was made for. */
interface Era {
  requests: number;
  tokens: number;
  nanodollars: number;
  /** Of one run. */
  runTokens: number;
  runNanodollars: number;
}

const noEra: Era = { requests: 0, tokens: 0, nanodollars: 0, runTokens: 0, runNanodollars: 0 };

/** One account over many operations, beside the plain limits. */
export class World {
  readonly tally: Tally = {
    asked: 0,
    admitted: 0,
    overAdmitted: 0,
    refused: 0,
    falselyRefused: 0,
    refusedForLosses: 0,
    largeLosses: 0,
    refusedByStorage: 0,
    late: 0,
    lostRuns: 0,
    neverTold: 0,
    wrongStandings: 0,
    raised: 0,
    refusedMore: 0,
    settled: 0,
    overran: 0,
    stepsBack: 0,
    limitChanges: 0,
    losses: 0,
    by: {},
  };
  readonly #chance: () => number;
  readonly #plain = new PlainLimits();
  readonly #disk = new HeldBackDisk();
  readonly #keyring: Keyring;
  readonly #key = madeUpKey();
  #open: OpenRun[] = [];
  /** Runs that were admitted or settled since the last loss, and how many commits there are once their callers are told. */
  #touched = new Map<string, OpenRun & { readonly toldWith: number }>();
  #timers = new Timers();
  /** Since the last loss, and between the one before that was not lost itself and it. */
  #era = { ...noEra };
  #olderEra = { ...noEra };
  #lossNeeds = 0;
  #store: SqliteAccountStore | undefined;
  #account: Ledger;
  #limits: Limits;
  #now: number;

  constructor(seed: number) {
    this.#chance = chances(seed);
    this.#now = Date.UTC(2026, 0, 1) + Math.floor(this.#chance() * 86_400_000);
    this.#keyring = new Keyring(new SqliteKeyStore(freshStorage().sql), () => this.#now);
    this.#keyring.issue(this.#key.issue);
    this.#limits = this.#newLimits();
    this.#account = this.#openAccount(this.#disk.open());
    this.#disk.commit();
  }

  step(): void {
    const chance = this.#chance();
    if (chance < 0.42) this.#reserve();
    else if (chance < 0.5) this.#raise();
    else if (chance < 0.8) this.#settle();
    else if (chance < 0.96) this.#passTime();
    else if (chance < 0.992) this.#disk.commit(this.#chance() < 0.8 ? 1 : this.#chance());
    else if (chance < 0.997) this.#disk.full = this.#chance() < 0.1;
    else if (chance < 0.9985) this.#limits = this.#newLimits();
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
    const { admitted, charged } = this.#plain.inUse();
    const isWithin = (inUse: InUse): boolean => fits(this.#limits, inUse, tokens, nanodollars);
    const storedFirst = this.#chance() < 0.5;
    const admission = this.#reserved(ask, storedFirst);
    tally.asked += 1;
    if (!admission) tally.refusedByStorage += 1;
    else if (admission.type === 'started') {
      tally.admitted += 1;
      if (!storedFirst) tally.late += 1;
      if (!isWithin(admitted) || !isWithin(charged)) tally.overAdmitted += 1;
      this.#plain.admit(ask.run, tokens, nanodollars);
      const run = { run: ask.run, tokens, usd };
      this.#open.push(run);
      this.#touched.set(ask.run, { ...run, toldWith: this.#disk.written });
    } else if (admission.type === 'refused') {
      tally.refused += 1;
      if (isWithin(charged)) tally.falselyRefused += 1;
      else if (isWithin(admitted)) tally.refusedForLosses += 1;
      const { code, limit } = admission.refusal;
      tally.by[`${code} ${limit}`] = (tally.by[`${code} ${limit}`] ?? 0) + 1;
    }
    this.#rememberAsk(tokens, nanodollars);
    if (admission && this.#chance() < 0.1 && 'standings' in admission)
      this.#compare(admission.standings.map((each) => each.remaining));
  }

  /** A run that is under way plans its next pass, and stores what is set aside before its model is asked. */
  #raise(): void {
    const { tally } = this;
    const index = Math.floor(this.#chance() * this.#open.length);
    const open = this.#open[index];
    if (!open) return;
    const tokens = open.tokens + Math.floor(this.#limits.tokens_per_minute * 0.2 * this.#chance() ** 2);
    const usd = open.usd + this.#limits.daily_usd * 0.2 * this.#chance() ** 25;
    const [nanodollars, before] = [Math.ceil(usd * 1e9), Math.ceil(open.usd * 1e9)];
    this.#plain.at(this.#now);
    const day = this.#plain.dayOf(open.run);
    const { admitted, charged } = this.#plain.inUse(day);
    const isWithin = (inUse: InUse): boolean =>
      fitsMore(this.#limits, inUse, tokens - open.tokens, nanodollars - before);
    const isMore = tokens > open.tokens || nanodollars > before;
    const refusing = this.#account.topUp(open.run, { tokens, usd });
    if (refusing) {
      tally.refusedMore += 1;
      if (day !== undefined && isWithin(charged)) tally.falselyRefused += 1;
      return;
    }
    tally.raised += 1;
    if (isMore && !(day !== undefined && isWithin(admitted) && isWithin(charged))) tally.overAdmitted += 1;
    this.#plain.raise(open.run, tokens, nanodollars);
    this.#open[index] = { run: open.run, tokens, usd };
    if (!this.#touched.has(open.run)) this.#touched.set(open.run, { ...open, toldWith: 0 });
    try {
      this.#store?.flush(open.run);
    } catch (error) {
      if (!this.#disk.full) throw error;
    }
  }

  /** Undefined where storage refuses. */
  #reserved(ask: Ask, storedFirst: boolean): Admission | undefined {
    try {
      return this.#account.reserve(this.#key.caller, ask, storedFirst);
    } catch (error) {
      if (this.#disk.full) return undefined;
      throw error;
    }
  }

  #rememberAsk(tokens: number, nanodollars: number): void {
    const era = this.#era;
    era.requests = Math.max(era.requests, this.#limits.requests_per_minute);
    era.tokens = Math.max(era.tokens, this.#limits.tokens_per_minute);
    era.nanodollars = Math.max(era.nanodollars, Math.round(this.#limits.daily_usd * 1e9));
    era.runTokens = Math.max(era.runTokens, tokens);
    era.runNanodollars = Math.max(era.runNanodollars, nanodollars);
  }

  #compare(remaining: readonly number[]): void {
    const { requests_per_minute, tokens_per_minute, concurrent_runs, daily_usd } = this.#limits;
    const { charged } = this.#plain.inUse();
    const wanted = [
      requests_per_minute - charged.requests,
      tokens_per_minute - charged.tokens,
      concurrent_runs - charged.openRuns,
      (Math.round(daily_usd * 1e9) - charged.nanodollars) / 1e9,
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
    this.#account.settle(settlementOf(ended.run, pass));
    this.#plain.settle(ended.run, usedTokens, Math.round(cost * 1e9));
    this.tally.settled += 1;
    if (!this.#touched.has(ended.run)) this.#touched.set(ended.run, { ...ended, toldWith: 0 });
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
    // A thread that is busy does what is due later.
    if (this.#chance() < 0.3) return;
    for (let due = this.#timers.next(this.#now); due; due = this.#timers.next(this.#now)) due.work();
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
    const { tally } = this;
    tally.losses += 1;
    const { committed } = this.#disk;
    this.#disk.lose();
    const storage = this.#disk.open();
    const touched = this.#touched;
    const size = storedEscrow(storage);
    this.#compareWithEra(size, this.#lossNeeds <= committed);
    const leftOf = new Map([...touched.keys()].map((run) => [run, leftIn(storage, run)] as const));
    // A run that has no row held what it was admitted with: for more its model was never asked.
    for (const [run, { tokens, usd }] of touched) {
      if (leftOf.get(run)?.state === 'none') this.#plain.raise(run, tokens, Math.ceil(usd * 1e9));
    }
    const wasTold = (run: string): boolean => (touched.get(run)?.toldWith ?? 0) <= committed;
    this.#plain.lose(this.#now, { size, committed, wasTold, left: (run) => leftOf.get(run) });
    this.#open = this.#open.flatMap((open) => {
      const left = leftOf.get(open.run) ?? 'as it was';
      if (left === 'as it was') return open;
      return left.state === 'open' ? openRun(open.run, left) : [];
    });
    const open = new Set(this.#open.map(({ run }) => run));
    for (const [run, left] of leftOf) {
      if (left.state === 'none') tally[wasTold(run) ? 'lostRuns' : 'neverTold'] += 1;
      // Its end is lost, so it is settled once more.
      if (left.state === 'open' && !open.has(run)) this.#open.push(openRun(run, left));
    }
    this.#touched = new Map();
    this.#timers = new Timers();
    this.#account = this.#openAccount(storage);
    this.#lossNeeds = this.#disk.written;
    this.#plain.lossIsWritten(this.#lossNeeds);
    if (this.#chance() < 0.8) this.#disk.commit();
  }

  /**
   * What a loss may cost: a quarter of the requests and tokens of a minute, and a 64th of the money of a day, of the largest limits since the escrow was opened;
   * or one run, where that is more.
   */
  #compareWithEra(size: EscrowSize, lastLossIsCommitted: boolean): void {
    const era = this.#era;
    if (!lastLossIsCommitted) {
      for (const amount of Object.keys(noEra)) {
        Object.assign(era, { [amount]: Math.max(Reflect.get(era, amount), Reflect.get(this.#olderEra, amount)) });
      }
    }
    const isLarge =
      size.requests > Math.max(1, era.requests / 4) ||
      size.tokens > Math.max(era.runTokens, era.tokens / 4) ||
      size.nanodollars > Math.max(era.runNanodollars, era.nanodollars / 64);
    if (isLarge) this.tally.largeLosses += 1;
    this.#olderEra = era;
    this.#era = { ...noEra };
  }

  #openAccount(storage: ObjectStorage): Ledger {
    const now = () => this.#now;
    const timers = this.#timers;
    const after = (milliseconds: number, work: () => void) => timers.after(this.#now, milliseconds, work);
    this.#store = new SqliteAccountStore(storage, new RunRows(storage, { now, log: () => {}, after }));
    return new Ledger(this.#store, this.#keyring, { now, log: () => {}, storedMs: 0, after, wakeAt: () => {} });
  }
}

function storedEscrow({ sql }: ObjectStorage): EscrowSize {
  const [row] = sql
    .exec<{ requests: number; tokens: number; nanodollars: number }>('SELECT requests, tokens, nanodollars FROM escrow')
    .toArray();
  return row ?? noEscrow;
}

function openRun(run: string, left: Extract<Left, { readonly state: 'open' }>): OpenRun {
  return { run, tokens: left.reservedTokens, usd: left.reservedNanodollars / 1e9 };
}

function leftIn({ sql }: ObjectStorage, run: string): Left {
  const [row] = sql
    .exec<{ ended_at: number | null; held_tokens: number; held_nanodollars: number }>(
      'SELECT ended_at, held_tokens, held_nanodollars FROM run WHERE id = ?',
      run,
    )
    .toArray();
  if (!row) return { state: 'none' };
  const { ended_at, held_tokens, held_nanodollars } = row;
  if (ended_at !== null) return { state: 'ended' };
  return { state: 'open', reservedTokens: held_tokens, reservedNanodollars: held_nanodollars };
}
