/**
 * The rows of an account's runs. What is written is seen at once and stored in groups: a run that is over quickly becomes one row in one
 * statement, and many runs share one commit. Whoever must not go on before something is stored calls `flush`.
 */
import { type Log, whereFrom } from './errors.ts';
import { type AlongsideWriter, commitGroup, type RefusedRun, type WaitingRun } from './group-commit.ts';
import type { ObjectStorage } from './object-storage.ts';
import { unpackEvents } from './packed-events.ts';
import { eventsOf, type LogPart, nothingPending, onlyCostOf, type PendingRun } from './pending-run.ts';
import type { ReflectionEvent } from './reflection/events.ts';
import { absent, hasEnded, heldOf, type NewRun, type RunChange, type RunRow, runTables } from './run-row.ts';

/** What is due so soon is stored with what is due now. */
const togetherMs = 100;
/** Storage that refused is tried again after this. */
const retryMs = 1_000;

export interface StoredEvents {
  readonly events: readonly ReflectionEvent[];
  readonly reservedTo: number;
}

export interface RowsHost {
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly log: Log;
  readonly after: (milliseconds: number, work: () => void) => () => void;
}

export class RunRows {
  readonly #storage: ObjectStorage;
  readonly #sql: ObjectStorage['sql'];
  readonly #host: RowsHost;
  /** Epoch milliseconds. */
  #latest = 0;
  readonly #pending = new Map<string, PendingRun>();
  readonly #alongside: AlongsideWriter[] = [];
  #commits = 0;
  #timer: { readonly at: number; readonly takeBack: () => void } | undefined;

  constructor(storage: ObjectStorage, host: RowsHost) {
    this.#storage = storage;
    this.#sql = storage.sql;
    this.#host = host;
    storage.sql.exec(runTables);
  }

  /** How often something was stored. */
  get commits(): number {
    return this.#commits;
  }

  alongside(writer: AlongsideWriter): void {
    this.#alongside.push(writer);
  }

  /** A new run, to be stored within so many milliseconds. `written` is told once it is. */
  insert(row: NewRun, withinMs: number, written: () => void): void {
    const pending = this.#pendingOf(row.id, withinMs);
    pending.insertion = row;
    pending.inserted.add(written);
  }

  /** Takes back an insertion that was not stored. */
  takeBack(id: string): void {
    this.#pending.delete(id);
  }

  change(id: string, change: RunChange, withinMs: number): void {
    Object.assign(this.#pendingOf(id, withinMs).change, change);
  }

  /** Adds to a run's log. `written` is told once it is stored; `refused`, where storage refuses this run alone: what waits of it is given up then. */
  append(id: string, part: LogPart, withinMs: number, written: () => void, refused?: (error: unknown) => void): void {
    const pending = this.#pendingOf(id, withinMs);
    pending.log.push(part);
    pending.written.add(written);
    if (refused) pending.refused.add(refused);
  }

  /** Removes a run but for what it cost. */
  clear(id: string): void {
    const pending = this.#pendingOf(id, 0);
    Object.assign(pending, onlyCostOf(pending));
  }

  /** The run as it stands; undefined for one that never was, or is of long ago. */
  read(id: string): RunRow | undefined {
    const pending = this.#pending.get(id);
    if (pending?.insertion) return { ...absent, ...pending.insertion, ...pending.change };
    const [row] = this.#sql.exec<RunRow>('SELECT * FROM run WHERE id = ?', id).toArray();
    return row && pending ? { ...row, ...pending.change } : row;
  }

  /**
   * The part of a log that begins with event `id` or the last one before it: all of it, where an ended run is one row. `reservedTo` is the last event
   * then.
   */
  log(run: string, id: number): StoredEvents | undefined {
    const { log: waiting = [], clearsLog = false } = this.#pending.get(run) ?? {};
    const [first] = waiting;
    const last = waiting.at(-1);
    if (first && last && first.events[0].id <= id) {
      return { reservedTo: last.reservedTo, events: eventsOf(waiting) };
    }
    if (clearsLog) return undefined;
    const whole = this.read(run)?.events;
    if (whole) {
      const events = unpackEvents(run, whole);
      return { reservedTo: events.at(-1)?.id ?? 0, events };
    }
    const rows = this.#sql
      .exec<{ reserved_to: number; events: string }>(
        `SELECT reserved_to, events FROM log
         WHERE run = ?1 AND first = (SELECT max(first) FROM log WHERE run = ?1 AND first <= ?2) ORDER BY part`,
        run,
        id,
      )
      .toArray();
    const [row] = rows;
    return row && { reservedTo: row.reserved_to, events: unpackEvents(run, rows.map(({ events }) => events).join('')) };
  }

  /** Whether something of this run waits to be stored. */
  waits(id: string): boolean {
    return this.#pending.has(id);
  }

  /** Stores everything that waits, for whoever reads the tables themselves. */
  flushAll(): void {
    this.#store([...this.#pending.keys()], ({ pending }) => pending.insertion !== null && !hasEnded(pending.change));
  }

  /** Stores this run and whatever is due or ended. Throws where storage refuses this run, or everything: all of it is tried again later then. */
  flush(id?: string): void {
    const soon = this.#now() + togetherMs;
    this.#store(
      [...this.#pending].flatMap(([run, { dueAt, change }]) =>
        run === id || dueAt <= soon || hasEnded(change) ? run : [],
      ),
      (run) => run.id === id,
    );
  }

