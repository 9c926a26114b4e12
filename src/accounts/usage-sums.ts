/** An account's use, summed by day, model and decision, in its object's SQLite database. What was used is added with the next group of writes. */
import type { ObjectStorage, SqlRow } from '../object-storage.ts';
import type { Decision } from '../reflection/record.ts';
import type { DayUsage, StoredUsage } from './account-store.ts';
import type { DayCounts } from './accounts.ts';
import type { UsageSum } from './lease.ts';

/**
 * Sums are kept for good: a row for each day, model and decision (empty for none), whose number does not grow with the traffic. A run is counted in
 * the row of its first model, or of none (an empty name).
 */
const tables = `
  CREATE TABLE IF NOT EXISTS day_usage (
    day TEXT NOT NULL, model TEXT NOT NULL, decision TEXT NOT NULL, input_tokens INTEGER NOT NULL, output_tokens INTEGER NOT NULL,
    nanodollars INTEGER NOT NULL, calls INTEGER NOT NULL, runs INTEGER NOT NULL, PRIMARY KEY (day, model, decision)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS day_hits (day TEXT PRIMARY KEY, cache_hits INTEGER NOT NULL) STRICT, WITHOUT ROWID;
`;

interface UsageRecord extends SqlRow {
  readonly day: string;
  readonly model: string;
  readonly decision: Decision | '';
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly nanodollars: number;
  readonly calls: number;
  readonly runs: number;
}

/** What waits to be added to the sums of a day. */
interface Addition extends UsageSum {
  readonly day: string;
  readonly runs: number;
}

export class UsageSums {
  readonly #sql: ObjectStorage['sql'];
  #additions: Addition[] = [];

  constructor(sql: ObjectStorage['sql']) {
    this.#sql = sql;
    sql.exec(tables);
  }

  /** One run's use: a sum a model, none where none was asked. */
  add(day: string, decision: Decision | null, usage: readonly UsageSum[]): void {
    const [first = emptySum(decision), ...more] = usage;
    this.#additions.push({ ...first, day, runs: 1 }, ...more.map((sum) => ({ ...sum, day, runs: 0 })));
  }

  addHits(day: string, count: number): void {
    this.#sql.exec(
      `INSERT INTO day_hits (day, cache_hits) VALUES (?, ?)
       ON CONFLICT (day) DO UPDATE SET cache_hits = cache_hits + excluded.cache_hits`,
      day,
      count,
    );
  }

  write(): void {
    for (const addition of merged(this.#additions)) this.#add(addition);
  }

  written(): void {
    this.#additions = [];
  }

  /** What is stored. */
  nanodollarsOf(day: string): number {
    const [row] = this.#sql
      .exec<{ sum: number | null }>('SELECT sum(nanodollars) AS sum FROM day_usage WHERE day = ?', day)
      .toArray();
    return row?.sum ?? 0;
  }

  /** What is stored of these days, both inclusive; in order of day, model and decision. */
  report(from: string, to: string): StoredUsage {
    const found = this.#sql
      .exec<UsageRecord>(
        `SELECT day, model, decision, input_tokens, output_tokens, nanodollars, calls, runs
         FROM day_usage WHERE day BETWEEN ? AND ? ORDER BY day, model, decision`,
        from,
        to,
      )
      .toArray();
    const hits = this.#sql
      .exec<{ day: string; cache_hits: number }>(
        'SELECT day, cache_hits FROM day_hits WHERE day BETWEEN ? AND ?',
        from,
        to,
      )
      .toArray();
    const rows = found.flatMap(({ runs: _, ...row }): DayUsage[] =>
      row.model === '' ? [] : [{ ...row, decision: row.decision === '' ? null : row.decision }],
    );
    return { rows, days: dayCounts(found, hits) };
  }

  #add({ day, model, decision, input_tokens, output_tokens, nanodollars, calls, runs }: Addition): void {
    this.#sql.exec(
      `INSERT INTO day_usage (day, model, decision, input_tokens, output_tokens, nanodollars, calls, runs)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (day, model, decision) DO UPDATE SET
         input_tokens = input_tokens + excluded.input_tokens, output_tokens = output_tokens + excluded.output_tokens,
         nanodollars = nanodollars + excluded.nanodollars, calls = calls + excluded.calls, runs = runs + excluded.runs`,
      day,
      model,
      decision ?? '',
      input_tokens,
      output_tokens,
      nanodollars,
      calls,
      runs,
    );
  }
}

/** For a run that asked no model. */
function emptySum(decision: Decision | null): UsageSum {
  return { model: '', decision, input_tokens: 0, output_tokens: 0, nanodollars: 0, calls: 0 };
}

/** One addition for each row of the sums. */
function merged(additions: readonly Addition[]): Iterable<Addition> {
  const rows = new Map<string, Addition>();
  for (const addition of additions) {
    const name = JSON.stringify([addition.day, addition.model, addition.decision]);
    const before = rows.get(name);
    rows.set(
      name,
      before
        ? {
            ...before,
            input_tokens: before.input_tokens + addition.input_tokens,
            output_tokens: before.output_tokens + addition.output_tokens,
            nanodollars: before.nanodollars + addition.nanodollars,
            calls: before.calls + addition.calls,
            runs: before.runs + addition.runs,
          }
        : addition,
    );
  }
  return rows.values();
}

function dayCounts(
  rows: readonly { readonly day: string; readonly runs: number }[],
  hits: readonly { readonly day: string; readonly cache_hits: number }[],
): DayCounts[] {
  const days = new Map<string, DayCounts>();
  const of = (day: string): DayCounts => days.get(day) ?? { day, runs: 0, cache_hits: 0 };
  for (const { day, runs } of rows) days.set(day, { ...of(day), runs: of(day).runs + runs });
  for (const { day, cache_hits } of hits) days.set(day, { ...of(day), cache_hits });
  return [...days.values()].sort((one, other) => (one.day < other.day ? -1 : 1));
}
