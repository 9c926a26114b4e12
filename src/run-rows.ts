/**
 * The rows of an account's runs. What is written is seen at once and stored in groups: a run that is over quickly becomes one row in one
 * statement, and many runs share one commit. Whoever must not go on before something is stored calls `flush`.
 */
import { type Log, whereFrom } from './errors.ts';
import type { ObjectStorage } from './object-storage.ts';
import { pieces } from './pieces.ts';
import {
  absent,
  hasEnded,
  insertRun,
  type NewRun,
  type RunChange,
  type RunRow,
  runColumns,
  runTables,
} from './run-row.ts';

/** SQLite in a Durable Object takes 2 MB a row; a letter is at most three bytes of UTF-8. https://developers.cloudflare.com/durable-objects/platform/limits/ */
const lettersARow = 600_000;
/** What is due so soon is stored with what is due now. */
const togetherMs = 100;
/** Storage that refused is tried again after this. */
const retryMs = 1_000;

/** Texts of events that follow one another, without the brackets of an array. */
interface LogPart {
  readonly first: number;
  readonly reservedTo: number;
  readonly text: string;
}

interface PendingRun {
  /** Null for a run that has a row. */
  insertion: NewRun | null;
  change: RunChange;
  log: LogPart[];
  /** Removes what the log has stored so far. */
  clearsLog: boolean;
  /** Epoch milliseconds. */
  dueAt: number;
  readonly written: Set<() => void>;
}

/** What is stored in every commit beside the runs. */
export interface AlongsideWriter {
  /** Stores what waits. May be called again when storage refused. */
  write(): void;
  /** All of it is stored. */
  written(): void;
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
  #timer: { readonly at: number; readonly takeBack: () => void } | undefined;

  constructor(storage: ObjectStorage, host: RowsHost) {
    this.#storage = storage;
    this.#sql = storage.sql;
    this.#host = host;
    storage.sql.exec(runTables);
  }

  alongside(writer: AlongsideWriter): void {
    this.#alongside.push(writer);
  }

  /** A new run, to be stored within so many milliseconds. `written` is told once it is. */
  insert(row: NewRun, withinMs: number, written: () => void): void {
    const pending = this.#pendingOf(row.id, withinMs);
    pending.insertion = row;
    pending.written.add(written);
  }

  /** Takes back an insertion that was not stored. */
  takeBack(id: string): void {
    this.#pending.delete(id);
  }

  change(id: string, change: RunChange, withinMs: number): void {
    Object.assign(this.#pendingOf(id, withinMs).change, change);
  }

  /** Adds to a run's log. `written` is told once it is stored. */
  append(id: string, part: LogPart, withinMs: number, written: () => void): void {
    const pending = this.#pendingOf(id, withinMs);
    pending.log.push(part);
    pending.written.add(written);
  }

  /** Removes a run but for what it cost. */
  clear(id: string): void {
    const pending = this.#pendingOf(id, 0);
    pending.log = [];
    pending.clearsLog = true;
    Object.assign(pending.change, {
      spec: null,
      meta: null,
      events: null,
      due_at: null,
      stored: 0,
      single_flight: null,
    });
  }

  /** The run as it stands; undefined for one that never was, or is of long ago. */
  read(id: string): RunRow | undefined {
    const pending = this.#pending.get(id);
    if (pending?.insertion) return { ...absent, ...pending.insertion, ...pending.change };
    const [row] = this.#sql.exec<RunRow>('SELECT * FROM run WHERE id = ?', id).toArray();
    return row && pending ? { ...row, ...pending.change } : row;
  }

  /**
   * The part of a log that begins with event `id` or the last one before it, as a JSON array: all of it, where an ended run is one row. `reservedTo`
   * is null then.
   */
  log(run: string, id: number): { readonly reservedTo: number | null; readonly text: string } | undefined {
    const { log: waiting = [], clearsLog = false } = this.#pending.get(run) ?? {};
    const [first] = waiting;
    if (first && first.first <= id) return { reservedTo: waiting.at(-1)?.reservedTo ?? null, text: textOf(waiting) };
    if (clearsLog) return undefined;
    const whole = this.read(run)?.events;
    if (whole) return { reservedTo: null, text: whole };
    const rows = this.#sql
      .exec<{ reserved_to: number; events: string }>(
        `SELECT reserved_to, events FROM log
         WHERE run = ?1 AND first = (SELECT max(first) FROM log WHERE run = ?1 AND first <= ?2) ORDER BY part`,
        run,
        id,
      )
      .toArray();
    const [row] = rows;
    return row && { reservedTo: row.reserved_to, text: rows.map(({ events }) => events).join('') };
  }

  /** Whether something of this run waits to be stored. */
  waits(id: string): boolean {
    return this.#pending.has(id);
  }

  /** Stores everything that waits, for whoever reads the tables themselves. */
  flushAll(): void {
    this.#store([...this.#pending.keys()]);
  }

  /** Stores this run and whatever is due or ended. Throws where storage refuses: all of it is tried again later then. */
  flush(id?: string): void {
    const soon = this.#now() + togetherMs;
    this.#store(
      [...this.#pending].flatMap(([run, { dueAt, change }]) =>
        run === id || dueAt <= soon || hasEnded(change) ? run : [],
      ),
    );
  }