  /** Stores what should have been stored a while ago. Timers come late where the thread is busy, so whoever passes by looks at the clock. */
  flushIfLate(): void {
    if (this.#timer && this.#timer.at + togetherMs <= this.#now()) this.#flushOrRetry();
  }

  #pendingOf(id: string, withinMs: number): PendingRun {
    const dueAt = this.#now() + withinMs;
    const known = this.#pending.get(id);
    const pending = known ?? nothingPending(dueAt);
    pending.dueAt = Math.min(pending.dueAt, dueAt);
    if (!known) this.#pending.set(id, pending);
    if (!this.#timer || this.#timer.at > pending.dueAt) this.#setTimer(pending.dueAt);
    return pending;
  }

  #setTimer(at: number): void {
    this.#timer?.takeBack();
    const takeBack = this.#host.after(Math.max(0, at - this.#now()), () => {
      this.#timer = undefined;
      this.#latest = Math.max(this.#latest, at);
      this.#flushOrRetry();
    });
    this.#timer = { at, takeBack };
  }

  #flushOrRetry(): void {
    try {
      this.flush();
    } catch (error) {
      this.#host.log({ level: 'error', event: 'runs.unstored', ...whereFrom(error) });
      this.#setTimer(this.#now() + retryMs);
    }
  }

  #store(ids: readonly string[], isNeeded: (run: WaitingRun) => boolean): void {
    const runs = ids.flatMap((id): WaitingRun[] => {
      const pending = this.#pending.get(id);
      return pending ? [{ id, pending }] : [];
    });
    const refused = commitGroup(this.#storage, { runs, alongside: this.#alongside, isNeeded });
    this.#commits += 1;
    const unstored = new Set(refused.map(({ id }) => id));
    for (const { id } of runs) this.#pending.delete(id);
    for (const run of refused) this.#keepAdmission(run);
    for (const writer of this.#alongside) writer.written();
    this.#setTimerForRest();
    for (const { id, pending } of runs) {
      if (!this.#pending.get(id)?.insertion) this.#tell(id, pending.inserted);
      if (!unstored.has(id)) this.#tell(id, pending.written);
    }
    for (const run of refused) this.#giveUp(run);
  }

  /**
   * Of a run that goes on: it was admitted, and has set something aside, whatever else storage refuses of it. Where it has no row, whoever gives it up
   * says what it came to. Of one that has ended and whose cost was refused as well, that waits; and so does a removal.
   */
  #keepAdmission({ id, pending, takesCost }: RefusedRun): void {
    const { insertion, inserted, change, clearsLog, dueAt } = pending;
    const isRemoval = clearsLog && !insertion && !hasEnded(change);
    if (isRemoval || (hasEnded(change) && !takesCost)) {
      this.#pending.set(id, { ...onlyCostOf(pending), dueAt: dueAt + retryMs });
      return;
    }
    if (hasEnded(change)) return;
    const kept = { ...nothingPending(dueAt + retryMs), change: heldOf(change) };
    if (insertion) this.#pending.set(id, onlyCostOf({ ...kept, insertion, inserted }));
    else if (Object.keys(kept.change).length > 0) this.#pending.set(id, kept);
  }

  #giveUp({ id, pending, error }: RefusedRun): void {
    this.#host.log({ level: 'error', event: 'runs.unstored', reflection_id: id, ...whereFrom(error) });
    this.#tell(id, new Set([...pending.refused].map((tell) => () => tell(error))));
  }

  /** It is stored or not, whatever becomes of the telling. */
  #tell(id: string, listeners: ReadonlySet<() => void>): void {
    for (const tell of listeners) {
      try {
        tell();
      } catch (error) {
        this.#host.log({ level: 'error', event: 'run.untold', reflection_id: id, ...whereFrom(error) });
      }
    }
  }

  /** Epoch milliseconds. Where the clock steps back, time goes on by the timers alone, so that nothing waits for longer. */
  #now(): number {
    this.#latest = Math.max(this.#latest, this.#host.now());
    return this.#latest;
  }

  #setTimerForRest(): void {
    let next = Number.POSITIVE_INFINITY;
    for (const { dueAt } of this.#pending.values()) next = Math.min(next, dueAt);
    this.#timer?.takeBack();
    this.#timer = undefined;
    if (next < Number.POSITIVE_INFINITY) this.#setTimer(next);
  }
}
