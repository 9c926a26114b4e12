/** Sees everything in a world that is committed or told to anybody, and says what ought never to have been so. */
import { z } from 'zod';
import type { KeyedRun } from '../../src/accounts/account-store.ts';
import type { Limits } from '../../src/accounts/accounts.ts';
import type { Amounts, LeaseEnd } from '../../src/accounts/lease.ts';
import type { ReflectionEvent } from '../../src/reflection/events.ts';
import type { Reflection } from '../../src/reflection/record.ts';
import type { RunSpec } from '../../src/runs/run-store.ts';
import type { RestingAccount } from './account-place.ts';
import { holdAtRest, holdLongAfter } from './at-rest.ts';
import { AccountBook, type Breach, type Report, RunBook } from './books.ts';
import type { AdmittedLease } from './committed-rows.ts';

/** A KV place may answer for a minute from what it has read; a while more for what was on its way. */
const afterDeletionMs = 70_000;
/** What is known of a key holds for five seconds; a call that says so may have been on its way for longer. */
const afterRevocationMs = 5_000 + 30_000;
export class Witness {
  readonly runs = new Map<string, RunBook>();
  /** Runs that somebody was told of and nothing is stored of. */
  readonly unstored = new Map<string, RunBook>();
  /** Runs that were removed before they were stored: only their cost is. */
  readonly unbegun = new Set<string>();
  readonly accounts = new Map<string, AccountBook>();
  readonly breaches: Breach[] = [];
  readonly clocksJump: boolean;
  readonly #notices = new Map<string, { readonly id: string; readonly body: string }>();
  /** Runs by the nonces that they were begun with. */
  readonly #nonces = new Map<string, RunBook>();
  /** The nonces of runs, by the runs that they were made for. */
  readonly #nonceOf = new Map<string, string>();
  /** The nonces of runs whose leases are stored, and count. */
  readonly #counted = new Set<string>();
  /** Runs whose models were asked before they were stored. */
  readonly #early = new Set<string>();
  /** Runs of which the turn that is being committed wrote something that must not stand alone. */
  readonly #touched = new Set<string>();
  /** Keys that the turn which is being committed let stand for runs. */
  readonly #keyed: { readonly account: string; readonly keyed: KeyedRun }[] = [];
  /** Passes whose start the turn that is being committed wrote. */
  readonly #started: { readonly account: string; readonly at: number }[] = [];
  readonly #now: () => number;
  /** Storage refuses writes in this world: then a run may go on within what its account has set aside, and be forgotten. */
  readonly #mayRefuse: boolean;

  /** `now`: milliseconds since the world began. */
  constructor(now: () => number, clocksJump: boolean, mayRefuse: boolean) {
    this.#now = now;
    this.#mayRefuse = mayRefuse;
    this.clocksJump = clocksJump;
  }

  readonly report: Report = (invariant, detail) => {
    this.breaches.push({ invariant, detail });
  };

  openAccount(id: string, limits: Limits): AccountBook {
    const book = new AccountBook(id, limits);
    this.accounts.set(id, book);
    return book;
  }

  /** A run was stored in this account's object. */
  begun(account: string, id: string, { order, nonce }: RunSpec): void {
    if (order.account !== account)
      this.report('nothing crosses accounts', `${id} of ${order.account} is at ${account}`);
    if (this.runs.has(id)) this.report('a run begins once', id);
    const early = this.unstored.get(id);
    const book = new RunBook(id, account, order.request.webhook !== undefined);
    if (early) {
      for (const [number, text] of early.told) book.told.set(number, text);
      book.answer = early.answer;
      book.deletionBegan = early.deletionBegan;
      book.deletedAt = early.deletedAt;
    }
    this.unstored.delete(id);
    if (this.accounts.get(account)?.early.delete(nonce)) this.#early.add(id);
    this.runs.set(id, book);
    this.#nonces.set(nonce, book);
    this.#touched.add(id);
  }

  /** A nonce was made for a run that is about to be admitted. */
  created(id: string, nonce: string): void {
    this.#nonceOf.set(id, nonce);
  }

  /** A request for a pass of the run with this nonce leaves its object. */
  asked(account: string, nonce: string, pass: string, at: number): void {
    const book = this.#nonces.get(nonce);
    const owner = this.accounts.get(account);
    if (book) book.ask(pass, this.report);
    else if (pass !== 'draft' && !this.#mayRefuse) {
      this.report('only the first question of a run is asked before it is stored', pass);
    } else if (owner && !owner.early.has(nonce) && !this.#counted.has(nonce)) {
      // An account does not follow a clock that steps back.
      owner.latest = Math.max(owner.latest, at);
      owner.early.set(nonce, owner.latest);
      if (owner.revokedAt !== undefined) this.report('a revoked key starts nothing', `a run with ${nonce}`);
      owner.holdAgainstLimits(owner.latest, this.report);
    }
  }

