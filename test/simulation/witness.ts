/** Sees everything in a world that is committed or told to anybody, and says what ought never to have been so. */
import type { KeyedRun } from '../../src/accounts/account-store.ts';
import type { Limits, UsageReport } from '../../src/accounts/accounts.ts';
import { type LeaseEnd, type LedgerPass, nanodollarsOf } from '../../src/accounts/lease.ts';
import { errorKinds } from '../../src/errors.ts';
import type { ReflectionEvent } from '../../src/reflection/events.ts';
import type { Reflection } from '../../src/reflection/record.ts';
import { AccountBook, type Breach, type Report, RunBook } from './books.ts';

/** A KV place may answer for a minute from what it has read; a while more for what was on its way. */
const afterDeletionMs = 70_000;
/** What is known of a key holds for five seconds; a call that says so may have been on its way for longer. */
const afterRevocationMs = 5_000 + 30_000;

export class Witness {
  readonly runs = new Map<string, RunBook>();
  readonly accounts = new Map<string, AccountBook>();
  readonly breaches: Breach[] = [];
  readonly clocksJump: boolean;
  readonly #notices = new Map<string, { readonly id: string; readonly body: string }>();
  readonly #now: () => number;

  /** `now`: milliseconds since the world began. */
  constructor(now: () => number, clocksJump: boolean) {
    this.#now = now;
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

  /** A run's object was told to start for this account. */
  ordered(id: string, account: string): RunBook {
    const known = this.runs.get(id);
    if (known && known.account !== account) {
      this.report('nothing crosses accounts', `${id} of ${known.account} was started for ${account}`);
    }
    const book = known ?? new RunBook(id, account);
    this.runs.set(id, book);
    if (!this.accounts.get(account)?.entries.has(id)) this.report('no run starts without a lease', id);
    return book;
  }

  /** A request for a pass is about to leave the run's object. */
  asked(id: string, pass: string): void {
    this.runs.get(id)?.ask(pass, this.report);
  }

  stored(id: string, events: readonly ReflectionEvent[]): void {
    this.runs.get(id)?.store(events, this.report);
  }

  keyed(account: string, keyed: KeyedRun): void {
    const entry = this.accounts.get(account)?.entries.get(keyed.run);
    if (!entry) this.report('a key stands for a run that was admitted', keyed.run);
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
    const book = this.runs.get(id);
    if (book) book.deletionBegan = true;
  }

  deleted(id: string): void {
    const book = this.runs.get(id);
    if (book) book.deletedAt ??= this.#now();
  }

  /** Whoever deletes a run of this account was answered. */
  unlisted(account: string, id: string): void {
    this.accounts.get(account)?.unlisted.add(id);
  }

  /** This account asked after its run at this moment of its own clock, and nothing was found. */
  missed(account: string, id: string, at: number): void {
    this.accounts.get(account)?.entries.get(id)?.missedAt.push(at);
  }

  /** Its account is about to believe that there is nothing of this run. */
  givenUp(id: string): void {
    for (const account of this.accounts.values()) account.giveUp(id, this.report);
  }

  /** Somebody of this account was given this run. */
  given(account: string, id: string): void {
    if (!this.accounts.get(account)?.entries.has(id)) {
      this.report('nothing crosses accounts', `${account} was given ${id}, which it has no lease of`);
    }
  }

  /** Somebody who asked for events after the one numbered `after` got these, in this order. */
  read(id: string, after: number, events: readonly ReflectionEvent[]): void {
    const book = this.runs.get(id);
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
    const stored = this.runs.get(record.id)?.record;
    if (JSON.stringify(stored) !== JSON.stringify(record)) {
      this.report('who waited is given the record', `${record.id}: ${record.status}, stored ${stored?.status}`);
    }
  }

  /** A receiver got a notice. */
  notified(run: string, id: string | null, body: string): void {
    const before = this.#notices.get(run);
    if (id === null || (before && (before.id !== id || before.body !== body))) {
      this.report('a notice is the same at each attempt', `${run}: ${before?.id} and ${id}`);
    }
    for (const [other, notice] of this.#notices) {
      if (other !== run && notice.id === id) this.report('a notice has an id of its own', `${run} and ${other}: ${id}`);
    }
    if (id !== null) this.#notices.set(run, { id, body });
  }

  revoked(account: string): void {
    const book = this.accounts.get(account);
    if (book) book.revokedAt = this.#now();
  }

  /** When all has come to rest: what each account itself says of its use, and which runs it lists. */
  atTheEnd(told: ReadonlyMap<string, { readonly usage: UsageReport; readonly listed: readonly string[] }>): void {
    for (const run of this.runs.values()) this.#closeRun(run);
    for (const account of this.accounts.values()) {
      const own = told.get(account.id);
      this.#closeAccount(account, own?.usage);
      const kept = [...account.entries.values()].filter(
        ({ lease }) => lease.stored && !account.forgotten.has(lease.run),
      );
      const listed = kept.map(({ lease }) => lease.run).reverse();
      if (JSON.stringify(own?.listed) !== JSON.stringify(listed)) {
        this.report('the list holds what was to be stored', `${account.id}: ${own?.listed}, not ${listed}`);
      }
      const left = own?.listed.filter((run) => account.unlisted.has(run)) ?? [];
      if (left.length > 0) this.report('what was deleted is not listed', `${account.id}: ${left}`);
    }
  }

  #closeRun(book: RunBook): void {
    const { id, log, record, passes } = book;
    if (log.length > 0 && !record) this.report('every started run ends', `${id} stands at ${log.at(-1)?.type}`);
    for (const [number, told] of book.told) {
      const stored = JSON.stringify(log[number - 1]);
      if (stored !== told && !book.mayHaveBeenTold(JSON.parse(told)))
        this.report('a number means one event', `${id}: told ${told}, stored ${stored}`);
    }
    const charged = passes.filter((pass) => pass.charged).map((pass) => pass.id);
    if (new Set(charged).size < charged.length) this.report('no pass is charged twice', `${id}: ${charged.join(', ')}`);
    const attempts = passes.map((pass) => `${pass.id} ${pass.attempt}`);
    if (new Set(attempts).size < attempts.length) {
      this.report('an attempt stands once in the ledger', `${id}: ${attempts.join(', ')}`);
    }
    if (record && JSON.stringify(record.usage.passes) !== JSON.stringify(passes)) {
      this.report('the record holds the log’s passes', id);
    }
  }

