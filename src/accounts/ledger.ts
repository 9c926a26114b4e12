/** One account's money as a state machine: runs admitted within its limits, and settled on what they used. Knows no platform. */
import { AppError, type Log, whereFrom } from '../errors.ts';
import type { AccountLimit, Spending } from '../reflection/budget.ts';
import type { AccountStore } from './account-store.ts';
import type {
  Admission,
  Ask,
  Caller,
  KeyId,
  KeyStatus,
  LimitStanding,
  RunPage,
  Settlement,
  UsageReport,
} from './accounts.ts';
import { EscrowLifecycle } from './escrow-lifecycle.ts';
import type { Keyring } from './keyring.ts';
import { dayOf, dollarsOf, endOf, type Lease, reservedFor, usageOf } from './lease.ts';
import { MemberLimits } from './member-limits.ts';
import { Limiter } from './rate-limits.ts';
import { windowMs } from './sliding-window.ts';
import { usageOfEnds } from './usage-of-ends.ts';

const hourMs = 3_600_000;
/** As long as callers may ask again under the same `Idempotency-Key`. */
const keyedMs = 24 * hourMs;
/** Longer than a month: a bill can still be held against every pass after the month's end. */
const ledgerMs = 35 * 24 * hourMs;
/** Longer than a run that is stored, which lives so long after its end: the list of stored runs must not be shorter than what is on it. */
const listedMs = 24 * hourMs;
/** Rows outlive their time by up to so much, so that cleaning costs one alarm a day and not one a row. */
const cleaningMs = 24 * hourMs;
/** So much later the next round of a cleaning begins, where one was not enough. */
const cleaningPauseMs = 250;
/** A cleaning that storage refused is tried again so much later. */
const cleaningAgainMs = hourMs;
/** Hits are counted in memory for so long: a loss costs no more of them. */
const hitsMs = 5_000;

export interface LedgerServices {
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly log: Log;
  /** How long a stored run is kept after its end, in milliseconds. */
  readonly storedMs: number;
  /** Does `work` after so many milliseconds, in this instance of the object only. */
  readonly after: (milliseconds: number, work: () => void) => void;
  /** Something is due at this moment, in epoch milliseconds. */
  readonly wakeAt: (epochMs: number) => void;
}

export class Ledger {
  readonly #store: AccountStore;
  readonly #keyring: Pick<Keyring, 'check' | 'limits' | 'webhookSecrets'>;
  readonly #services: LedgerServices;
  readonly #limiter: Limiter;
  readonly #members: MemberLimits;
  readonly #escrow: EscrowLifecycle;
  readonly #leaseMs: number;
  /** The run that identical requests join while its lease is open. */
  readonly #singleFlights = new Map<string, string>();
  /** Hits by day that no row holds yet. */
  readonly #hits = new Map<string, number>();
  #cleansAt: number;