  /** An account's object is lost. The answer: whether it had runs that no row was to hold yet, and whose models were asked. */
  lost(account: string): boolean {
    const owner = this.accounts.get(account);
    owner?.losses.push(this.#now());
    return owner?.lose() ?? false;
  }

  stored(account: string, id: string, events: readonly ReflectionEvent[]): void {
    const book = this.runs.get(id);
    if (book?.account !== account) this.report('nothing crosses accounts', `${account} stores events of ${id}`);
    book?.store(events, this.report);
    for (const event of events)
      if (event.type === 'pass.started') this.#started.push({ account, at: Date.parse(event.at) });
    if (book?.record) this.#touched.add(id);
  }

  /** The whole log of a run that ends is stored anew, and says of what was stored the same. The answer: what of it was not stored before. */
  rewritten(id: string, events: readonly ReflectionEvent[]): readonly ReflectionEvent[] {
    const log = this.runs.get(id)?.log ?? [];
    if (JSON.stringify(events.slice(0, log.length)) !== JSON.stringify(log)) {
      this.report('a number means one event', `${id}: its log is stored anew, and is another`);
    }
    return events.slice(log.length);
  }

  removed(id: string): void {
    const book = this.runs.get(id);
    if (!book) {
      this.unbegun.add(id);
      this.unstored.delete(id);
      return;
    }
    book.removed = true;
    const isRevoked = this.accounts.get(book.account)?.revokedAt !== undefined;
    if (!book.deletionBegan && book.hasWebhook && book.notice === null && !isRevoked) {
      this.report('who is to be told of an end is told', `${id} was removed first`);
    }
  }

  admitted(account: string, lease: AdmittedLease): void {
    const nonce = this.#nonceOf.get(lease.run);
    // It was removed before it was stored, so its beginning did not say that it is the run which asked before.
    if (nonce !== undefined) {
      if (this.accounts.get(account)?.early.delete(nonce)) this.#early.add(lease.run);
      this.#counted.add(nonce);
    }
    const wasEarly = this.#early.has(lease.run) || this.unstored.has(lease.run);
    this.accounts.get(account)?.admit(lease, wasEarly, this.report);
    this.#touched.add(lease.run);
  }

  raised(account: string, run: string, reserved: Amounts): void {
    this.accounts.get(account)?.raise(run, reserved, this.report);
  }

  ended(account: string, end: LeaseEnd): void {
    this.accounts.get(account)?.end(end, this.report);
    this.#touched.add(end.run);
  }

  keyed(account: string, keyed: KeyedRun): void {
    this.#keyed.push({ account, keyed });
  }

  forgotten(account: string, run: string): void {
    this.accounts.get(account)?.forgotten.add(run);
  }

  /** All that one turn of this account's object wrote survives from now on. */
  committed(account: string): void {
    for (const id of this.#touched) {
      const entry = this.accounts.get(account)?.entries.get(id);
      const book = this.runs.get(id);
      if (!entry) this.report('no run starts without a lease', id);
      if (this.unbegun.has(id)) continue;
      if (!book) this.report('what is admitted begins', id);
      const states = `the run is ${book?.record?.status}, its lease ${entry?.end?.status}`;
      if (book?.record?.status !== entry?.end?.status)
        this.report('a run and its lease end together', `${id}: ${states}`);
    }
    for (const { account: owner, keyed } of this.#keyed.splice(0)) this.accounts.get(owner)?.keep(keyed, this.report);
    this.#touched.clear();
    for (const { account: owner, at } of this.#started.splice(0)) this.accounts.get(owner)?.startPass(at, this.report);
  }

  /** An answer is about to be kept for others. */
  cached(text: string): void {
    const events: ReflectionEvent[] = JSON.parse(text);
    const last = events.at(-1);
    const kept = last?.type === 'run.completed' ? last.reflection : undefined;
    if (kept?.finish_reason !== 'stop' || kept.degraded !== null) {
      this.report(
        'only a whole answer is kept',
        `${last?.type} ${kept?.finish_reason} ${JSON.stringify(kept?.degraded)}`,
      );
    }
  }

  hit(account: string, { id, usage }: Reflection): void {
    const book = this.runs.get(id);
    if (book?.account !== account) {
      this.report('nothing crosses accounts', `${account} was answered with ${id} of ${book?.account}`);
    }
    if (usage.total_tokens !== 0 || usage.passes.some(({ charged }) => charged)) {
      this.report('a hit costs nothing', id);
    }
    const revokedAt = this.accounts.get(account)?.revokedAt;
    if (!this.clocksJump && revokedAt !== undefined && this.#now() > revokedAt + afterRevocationMs) {
      this.report(
        'a revoked key reads for seconds at most',
        `${account}, revoked ${this.#now() - revokedAt} ms before`,
      );
    }
    if (book?.deletedAt !== undefined && this.#now() > book.deletedAt + afterDeletionMs) {
      this.report('a deleted answer is given to nobody', `${id}, deleted ${this.#now() - book.deletedAt} ms before`);
    }
  }

  hitEvents({ id }: Reflection, events: readonly ReflectionEvent[]): void {
    const isWhole = events.every((event, index) => event.id === index + 1 && event.reflection_id === id);
    if (!isWhole) this.report('the events of a run are numbered from 1 without gaps', `a hit on ${id}`);
  }

  deleting(id: string): void {
    const book = this.#bookOf(id);
    if (book) book.deletionBegan = true;
  }

  deleted(id: string): void {
    const book = this.#bookOf(id);
    if (book) book.deletedAt ??= this.#now();
  }

  /** Whoever deletes a run of this account was answered. */
  unlisted(account: string, id: string): void {
    this.accounts.get(account)?.unlisted.add(id);
  }

  /** The run of this account that was admitted last. */
  newestOf(account: string): string | undefined {
    return [...(this.accounts.get(account)?.entries.keys() ?? [])].at(-1);
  }

  /** Somebody of this account was given this run. `isPromised`: it must survive from now on. */
  given(account: string, id: string, isPromised: boolean): void {
    const book = this.#bookOf(id) ?? new RunBook(id, account, false);
    if (book.account !== account) this.report('nothing crosses accounts', `${account} was given ${id}`);
    book.seenAt = this.#now();
    if (this.runs.has(id) || this.unbegun.has(id)) return;
    if (isPromised) this.report('what was promised is stored before it is told', id);
    this.unstored.set(id, book);
  }

  /** Somebody who asked for events after the one numbered `after` got these, in this order. */
  read(id: string, after: number, events: readonly ReflectionEvent[]): void {
    const book = this.#bookOf(id);
    if (book) book.seenAt = this.#now();
    let last = after;
    for (const event of events) {
      const skips = event.id !== last + 1;
      // Who follows a run that is deleted is told its end at once.
      if (skips && !(book?.deletionBegan && 'reflection' in event && event.id > last)) {
        this.report(
          'the events of a run are numbered from 1 without gaps',
          `a reader of ${id} got ${event.id} after ${last}`,
        );
      }
      last = event.id;
      const text = JSON.stringify(event);
      const before = book?.told.get(event.id);
      if (before !== undefined && before !== text && event.type !== 'pass.delta') {
        this.report('a number means one event', `${id}: ${before} and ${text}`);
      }
      book?.told.set(event.id, text);
    }
  }

  answered({ tier: _tier, strategy: _strategy, request: _request, ...record }: Reflection): void {
    const book = this.#bookOf(record.id);
    if (!book) return;
    book.seenAt = this.#now();
    const text = JSON.stringify(record);
    if (book.answer !== undefined && book.answer !== text) {
      this.report('who waited is given the record', `${record.id}: two answers`);
    }
    book.answer = text;
    // The end of a run that is stored in part is told when it is stored.
    if (this.runs.has(record.id) && JSON.stringify(book.record) !== text) {
      this.report('who waited is given the record', `${record.id}: ${record.status}, stored ${book.record?.status}`);
    }
  }

  #bookOf(id: string): RunBook | undefined {
    return this.runs.get(id) ?? this.unstored.get(id);
  }

  /** A receiver got a notice, and answered with this status. */
  notified(id: string | null, body: string, status: number): void {
    const run = runIn(body);
    const before = this.#notices.get(run);
    if (id === null || (before && (before.id !== id || before.body !== body))) {
      this.report('a notice is the same at each attempt', `${run}: ${before?.id} and ${id}`);
    }
    for (const [other, notice] of this.#notices) {
      if (other !== run && notice.id === id) this.report('a notice has an id of its own', `${run} and ${other}: ${id}`);
    }
    if (id !== null) this.#notices.set(run, { id, body });
    const book = this.runs.get(run);
    if (!book?.record) this.report('nobody is told of an end that is not stored', run);
    if (book && status === 204) book.notice = 'taken';
    if (book && status === 410) book.notice ??= 'refused';
  }

  revoked(account: string): void {
    const book = this.accounts.get(account);
    if (book) book.revokedAt = this.#now();
  }

  /** When all has come to rest, as each account's rows have it. */
  atTheEnd(told: ReadonlyMap<string, RestingAccount>): void {
    holdAtRest(this, told);
  }

  /** What was to be removed is removed. */
  longAfter(told: ReadonlyMap<string, RestingAccount>): void {
    holdLongAfter(this, told);
  }
}

const notice = z.object({ data: z.object({ id: z.string() }) });

function runIn(body: string): string {
  return notice.parse(JSON.parse(body)).data.id;
}