  #closeAccount(book: AccountBook, usage: UsageReport | undefined): void {
    const sums = { tokens: 0, nanodollars: 0, calls: 0, runs: 0 };
    const keys = new Map<string, string>();
    for (const { lease, keyed, end, givenUp } of book.entries.values()) {
      if (!end) {
        this.report('every lease ends', lease.run);
        continue;
      }
      this.#compareLedger(end);
      sums.tokens += end.used.tokens;
      sums.nanodollars += end.used.nanodollars;
      sums.calls += end.passes.length;
      sums.runs += 1;
      const run = this.runs.get(lease.run);
      const error = run?.record?.error;
      // A run that was given up, or that failed for a reason that passes, has lost its key.
      const isFreed = givenUp || (error && errorKinds[error.code].retryable);
      if (!keyed || !run?.log.length || isFreed || run.deletionBegan) continue;
      const other = keys.get(keyed.idempotencyKey);
      if (other !== undefined) this.report('a keyed request never makes two runs', `${other} and ${lease.run}`);
      keys.set(keyed.idempotencyKey, lease.run);
    }
    const told = toldBy(usage);
    if (JSON.stringify(told) !== JSON.stringify(sums)) {
      this.report(
        'usage is the sum of the runs',
        `${book.id}: told ${JSON.stringify(told)}, is ${JSON.stringify(sums)}`,
      );
    }
  }

  #compareLedger({ run, status, passes: ledger, used }: LeaseEnd): void {
    const { record } = this.runs.get(run) ?? {};
    if (!record) {
      if (ledger.length > 0) this.report('a settled ledger is the sum of its run’s passes', `${run} has no record`);
      return;
    }
    const inLedger = JSON.stringify(ledger.map(billOf));
    const inRecord = JSON.stringify(record.usage.passes.map(billOf));
    const { total_tokens } = record.usage;
    if (used.tokens !== total_tokens) {
      this.report(
        'a settled ledger is the sum of its run’s passes',
        `${run}: ${used.tokens} tokens for ${total_tokens}`,
      );
    }
    if (inLedger !== inRecord || status !== record.status) {
      this.report('a settled ledger is the sum of its run’s passes', `${run}: ${inLedger} for ${inRecord}`);
    }
  }
}

function billOf({ id, attempt, model, input_tokens, output_tokens, cost_usd, charged }: LedgerPass) {
  return [id, attempt, model, input_tokens, output_tokens, cost_usd, charged];
}

function toldBy(usage: UsageReport | undefined) {
  const rows = usage?.rows ?? [];
  return {
    tokens: rows.reduce((sum, row) => sum + row.input_tokens + row.output_tokens, 0),
    nanodollars: rows.reduce((sum, row) => sum + nanodollarsOf(row.cost_usd), 0),
    calls: rows.reduce((sum, row) => sum + row.calls, 0),
    runs: (usage?.days ?? []).reduce((sum, { runs }) => sum + runs, 0),
  };
}
