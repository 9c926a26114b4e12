/** What waits to be stored of one run, and how it becomes rows. */
import type { ObjectStorage } from './object-storage.ts';
import { pieces } from './pieces.ts';
import { absent, hasEnded, insertRun, type NewRun, type RunChange, type RunRow, runColumns } from './run-row.ts';

/** SQLite in a Durable Object takes 2 MB a row; a letter is at most three bytes of UTF-8. https://developers.cloudflare.com/durable-objects/platform/limits/ */
const lettersARow = 600_000;

/** Texts of events that follow one another, without the brackets of an array. */
export interface LogPart {
  readonly first: number;
  readonly reservedTo: number;
  readonly text: string;
}

export interface PendingRun {
  /** Null for a run that has a row. */
  insertion: NewRun | null;
  change: RunChange;
  log: LogPart[];
  /** Removes what the log has stored so far. */
  clearsLog: boolean;
  /** Epoch milliseconds. */
  dueAt: number;
  /** Told once the run has a row, */
  readonly inserted: Set<() => void>;
  /** once all of this is stored, */
  readonly written: Set<() => void>;
  /** or that storage refuses this run alone. */
  readonly refused: Set<(error: unknown) => void>;
}

export function nothingPending(dueAt: number): PendingRun {
  return {
    insertion: null,
    change: {},
    log: [],
    clearsLog: false,
    dueAt,
    inserted: new Set(),
    written: new Set(),
    refused: new Set(),
  };
}

/** The same, but of what the run was asked and did nothing is stored, and what was stored is removed. What it cost stays. */
export function onlyCostOf(pending: PendingRun): PendingRun {
  const cleared = { spec: null, meta: null, events: null, due_at: null, stored: 0, single_flight: null };
  return { ...pending, change: { ...pending.change, ...cleared }, log: [], clearsLog: true };
}

export function writePending(
  sql: ObjectStorage['sql'],
  id: string,
  { insertion, change, log, clearsLog }: PendingRun,
): void {
  if (clearsLog && !insertion) sql.exec('DELETE FROM log WHERE run = ?', id);
  const beside = (change.spec?.length ?? 0) + (change.meta?.length ?? 0) + (change.passes?.length ?? 0);
  const whole = insertion && hasEnded(change) ? wholeLog(log, lettersARow - beside) : undefined;
  if (insertion) {
    const row: RunRow = { ...absent, ...insertion, ...change, ...(whole === undefined ? {} : { events: whole }) };
    sql.exec(insertRun, ...runColumns.map((column) => row[column]));
  } else {
    const changed = Object.entries(change);
    const set = changed.map(([column]) => `${column} = ?`).join(', ');
    if (set !== '') sql.exec(`UPDATE run SET ${set} WHERE id = ?`, ...changed.map(([, value]) => value ?? null), id);
  }
  if (whole === undefined) writeLog(sql, id, log);
}

function writeLog(sql: ObjectStorage['sql'], id: string, log: readonly LogPart[]): void {
  const [first] = log;
  const last = log.at(-1);
  if (!first || !last) return;
  for (const [part, piece] of pieces(textOf(log), lettersARow).entries()) {
    sql.exec(
      'INSERT INTO log (run, first, part, reserved_to, events) VALUES (?, ?, ?, ?, ?)',
      id,
      first.first,
      part,
      last.reservedTo,
      piece,
    );
  }
}

/** Events that follow one another as the text of a JSON array. */
export function textOf(log: readonly LogPart[]): string {
  return `[${log.map((part) => part.text).join(',')}]`;
}

/** A whole log as the text of one JSON array; undefined where that is longer than what a row has room for, or there is none. */
function wholeLog(log: readonly LogPart[], most: number): string | undefined {
  const text = textOf(log);
  return log.length === 0 || text.length > most ? undefined : text;
}