  constructor(
    store: AccountStore,
    keyring: Pick<Keyring, 'check' | 'limits' | 'webhookSecrets'>,
    services: LedgerServices,
  ) {
    this.#store = store;
    this.#keyring = keyring;
    this.#services = services;
    this.#escrow = new EscrowLifecycle(store, services);
    this.#leaseMs = Math.max(ledgerMs, services.storedMs + listedMs);
    const past = store.past(windowMs, services.now());
    this.#limiter = new Limiter(past);
    this.#members = new MemberLimits(past.members);
    for (const lease of this.#limiter.open.values()) this.#share(lease);
    this.#cleansAt = this.#nextCleaning();
  }

  /** What the caller may do. Throws `invalid_api_key`. */
  status(caller: Caller): KeyStatus {
    return this.#keyring.check(caller);
  }

  /**
   * Admits a run or says why not; a request that was admitted at an earlier try gets the same run. `begin` saves what the run begins with; `storedFirst`: all of
   * it is stored before this returns, and otherwise with others a little later. Where storage refuses, nothing was admitted.
   * Throws `invalid_api_key` and `missing_scope`.
   */
  reserve(caller: Caller, ask: Ask, storedFirst = true, begin: () => void = () => {}): Admission {
    const { scopes, limits } = this.#keyring.check(caller);
    if (!scopes.includes('reflect')) {
      throw new AppError('missing_scope', 'This API key may not start reflections: it lacks the scope "reflect".');
    }
    this.#store.flushIfLate();
    const now = this.#advance();
    const standings = (): LimitStanding[] => this.#limiter.standings(limits);
    const earlier = this.#earlierAnswer(ask, storedFirst, now);
    if (earlier) return earlier.type === 'mismatch' ? earlier : { ...earlier, standings: standings() };

    const { member } = ask;
    const memberRefusal = member && this.#members.refusal(member, now);
    if (memberRefusal) return memberRefusal;
    const reserved = reservedFor(ask.reserves);
    const refusal = this.#limiter.refusal(limits, reserved);
    if (refusal) return { type: 'refused', refusal, standings: standings() };
    const { run, singleFlightKey, stored } = ask;
    const times = { admittedAt: now, expiresAt: now + ask.lastsMs };
    const lease = { run, key: caller.key, ...times, reserved, singleFlightKey, stored, member: member?.id ?? null };
    this.#store.admit(lease, () => this.#escrow.written(run));
    try {
      begin();
      if (storedFirst || member) this.#store.flush(run, keyedBy(ask, run, now));
      else this.#escrow.cover(run, reserved, limits, () => this.#limiter.left(limits));
    } catch (error) {
      this.#store.takeBack(run);
      throw error;
    }
    this.#limiter.admit(lease);
    if (member) this.#members.admit(member.id, now);
    this.#share(lease);
    this.#cleanAfter(now + (ask.idempotency ? keyedMs : this.#leaseMs));
    return { type: 'started', run, standings: standings() };
  }

  /** Sets aside so much in all for an open run. Names the limit that refuses. */
  topUp(run: string, total: Spending): AccountLimit | null {
    const lease = this.#limiter.open.get(run);
    if (!lease) return null;
    const asked = reservedFor(total);
    const { reserved } = lease;
    const raised = {
      tokens: Math.max(reserved.tokens, asked.tokens),
      nanodollars: Math.max(reserved.nanodollars, asked.nanodollars),
    };
    const more = { tokens: raised.tokens - reserved.tokens, nanodollars: raised.nanodollars - reserved.nanodollars };
    if (more.tokens === 0 && more.nanodollars === 0) return null;
    this.#advance();
    const refusing = this.#limiter.refusesMore(this.#keyring.limits(), lease, more);
    if (refusing) return refusing;
    this.#store.raise(run, raised);
    this.#limiter.raise(lease, raised);
    return null;
  }

  /** Gives back what the run did not use. A run that was settled before stays as it was. */
  settle(settlement: Settlement): void {
    const lease = this.#limiter.open.get(settlement.run);
    if (lease) this.#end(lease, settlement);
    else if (!this.#store.entry(settlement.run)) {
      this.#services.log({ level: 'warn', event: 'lease.unknown', reflection_id: settlement.run });
    }
  }

  countHits(hits: number): void {
    if (this.#hits.size === 0) this.#writeHitsSoon();
    const day = dayOf(this.#advance());
    this.#hits.set(day, (this.#hits.get(day) ?? 0) + hits);
  }

  /** Takes a deleted run off the list, frees its idempotency keys, and lets nobody join it any more. */
  forget(run: string): void {
    this.#store.forget(run);
    const lease = this.#limiter.open.get(run);
    if (lease) this.#unshare(lease);
  }

  /** Throws `not_found` for an `after` that is not on the list. */
  stored(after: string | null, limit: number): RunPage {
    const runs = this.#store.stored(after, limit + 1);
    if (!runs) throw new AppError('not_found', 'There is no such reflection on the list to go on after.');
    return { runs: runs.slice(0, limit), hasMore: runs.length > limit };
  }

  usage(from: string, to: string, key?: KeyId): UsageReport {
    this.#writeHits();
    const { rows, days } =
      key === undefined ? this.#store.usage(from, to) : usageOfEnds(this.#store.ends(key, from, to));
    return { rows: rows.map(({ nanodollars, ...row }) => ({ ...row, cost_usd: dollarsOf(nanodollars) })), days };
  }

  webhookSecrets(key: KeyId): readonly string[] {
    return this.#keyring.webhookSecrets(key);
  }

  /** Cleans up once a day, in rounds. Where storage refuses, nobody else has to wait: it is tried again. */
  alarm(): void {
    const now = this.#advance();
    this.#writeHits();
    if (now < this.#cleansAt) return;
    try {
      const isMore = this.#store.clean(now - this.#leaseMs, now - keyedMs);
      this.#cleansAt = isMore ? now + cleaningPauseMs : Math.max(now + cleaningMs, this.#nextCleaning());
    } catch (error) {
      this.#cleansAt = now + cleaningAgainMs;
      this.#services.log({ level: 'error', event: 'cleaning.refused', ...whereFrom(error) });
    }
  }

  #advance(): number {
    return this.#limiter.advance(this.#services.now());
  }

  /** The answer to who asked the same before: of the same run, under the same key, or while it still runs. It costs nothing. */
  #earlierAnswer(ask: Ask, storedFirst: boolean, now: number): EarlierAnswer | undefined {
    const { tried, idempotency, singleFlightKey } = ask;
    if (tried !== null && this.#store.entry(tried)) return { type: 'started', run: tried };
    const keyed = idempotency && this.#store.keyed(idempotency.key, now - keyedMs);
    if (keyed) {
      if (keyed.bodyHash !== idempotency.bodyHash) return { type: 'mismatch' };
      return { type: 'replayed', run: keyed.run };
    }
    const shared =
      singleFlightKey === null ? undefined : this.#limiter.open.get(this.#singleFlights.get(singleFlightKey) ?? '');
    if (!shared) return undefined;
    // Who joins may be promised more than who began it.
    if (storedFirst) this.#store.flush(shared.run, keyedBy(ask, shared.run, now));
    if (ask.idempotency) this.#cleanAfter(now + keyedMs);
    return { type: 'joined', run: shared.run };
  }

  #end(lease: Lease, settlement: Settlement): void {
    const end = endOf(settlement, this.#advance());
    this.#store.end(end, dayOf(lease.admittedAt), usageOf(end), settlement.retryable);
    const { run, reserved } = lease;
    if (end.used.tokens > reserved.tokens || end.used.nanodollars > reserved.nanodollars) {
      this.#services.log({ level: 'warn', event: 'lease.overran', reflection_id: run, reserved, used: end.used });
    }
    this.#limiter.settle(lease, end.used);
    this.#unshare(lease);
  }

  #share(lease: Lease): void {
    if (lease.singleFlightKey !== null) this.#singleFlights.set(lease.singleFlightKey, lease.run);
  }

  #unshare({ singleFlightKey, run }: Lease): void {
    if (singleFlightKey !== null && this.#singleFlights.get(singleFlightKey) === run)
      this.#singleFlights.delete(singleFlightKey);
  }

  #writeHitsSoon(): void {
    this.#services.after(hitsMs, () => {
      this.#writeHits();
      if (this.#hits.size > 0) this.#writeHitsSoon();
    });
  }

