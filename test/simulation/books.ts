/** What a world's witness writes down of each account and each run, as it is committed. */
import type { KeyedRun } from '../../src/accounts/account-store.ts';
import type { Limits } from '../../src/accounts/accounts.ts';
import { type Amounts, dayOf, type LeaseEnd, nanodollarsOf } from '../../src/accounts/lease.ts';
import { isTerminal, type ReflectionEvent } from '../../src/reflection/events.ts';
import type { PassUsage, Reflection } from '../../src/reflection/record.ts';
import type { AdmittedLease } from './committed-rows.ts';

const windowMs = 60_000;

/** An invariant that did not hold, and where. */
export interface Breach {
  readonly invariant: string;
  readonly detail: string;
}

export type Report = (invariant: string, detail: string) => void;

/** A run, by the log that its object has stored. */
export class RunBook {
  readonly id: string;
  /** Whose it is, by the order that it was started with. */
  readonly account: string;
  /** Somebody is to be told of its end. */
  readonly hasWebhook: boolean;
  readonly log: ReflectionEvent[] = [];
  /** What readers got under each number. */
  readonly told = new Map<number, string>();
  readonly #finished = new Set<string>();
  /** Milliseconds since the world began at which its deletion was acknowledged. */
  deletedAt: number | undefined;
  deletionBegan = false;
  /** Its rows are gone. */
  removed = false;
  /** Milliseconds since the world began at which somebody was told of it last, or it was asked for. */
  seenAt = 0;
  /** What whoever waited for its end was given. */
  answer: string | undefined;
  /** How its receiver took the notice of its end: null for not yet. */
  notice: 'taken' | 'refused' | null = null;

  constructor(id: string, account: string, hasWebhook: boolean) {
    this.id = id;
    this.account = account;
    this.hasWebhook = hasWebhook;
  }

  get record(): Reflection | undefined {
    const last = this.log.at(-1);
    return last && 'reflection' in last ? last.reflection : undefined;
  }

  get passes(): readonly PassUsage[] {
    return this.log.flatMap((event) => ('usage' in event ? [event.usage] : []));
  }

  /** Events that will survive. */
  store(events: readonly ReflectionEvent[], report: Report): void {
    for (const event of events) {
      const last = this.log.at(-1);
      if (event.id !== (last?.id ?? 0) + 1) {
        report('the events of a run are numbered from 1 without gaps', `${this.id}: ${event.id} after ${last?.id}`);
      }
      if (last && isTerminal(last.type)) {
        report('a run has exactly one end', `${this.id}: ${event.type} after ${last.type}`);
      }
      if (event.type === 'pass.completed') this.#finished.add(event.pass);
      this.log.push(event);
    }
  }

  /** A delta of an attempt that was lost may have left only its number behind. */
  mayHaveBeenTold(told: ReflectionEvent): boolean {
    const stored = this.log[told.id - 1];
    if (stored?.type !== 'pass.delta' || told.type !== 'pass.delta') return false;
    const { pass, attempt } = told;
    const wasGood = this.log.some(
      (event) => event.type === 'pass.completed' && event.pass === pass && event.attempt === attempt,
    );
    return stored.text === '' && !wasGood;
  }

  /** A request for this pass is about to leave. */
  ask(pass: string, report: Report): void {
    if (this.#finished.has(pass)) report('a finished pass is never asked for again', `${this.id}: ${pass}`);
  }
}

interface Entry {
  lease: AdmittedLease;
  /** Every `Idempotency-Key` that stood for it. */
  readonly keys: Set<string>;
  end: LeaseEnd | null;
}

/** An account, by the leases that its object has stored, held against its limits as they are told. */
export class AccountBook {
  readonly id: string;
  readonly limits: Limits;
  /** In the order of admission. */
  readonly entries = new Map<string, Entry>();
  readonly forgotten = new Set<string>();
  /** Requests to models that left for runs which nothing is stored of: when, by the nonce of the run and the object's own clock. */
  readonly early = new Map<string, number>();
  /** Of these, the ones that were forgotten in a loss. */
  readonly #forgottenEarly = new Set<string>();
  /** The latest moment of its object's own clock, in epoch milliseconds. */
  latest = 0;
  /** When its object was lost, in milliseconds since the world began. */
  readonly losses: number[] = [];
  /** Runs whose deletion was answered, whether they were there or not. */
  readonly unlisted = new Set<string>();
  /** Milliseconds since the world began at which the revocation of its key was acknowledged. */
  revokedAt: number | undefined;

