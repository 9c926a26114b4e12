/** One account's money as a state machine: runs admitted within its limits, settled on what they used, and asked after when they are overdue. Knows no platform. */
import { AppError, type Log, whereFrom } from '../errors.ts';
import type { AccountStore } from './account-store.ts';
import type {
  AccountId,
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
import { accountOf } from './ids.ts';
import type { Keyring } from './keyring.ts';
import { dayOf, dollarsOf, endOf, type Lease, reservedFor, usageOf } from './lease.ts';
import { Limiter, windowMs } from './limits.ts';
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
/** A run that goes on beyond its lease's time is asked after again this much later. */
const patienceMs = 60_000;
/** Runs asked after in one alarm; what is left wakes the next. */
const mostAsked = 20;
/** Hits are counted in memory for so long: a loss costs no more of them. */
const hitsMs = 5_000;

/** What became of a run whose lease has lasted too long. */
export type Became =
  | { readonly type: 'ended'; readonly settlement: Settlement }
  | { readonly type: 'running' }
  /** There is no such run: it never began, or nothing of it is left. */
  | { readonly type: 'gone' };

export interface AccountServices {
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly log: Log;
  readonly becameOf: (account: AccountId, run: string) => Promise<Became>;
  /** How long a stored run is kept after its end, in milliseconds. */
  readonly storedMs: number;
}

export class Account {
  readonly #store: AccountStore;
  readonly #keyring: Pick<Keyring, 'check' | 'webhookSecrets'>;
  readonly #services: AccountServices;
  readonly #limiter: Limiter;
  readonly #leaseMs: number;
  /** The run that identical requests join while its lease is open. */
  readonly #flights = new Map<string, string>();
  /** Overdue runs of which nothing was found, and the epoch milliseconds from which on that is believed when it is found again. */
  readonly #missed = new Map<string, number>();
  /** Hits by day that no row holds yet. */
  readonly #hits = new Map<string, number>();
  /** Epoch milliseconds of the alarm as set in this life. */
  #wakesAt = Number.POSITIVE_INFINITY;
  /** When the first of the leases of earlier lives expires: the alarm set for it must not be put off. */
  #inheritedDue: number;
  #cleansAt: number;

  constructor(store: AccountStore, keyring: Pick<Keyring, 'check' | 'webhookSecrets'>, services: AccountServices) {
    this.#store = store;
    this.#keyring = keyring;
    this.#services = services;
    this.#leaseMs = Math.max(ledgerMs, services.storedMs + listedMs);
    this.#limiter = new Limiter(store.past(windowMs));
    for (const lease of this.#limiter.open.values()) this.#takeOff(lease);
    this.#inheritedDue = this.#nextExpiry();
    this.#cleansAt = this.#nextCleaning();
  }

  /** What the caller may do. Throws `invalid_api_key`. */
  status(caller: Caller): KeyStatus {
    return this.#keyring.check(caller);
  }

  /** Admits a run or says why not; asked again with the same run, it answers the same. Throws `invalid_api_key` and `missing_scope`. */
  reserve(caller: Caller, ask: Ask): Admission {
    const { scopes, limits } = this.#keyring.check(caller);
    if (!scopes.includes('reflect')) {
      throw new AppError('missing_scope', 'This API key may not start reflections: it lacks the scope "reflect".');
    }
    const now = this.#advance();
    const standings = (): LimitStanding[] => this.#limiter.standings(limits);
    const earlier = this.#earlierAnswer(ask, now);
    if (earlier) return earlier.type === 'mismatch' ? earlier : { ...earlier, standings: standings() };

    const reserved = reservedFor(ask.allowance);
    const refusal = this.#limiter.refusal(limits, reserved);
    if (refusal) return { type: 'refused', refusal, standings: standings() };
    const { run, flight, stored } = ask;
    const lease = { run, key: caller.key, admittedAt: now, reserved, expiresAt: now + ask.lastsMs, flight, stored };
    this.#store.admit(lease, keyedBy(ask, run, now));
    this.#limiter.admit(lease);
    this.#takeOff(lease);
    this.#cleansAt = Math.min(this.#cleansAt, now + (ask.idempotency ? keyedMs : this.#leaseMs) + cleaningMs);
    this.#wakeInTime(lease.expiresAt);
    return { type: 'started', run, standings: standings() };
  }

  /** Gives back what the run did not use. A run that was settled before stays as it was. */
  settle(settlement: Settlement): void {
    const lease = this.#limiter.open.get(settlement.run);
    if (lease) {
      this.#end(lease, settlement);
      return;
    }
    const { end, lease: settled } = this.#store.entry(settlement.run) ?? {};
    if (!settled) this.#services.log({ level: 'warn', event: 'lease.unknown', reflection_id: settlement.run });
    else if (end?.passes.length === 0 && settlement.passes.length > 0) this.#correct(settled, settlement);
  }

  /** Of a run that was given up and lived after all: what it used is booked now, whatever the limits say of it. */
  #correct(lease: Lease, settlement: Settlement): void {
    const end = endOf(settlement, this.#advance());
    this.#store.end(end, dayOf(lease.admittedAt), usageOf(end), settlement.retryable);
    this.#limiter.spend(lease, end.used);
    this.#services.log({ level: 'warn', event: 'lease.corrected', reflection_id: lease.run, used: end.used });
  }

  countHit(): void {
    if (this.#hits.size === 0) this.#writeHitsSoon();
    const day = dayOf(this.#advance());
    this.#hits.set(day, (this.#hits.get(day) ?? 0) + 1);
  }

  /** Takes a deleted run off the list, frees its idempotency keys, and lets nobody join it any more. */
  forget(run: string): void {
    this.#store.forget(run);
    const lease = this.#limiter.open.get(run);
    if (lease) this.#land(lease);
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

  /** Asks after runs that are overdue, and cleans up once a day. */
  async alarm(): Promise<void> {
    const now = this.#advance();
    this.#writeHits();
    const overdue = [...this.#limiter.open.values()].filter(({ expiresAt }) => expiresAt <= now);
    await Promise.all(overdue.slice(0, mostAsked).map((lease) => this.#askAfter(lease)));
    if (now >= this.#cleansAt) {
      this.#store.clean(now - this.#leaseMs, now - keyedMs);
      this.#cleansAt = Math.max(now + cleaningMs, this.#nextCleaning());
    }
    this.#inheritedDue = Number.POSITIVE_INFINITY;
    this.#wakesAt = Number.POSITIVE_INFINITY;
    this.#wakeInTime(this.#nextExpiry());
  }

  #advance(): number {
    return this.#limiter.advance(this.#services.now());
  }

  /** The answer to who asked the same before: of the same run, under the same key, or while it still runs. It costs nothing. */
  #earlierAnswer(ask: Ask, now: number): EarlierAnswer | undefined {
    const { run, idempotency, flight } = ask;
    if (this.#limiter.open.has(run) || this.#store.entry(run)) return { type: 'started', run };
    const keyed = idempotency && this.#store.keyed(idempotency.key, now - keyedMs);
    if (keyed) {
      if (keyed.bodyHash !== idempotency.bodyHash) return { type: 'mismatch' };
      return { type: 'replayed', run: keyed.run, open: this.#limiter.open.has(keyed.run) };
    }
    const shared = flight === null ? undefined : this.#limiter.open.get(this.#flights.get(flight) ?? '');
    // Of a run that is overdue nobody knows whether it still goes on.
    if (!shared || shared.expiresAt <= now) return undefined;
    const joined = keyedBy(ask, shared.run, now);
    if (joined) {
      this.#store.keep(joined);
      this.#cleansAt = Math.min(this.#cleansAt, now + keyedMs + cleaningMs);
    }
    return { type: 'joined', run: shared.run };
  }

  #end(lease: Lease, settlement: Settlement): void {
    const end = endOf(settlement, this.#advance());
    this.#store.end(end, dayOf(lease.admittedAt), usageOf(end), settlement.retryable);
    this.#limiter.settle(lease, end.used);
    this.#land(lease);
    const { run, reserved } = lease;
    if (end.used.tokens > reserved.tokens || end.used.nanodollars > reserved.nanodollars) {
      this.#services.log({ level: 'warn', event: 'lease.overran', reflection_id: run, reserved, used: end.used });
    }
  }

  async #askAfter({ run, key }: Lease): Promise<void> {
    const became = await this.#services.becameOf(accountOf(key), run).catch((error: unknown): Became => {
      this.#services.log({ level: 'error', event: 'lease.unanswered', reflection_id: run, ...whereFrom(error) });
      return { type: 'running' };
    });
    const open = this.#limiter.open.get(run);
    // It may have been settled meanwhile.
    if (!open) return;
    const now = this.#advance();
    const later = now + patienceMs;
    if (became.type === 'ended') {
      this.#end(open, became.settlement);
    } else if (became.type === 'running' || now < (this.#missed.get(run) ?? later)) {
      // One that is gone may be about to begin, or the clock that says that it is overdue has leapt: so it is asked after once more.
      if (became.type === 'gone' && !this.#missed.has(run)) this.#missed.set(run, later);
      this.#store.postpone(run, later);
      this.#limiter.postpone(open, later);
    } else {
      this.#services.log({ level: 'warn', event: 'lease.gone', reflection_id: run });
      this.#end(open, { run, status: 'failed', decision: null, passes: [], retryable: true });
      // There is nothing to be replayed or listed.
      this.#store.forget(run);
    }
  }

  #takeOff(lease: Lease): void {
    if (lease.flight !== null) this.#flights.set(lease.flight, lease.run);
  }

  #land({ flight, run }: Lease): void {
    this.#missed.delete(run);
    if (flight !== null && this.#flights.get(flight) === run) this.#flights.delete(flight);
  }

  #writeHitsSoon(): void {
    this.#store.after(hitsMs, () => {
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

  #nextExpiry(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { expiresAt } of this.#limiter.open.values()) next = Math.min(next, expiresAt);
    return next;
  }

  #nextCleaning(): number {
    const { lease, keyed } = this.#store.oldest();
    const end = Number.POSITIVE_INFINITY;
    return (
      cleaningMs +
      Math.min(lease === undefined ? end : lease + this.#leaseMs, keyed === undefined ? end : keyed + keyedMs)
    );
  }

  /** Sets the alarm to no later than `due`. One that comes too early finds nothing to do and sets the next. */
  #wakeInTime(due: number): void {
    const wakesAt = Math.min(due, this.#inheritedDue, this.#cleansAt);
    if (wakesAt >= this.#wakesAt) return;
    this.#wakesAt = wakesAt;
    this.#store.wakeAt(wakesAt);
  }
}

type EarlierAnswer =
  | { readonly type: 'started' | 'joined'; readonly run: string }
  | { readonly type: 'replayed'; readonly run: string; readonly open: boolean }
  | { readonly type: 'mismatch' };

function keyedBy({ idempotency }: Ask, run: string, at: number) {
  return idempotency && { idempotencyKey: idempotency.key, bodyHash: idempotency.bodyHash, run, at };
}