  /** Stores what should have been stored a while ago. Timers come late where the thread is busy, so whoever passes by looks at the clock. */
  flushIfLate(): void {
    if (this.#timer && this.#timer.at + togetherMs <= this.#now()) this.#flushOrRetry();
  }

  #pendingOf(id: string, withinMs: number): PendingRun {
    const dueAt = this.#now() + withinMs;
    const known = this.#pending.get(id);
    const pending = known ?? { insertion: null, change: {}, log: [], clearsLog: false, dueAt, written: new Set() };
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

  #store(ids: readonly string[]): void {
    const storing = ids.flatMap((id) => {
      const pending = this.#pending.get(id);
      return pending ? [[id, pending] as const] : [];
    });
    this.#storage.transactionSync(() => {
      for (const [id, pending] of storing) this.#write(id, pending);
      for (const writer of this.#alongside) writer.write();
    });
    for (const [id] of storing) this.#pending.delete(id);
    for (const writer of this.#alongside) writer.written();
    this.#setTimerForRest();
    for (const [id, { written }] of storing) for (const tell of written) this.#tell(id, tell);
  }

  /** It is stored, whatever becomes of the telling. */
  #tell(id: string, tell: () => void): void {
    try {
      tell();
    } catch (error) {
      this.#host.log({ level: 'error', event: 'run.untold', reflection_id: id, ...whereFrom(error) });
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

  #write(id: string, { insertion, change, log, clearsLog }: PendingRun): void {
    if (clearsLog && !insertion) this.#sql.exec('DELETE FROM log WHERE run = ?', id);
    const beside = (change.spec?.length ?? 0) + (change.meta?.length ?? 0) + (change.passes?.length ?? 0);
    const whole = insertion && hasEnded(change) ? wholeLog(log, lettersARow - beside) : undefined;
    if (insertion) {
      const row: RunRow = { ...absent, ...insertion, ...change, ...(whole === undefined ? {} : { events: whole }) };
      this.#sql.exec(insertRun, ...runColumns.map((column) => row[column]));
    } else {
      const changed = Object.entries(change);
      const set = changed.map(([column]) => `${column} = ?`).join(', ');
      if (set !== '')
        this.#sql.exec(`UPDATE run SET ${set} WHERE id = ?`, ...changed.map(([, value]) => value ?? null), id);
    }
    if (whole === undefined) this.#writeLog(id, log);
  }

  #writeLog(id: string, log: readonly LogPart[]): void {
    const [first] = log;
    const last = log.at(-1);
    if (!first || !last) return;
    const text = textOf(log);
    for (const [part, piece] of pieces(text, lettersARow).entries()) {
      this.#sql.exec(
        'INSERT INTO log (run, first, part, reserved_to, events) VALUES (?, ?, ?, ?, ?)',
        id,
        first.first,
        part,
        last.reservedTo,
        piece,
      );
    }
  }
}

/** Events that follow one another as the text of a JSON array. */
function textOf(log: readonly LogPart[]): string {
  return `[${log.map((part) => part.text).join(',')}]`;
}

/** A whole log as the text of one JSON array; undefined where that is longer than what a row has room for, or there is none. */
function wholeLog(log: readonly LogPart[], most: number): string | undefined {
  const text = textOf(log);
  return log.length === 0 || text.length > most ? undefined : text;
}
