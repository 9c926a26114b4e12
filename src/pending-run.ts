/** What waits to be stored of one run, and how it becomes rows. */
import type { ObjectStorage } from './object-storage.ts';
import { joinPacked, packEvents } from './packed-events.ts';
import { pieces } from './pieces.ts';
import type { ReflectionEvent } from './reflection/events.ts';
import { absent, hasEnded, insertRun, type NewRun, type RunChange, type RunRow, runColumns } from './run-row.ts';

/** SQLite in a Durable Object takes 2 MB a row; a letter is at most three bytes of UTF-8. https://developers.cloudflare.com/durable-objects/platform/limits/ */
const lettersARow = 600_000;
/** A log that was stored in parts becomes one where it has no more events: readers take it part by part, and a slow one is not to hold all of a long log. */
const mostJoined = 1_024;

/** Events that follow one another: one at least. */
export interface LogPart {
  readonly events: readonly [ReflectionEvent, ...ReflectionEvent[]];
  readonly reservedTo: number;
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

export function writePending(sql: ObjectStorage['sql'], id: string, pending: PendingRun): void {
  const { insertion, clearsLog } = pending;
  const whole = wholeLog(sql, id, pending);
  const change = whole === undefined ? pending.change : { ...pending.change, events: whole };
  if (!insertion && (clearsLog || whole !== undefined)) sql.exec('DELETE FROM log WHERE run = ?', id);
  if (insertion) {
    const row: RunRow = { ...absent, ...insertion, ...change };
    sql.exec(insertRun, ...runColumns.map((column) => row[column]));
  } else {
    const changed = Object.entries(change);
    const set = changed.map(([column]) => `${column} = ?`).join(', ');
    if (set !== '') sql.exec(`UPDATE run SET ${set} WHERE id = ?`, ...changed.map(([, value]) => value ?? null), id);
  }
  if (whole === undefined) writeLog(sql, id, pending.log);
}

function writeLog(sql: ObjectStorage['sql'], id: string, log: readonly LogPart[]): void {
  const [first] = log;
  const last = log.at(-1);
  if (!first || !last) return;
  for (const [part, piece] of pieces(packedLog(id, log), lettersARow).entries()) {
    sql.exec(
      'INSERT INTO log (run, first, part, reserved_to, events) VALUES (?, ?, ?, ?, ?)',
      id,
      first.events[0].id,
      part,
      last.reservedTo,
      piece,
    );
  }
}

export function eventsOf(log: readonly LogPart[]): ReflectionEvent[] {
  return log.flatMap(({ events }) => events);
}

function packedLog(id: string, log: readonly LogPart[]): string {
  return packEvents(id, eventsOf(log));
}

/** The log of a run that ends, for its row: what was stored of it before, and what waits. Undefined where the row has no room for that. */
function wholeLog(sql: ObjectStorage['sql'], id: string, { insertion, change, log }: PendingRun): string | undefined {
  if (!hasEnded(change) || log.length === 0) return undefined;
  const beside = (change.spec?.length ?? 0) + (change.meta?.length ?? 0) + (change.passes?.length ?? 0);
  if (!insertion && (eventsOf(log).at(-1)?.id ?? 0) > mostJoined) return undefined;
  const stored = insertion ? { texts: [], beside: 0 } : storedLog(sql, id);
  const text = joinPacked([...stored.texts, packedLog(id, log)]);
  return text.length > lettersARow - beside - stored.beside ? undefined : text;
}

/** Each text an array, and how many letters the row holds beside it. */
function storedLog(
  sql: ObjectStorage['sql'],
  id: string,
): { readonly texts: readonly string[]; readonly beside: number } {
  const texts = new Map<number, string>();
  const parts = sql.exec<{ first: number; events: string }>(
    'SELECT first, events FROM log WHERE run = ? ORDER BY first, part',
    id,
  );
  for (const { first, events } of parts) texts.set(first, (texts.get(first) ?? '') + events);
  const [row] = sql
    .exec<{ letters: number }>(
      "SELECT length(CAST(coalesce(spec, '') || coalesce(meta, '') AS BLOB)) / 3 AS letters FROM run WHERE id = ?",
      id,
    )
    .toArray();
  return { texts: [...texts.values()], beside: row?.letters ?? 0 };
}
