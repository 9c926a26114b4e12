/** An account's store in memory. What is written stays, whoever works on it: a loss is a new `Account` on the same store. */
import type {
  AccountStore,
  DayUsage,
  KeyedRun,
  LedgerEntry,
  SettledLease,
  StoredUsage,
} from '../../src/accounts/account-store.ts';
import type { DayCounts, KeyId } from '../../src/accounts/accounts.ts';
import { dayOf, type Lease, type LeaseEnd, type UsageSum } from '../../src/accounts/lease.ts';
import type { Past } from '../../src/accounts/limits.ts';

export class MemoryAccountStore implements AccountStore {
  /** In order of admission. */
  readonly #leases = new Map<string, LedgerEntry>();
  /** In order of time. */
  readonly #keyed = new Map<string, KeyedRun>();
  readonly #usage = new Map<string, DayUsage>();
  readonly #days = new Map<string, DayCounts>();
  readonly #after: (milliseconds: number, work: () => void) => void;
  /** Epoch milliseconds. */
  alarmAt: number | undefined;
  /** How often the alarm was set. */
  alarmsSet = 0;
  /** Set to make storage refuse. */
  full = false;

  constructor(after: (milliseconds: number, work: () => void) => void = () => {}) {
    this.#after = after;
  }

  get entries(): LedgerEntry[] {
    return [...this.#leases.values()];
  }

  past(windowMs: number): Past {
    const { entries } = this;
    const ends = entries.flatMap(({ end }) => end ?? []);
    const moments = [
      ...entries.map(({ lease }) => lease.admittedAt),
      ...ends.map(({ settledAt }) => settledAt),
      ...Array.from(this.#keyed.values(), ({ at }) => at),
    ];
    const seenAt = moments.reduce((latest, at) => Math.max(latest, at), 0);
    const thatDay = [...this.#usage.values()].filter(({ day }) => day === dayOf(seenAt));
    return {
      seenAt,
      open: entries.filter(({ end }) => end === null).map(({ lease }) => lease),
      admissions: entries.map(({ lease }) => lease.admittedAt).filter((at) => at > seenAt - windowMs),
      settled: ends
        .filter(({ settledAt }) => settledAt > seenAt - windowMs)
        .map(({ settledAt, used }) => ({ at: settledAt, tokens: used.tokens }))
        .sort((one, other) => one.at - other.at),
      spentThatDay: thatDay.reduce((sum, { nanodollars }) => sum + nanodollars, 0),
    };
  }

  admit(lease: Lease, keyed: KeyedRun | null): void {
    this.#mayWrite();
    if (this.#leases.has(lease.run)) throw new Error(`${lease.run} has a lease.`);
    this.#leases.set(lease.run, { lease, end: null });
    if (keyed) this.keep(keyed);
  }

  end(end: LeaseEnd, day: string, usage: readonly UsageSum[], freesKeys: boolean): void {
    this.#mayWrite();
    const wasOpen = this.#leases.get(end.run)?.end === null;
    this.#change(end.run, ({ lease }) => ({ lease, end }));
    for (const sum of usage) this.#addUsage(day, sum);
    if (wasOpen) this.#addCounts({ day, runs: 1, cache_hits: 0 });
    if (freesKeys) this.#free((keyed) => keyed.run === end.run);
  }

  postpone(run: string, expiresAt: number): void {
    this.#mayWrite();
    this.#change(run, ({ lease, end }) => ({ lease: { ...lease, expiresAt }, end }));
  }

  entry(run: string): LedgerEntry | undefined {
    return this.#leases.get(run);
  }

  keyed(idempotencyKey: string, since: number): KeyedRun | undefined {
    const keyed = this.#keyed.get(idempotencyKey);
    return keyed && keyed.at > since ? keyed : undefined;
  }

  keep(keyed: KeyedRun): void {
    this.#mayWrite();
    this.#keyed.delete(keyed.idempotencyKey);
    this.#keyed.set(keyed.idempotencyKey, keyed);
  }

  forget(run: string): void {
    this.#mayWrite();
    this.#change(run, ({ lease, end }) => ({ lease: { ...lease, stored: false, flight: null }, end }));
    this.#free((keyed) => keyed.run === run);
  }

  stored(after: string | null, count: number): readonly string[] | undefined {
    const newestFirst = this.entries
      .filter(({ lease }) => lease.stored)
      .map(({ lease }) => lease.run)
      .reverse();
    const last = after === null ? -1 : newestFirst.indexOf(after);
    if (after !== null && last === -1) return undefined;
    return newestFirst.slice(last + 1, last + 1 + count);
  }

  addHits(day: string, count: number): void {
    this.#mayWrite();
    this.#addCounts({ day, runs: 0, cache_hits: count });
  }

  *ends(key: KeyId, from: string, to: string): Generator<SettledLease> {
    for (const { lease, end } of this.entries) {
      const day = dayOf(lease.admittedAt);
      if (end && lease.key === key && from <= day && day <= to) yield { lease, end };
    }
  }

  usage(from: string, to: string): StoredUsage {
    const isWithin = ({ day }: { readonly day: string }): boolean => from <= day && day <= to;
    return {
      rows: [...this.#usage].sort(byName).flatMap(([, row]) => (isWithin(row) ? row : [])),
      days: [...this.#days].sort(byName).flatMap(([, counts]) => (isWithin(counts) ? counts : [])),
    };
  }

  clean(leasesBefore: number, keysBefore: number): void {
    this.#mayWrite();
    for (const [run, { lease, end }] of this.#leases) {
      if (end && lease.admittedAt < leasesBefore) this.#leases.delete(run);
    }
    this.#free(({ at }) => at < keysBefore);
  }

  oldest(): { readonly lease: number | undefined; readonly keyed: number | undefined } {
    const [lease] = this.#leases.values();
    const [keyed] = this.#keyed.values();
    return { lease: lease?.lease.admittedAt, keyed: keyed?.at };
  }

  wakeAt(epochMs: number): void {
    this.alarmAt = epochMs;
    this.alarmsSet += 1;
  }

  after(milliseconds: number, work: () => void): void {
    this.#after(milliseconds, work);
  }

  #mayWrite(): void {
    if (this.full) throw new Error('The disk is full.');
  }

  #free(isToGo: (keyed: KeyedRun) => boolean): void {
    for (const [key, keyed] of this.#keyed) if (isToGo(keyed)) this.#keyed.delete(key);
  }

  #change(run: string, change: (entry: LedgerEntry) => LedgerEntry): void {
    const entry = this.#leases.get(run);
    if (entry) this.#leases.set(run, change(entry));
  }

  #addUsage(day: string, sum: UsageSum): void {
    const name = [day, sum.model, sum.decision ?? ''].join(' ');
    const known = this.#usage.get(name);
    this.#usage.set(name, {
      day,
      model: sum.model,
      decision: sum.decision,
      input_tokens: (known?.input_tokens ?? 0) + sum.input_tokens,
      output_tokens: (known?.output_tokens ?? 0) + sum.output_tokens,
      nanodollars: (known?.nanodollars ?? 0) + sum.nanodollars,
      calls: (known?.calls ?? 0) + sum.calls,
    });
  }

  #addCounts({ day, runs, cache_hits }: DayCounts): void {
    const known = this.#days.get(day);
    this.#days.set(day, {
      day,
      runs: (known?.runs ?? 0) + runs,
      cache_hits: (known?.cache_hits ?? 0) + cache_hits,
    });
  }
}

/** As SQLite compares. */
function byName([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : Number(one > other);
}
