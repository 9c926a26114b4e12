/** A run as a row: what it holds and came to, which is its account's, and what it was asked and did, which is its own. */
import type { KeyId } from './accounts/accounts.ts';
import type { Decision, ReflectionStatus } from './reflection/record.ts';

/** What promises nothing by itself is stored this late at most, in milliseconds. A run that is over before becomes one row in one write. */
export const lateMs = 200;

/**
 * Runs are numbered as they are stored, a little out of the order in which they were admitted. `ended` finds those that go on (NULL), and those that ended last
 * or longest ago. `events` holds the whole log of an ended run where that fits into a row and is not very long; otherwise, and while it goes on, it is in
 * `log`. Both as `src/packed-events.ts` packs them.
 */
export const runTables = `
  CREATE TABLE IF NOT EXISTS run (
    ordinal INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, key_id TEXT NOT NULL, admitted_at INTEGER NOT NULL,
    held_tokens INTEGER NOT NULL, held_nanodollars INTEGER NOT NULL, expires_at INTEGER NOT NULL, single_flight TEXT,
    stored INTEGER NOT NULL, member TEXT, ended_at INTEGER, status TEXT, decision TEXT, used_tokens INTEGER, used_nanodollars INTEGER,
    due_at INTEGER, passes TEXT, meta TEXT, spec TEXT, events TEXT
  ) STRICT;
  CREATE INDEX IF NOT EXISTS ended ON run (ended_at);
  CREATE INDEX IF NOT EXISTS listed ON run (ordinal) WHERE stored = 1;
  CREATE INDEX IF NOT EXISTS due ON run (due_at) WHERE due_at IS NOT NULL;
  CREATE TABLE IF NOT EXISTS log (
    run TEXT NOT NULL, first INTEGER NOT NULL, part INTEGER NOT NULL, reserved_to INTEGER NOT NULL, events TEXT NOT NULL,
    PRIMARY KEY (run, first, part)
  ) STRICT, WITHOUT ROWID;
`;

export type RunRow = {
  readonly id: string;
  readonly key_id: KeyId;
  readonly admitted_at: number;
  readonly held_tokens: number;
  readonly held_nanodollars: number;
  readonly expires_at: number;
  readonly single_flight: string | null;
  readonly stored: number;
  readonly member: string | null;
  /** This and the next five columns are NULL while the run goes on. */
  readonly ended_at: number | null;
  readonly status: Extract<ReflectionStatus, 'completed' | 'failed' | 'cancelled'> | null;
  readonly decision: Decision | null;
  readonly used_tokens: number | null;
  readonly used_nanodollars: number | null;
  /** JSON. */
  readonly passes: string | null;
  readonly due_at: number | null;
  /** JSON. */
  readonly meta: string | null;
  /** JSON; NULL once the run was removed and only its cost is left. */
  readonly spec: string | null;
  /** Packed. */
  readonly events: string | null;
};

export const runColumns = [
  'id',
  'key_id',
  'admitted_at',
  'held_tokens',
  'held_nanodollars',
  'expires_at',
  'single_flight',
  'stored',
  'member',
  'ended_at',
  'status',
  'decision',
  'used_tokens',
  'used_nanodollars',
  'due_at',
  'passes',
  'meta',
  'spec',
  'events',
] as const satisfies readonly (keyof RunRow)[];

export const insertRun = `INSERT INTO run (${runColumns.join(', ')}) VALUES (${runColumns.map(() => '?').join(', ')})`;

/** What a run is inserted with; the columns that are left out are NULL. */
export type NewRun = Pick<
  RunRow,
  | 'id'
  | 'key_id'
  | 'admitted_at'
  | 'held_tokens'
  | 'held_nanodollars'
  | 'expires_at'
  | 'single_flight'
  | 'stored'
  | 'member'
>;

/** The columns that a run is inserted without. */
export const absent: Omit<RunRow, keyof NewRun> = {
  ended_at: null,
  status: null,
  decision: null,
  used_tokens: null,
  used_nanodollars: null,
  due_at: null,
  passes: null,
  meta: null,
  spec: null,
  events: null,
};

export type RunChange = Partial<Omit<RunRow, 'id'>>;

/** What the run has set aside anew. */
export function heldOf({ held_tokens, held_nanodollars }: RunChange): RunChange {
  return {
    ...(held_tokens !== undefined && { held_tokens }),
    ...(held_nanodollars !== undefined && { held_nanodollars }),
  };
}

export function hasEnded(change: RunChange): boolean {
  return (change.ended_at ?? null) !== null;
}