  /** Those that storage refuses stay in memory: nothing else waits for a count. */
  #writeHits(): void {
    try {
      for (const [day, count] of this.#hits) {
        this.#store.addHits(day, count);
        this.#hits.delete(day);
      }
    } catch (error) {
      this.#services.log({ level: 'warn', event: 'hits.unwritten', ...whereFrom(error) });
    }
  }

  /** Epoch milliseconds of the next cleaning; infinite where nothing is to be cleaned. */
  nextDue(): number {
    return this.#cleansAt;
  }

  /** Something may be removed from this moment on, in epoch milliseconds. */
  #cleanAfter(epochMs: number): void {
    this.#cleansAt = Math.min(this.#cleansAt, epochMs + cleaningMs);
    this.#services.wakeAt(this.#cleansAt);
  }

  #nextCleaning(): number {
    const { lease, keyed } = this.#store.oldest();
    const end = Number.POSITIVE_INFINITY;
    return (
      cleaningMs +
      Math.min(lease === undefined ? end : lease + this.#leaseMs, keyed === undefined ? end : keyed + keyedMs)
    );
  }
}

type EarlierAnswer =
  | { readonly type: 'started' | 'joined' | 'replayed'; readonly run: string }
  | { readonly type: 'mismatch' };

function keyedBy({ idempotency }: Ask, run: string, at: number) {
  return idempotency && { idempotencyKey: idempotency.key, bodyHash: idempotency.bodyHash, run, at };
}