  constructor(id: string, limits: Limits) {
    this.id = id;
    this.limits = limits;
  }

  /** `wasEarly`: its model was asked before it was stored, and that was held against the revocation. */
  admit(lease: AdmittedLease, wasEarly: boolean, report: Report): void {
    const { run, admittedAt, singleFlightKey } = lease;
    this.latest = Math.max(this.latest, admittedAt);
    if (this.revokedAt !== undefined && !wasEarly) report('a revoked key starts nothing', run);
    if (this.entries.has(run)) report('a run has one lease', run);
    const sharing =
      singleFlightKey === null
        ? undefined
        : this.#open().find((entry) => entry.lease.singleFlightKey === singleFlightKey);
    if (sharing && !this.forgotten.has(sharing.lease.run)) {
      report('identical requests at once make one run', `${run} beside ${sharing.lease.run}`);
    }
    this.entries.set(run, { lease, keys: new Set(), end: null });
    this.holdAgainstLimits(admittedAt, report);
  }

  raise(run: string, reserved: Amounts, report: Report): void {
    const entry = this.entries.get(run);
    if (entry) entry.lease = { ...entry.lease, reserved };
    else report('whatever is set aside belongs to a lease', run);
  }

  /** The start of a pass is stored, with what was set aside for it. `at`: epoch milliseconds, by the object's own clock. */
  startPass(at: number, report: Report): void {
    this.latest = Math.max(this.latest, at);
    this.holdAgainstLimits(this.latest, report);
  }

  /** Its object is lost. The answer: whether requests had left for runs that nothing is stored of. */
  lose(): boolean {
    const known = this.#forgottenEarly.size;
    for (const nonce of this.early.keys()) this.#forgottenEarly.add(nonce);
    return this.#forgottenEarly.size > known;
  }

  keep({ idempotencyKey, run }: KeyedRun, report: Report): void {
    const entry = this.entries.get(run);
    if (entry) entry.keys.add(idempotencyKey);
    else report('a key stands for a run that was admitted', run);
  }

  end(end: LeaseEnd, report: Report): void {
    const entry = this.entries.get(end.run);
    if (!entry) {
      report('whatever is settled was reserved', end.run);
      return;
    }
    if (entry.end) report('a lease ends once', end.run);
    entry.end = end;
    const { reserved } = entry.lease;
    if (end.used.tokens > reserved.tokens || end.used.nanodollars > reserved.nanodollars) {
      report('a run spends no more than was reserved', `${end.run}: ${JSON.stringify({ reserved, used: end.used })}`);
    }
  }

  #open(): Entry[] {
    return [...this.entries.values()].filter(({ end }) => end === null);
  }

  /** When a run is stored, or asks before it is, what is reserved and spent is at its most. */
  holdAgainstLimits(at: number, report: Report): void {
    const isRecent = (moment: number): boolean => moment > at - windowMs;
    let requests = 0;
    let tokens = 0;
    let open = 0;
    let nanodollars = 0;
    for (const { lease, end } of this.entries.values()) {
      if (isRecent(lease.admittedAt)) requests += 1;
      if (end === null) open += 1;
      if (end === null) tokens += lease.reserved.tokens;
      else if (isRecent(end.settledAt)) tokens += end.used.tokens;
      if (dayOf(lease.admittedAt) === dayOf(at)) nanodollars += (end?.used ?? lease.reserved).nanodollars;
    }
    // Of runs that are to be stored soon, or were forgotten: their models were asked all the same.
    for (const askedAt of this.early.values()) if (isRecent(askedAt)) requests += 1;
    const { requests_per_minute, tokens_per_minute, concurrent_runs, daily_usd } = this.limits;
    const held = [
      ['requests in 60 seconds', requests, requests_per_minute],
      ['tokens in 60 seconds', tokens, tokens_per_minute],
      ['runs at once', open, concurrent_runs],
      ['nanodollars in a day', nanodollars, nanodollarsOf(daily_usd)],
    ] as const;
    for (const [what, used, limit] of held) {
      if (used > limit)
        report('what is reserved and spent stays within each limit', `${this.id}: ${used} ${what} of ${limit}`);
    }
  }
}
