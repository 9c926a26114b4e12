/** A workspace's questions, settings and installation in its account's SQLite database. */
import type { ObjectStorage } from '../object-storage.ts';
import { defaultSettings, type Question, type RoomSettings } from './channel.ts';
import type { TakenQuestion, WorkspaceStore } from './workspace-store.ts';

const tables = `
  CREATE TABLE IF NOT EXISTS question (
    id TEXT PRIMARY KEY, run TEXT NOT NULL, place TEXT NOT NULL, member TEXT NOT NULL, taken_at INTEGER NOT NULL,
    question TEXT, attempt INTEGER NOT NULL, due_at INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS question_due ON question (due_at) WHERE due_at IS NOT NULL;
  CREATE INDEX IF NOT EXISTS question_taken ON question (taken_at);
  CREATE TABLE IF NOT EXISTS workspace (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
`;

/** What begins the name of a room's settings. */
const room = 'room:';

export class SqliteWorkspaceStore implements WorkspaceStore {
  readonly #sql: ObjectStorage['sql'];

  constructor(sql: ObjectStorage['sql']) {
    this.#sql = sql;
    sql.exec(tables);
  }

  isKnown(id: string): boolean {
    return this.#sql.exec('SELECT 1 FROM question WHERE id = ?', id).toArray().length > 0;
  }

  take(question: Question, run: string, now: number): void {
    const { id, place, member } = question;
    this.#sql.exec(
      'INSERT INTO question (id, run, place, member, taken_at, question, attempt, due_at) VALUES (?, ?, ?, ?, ?, ?, 1, ?)',
      id,
      run,
      place,
      member,
      now,
      JSON.stringify(question),
      now,
    );
  }

  open(id: string): TakenQuestion | undefined {
    const [row] = this.#sql
      .exec<{ question: string; run: string; taken_at: number; attempt: number }>(
        'SELECT question, run, taken_at, attempt FROM question WHERE id = ? AND due_at IS NOT NULL',
        id,
      )
      .toArray();
    if (!row) return undefined;
    return { question: JSON.parse(row.question), run: row.run, takenAt: row.taken_at, attempt: row.attempt };
  }

  due(now: number, most: number): readonly string[] {
    return this.#sql
      .exec<{ id: string }>('SELECT id FROM question WHERE due_at <= ? ORDER BY due_at LIMIT ?', now, most)
      .toArray()
      .map(({ id }) => id);
  }

  nextDue(): number | undefined {
    return this.#sql
      .exec<{ due_at: number }>('SELECT due_at FROM question WHERE due_at IS NOT NULL ORDER BY due_at LIMIT 1')
      .toArray()[0]?.due_at;
  }

  openCount(): number {
    const [row] = this.#sql
      .exec<{ open: number }>('SELECT count(*) AS open FROM question WHERE due_at IS NOT NULL')
      .toArray();
    return row?.open ?? 0;
  }

  tryAgain(id: string, attempt: number, at: number): void {
    this.#sql.exec('UPDATE question SET attempt = ?, due_at = ? WHERE id = ? AND due_at IS NOT NULL', attempt, at, id);
  }

  settle(id: string): void {
    this.#sql.exec('UPDATE question SET question = NULL, due_at = NULL WHERE id = ?', id);
  }

  runsIn(place: string, member: string | null, since: number): readonly string[] {
    return this.#sql
      .exec<{ run: string }>(
        'SELECT run FROM question WHERE taken_at >= ? AND place = ? AND (member = ? OR ? IS NULL) ORDER BY taken_at',
        since,
        place,
        member,
        member,
      )
      .toArray()
      .map(({ run }) => run);
  }

  sweep(before: number): void {
    this.#sql.exec('DELETE FROM question WHERE taken_at < ? AND due_at IS NULL', before);
  }

  settings(name: string): RoomSettings {
    const saved = this.#value(room + name);
    return saved === null ? defaultSettings : { ...defaultSettings, ...JSON.parse(saved) };
  }

  saveSettings(name: string, settings: RoomSettings): void {
    this.#save(room + name, JSON.stringify(settings));
  }

  installation(): string | null {
    return this.#value('installation');
  }

  saveInstallation(installation: string, at: number): void {
    this.#save('installation', installation);
    this.#save('installed_at', String(at));
  }

  installedAt(): number {
    return Number(this.#value('installed_at') ?? Number.NEGATIVE_INFINITY);
  }

  isListed(): boolean {
    return this.#value('listed') !== null;
  }

  saveListed(): void {
    this.#save('listed', 'yes');
  }

  clear(): void {
    this.#sql.exec("DELETE FROM workspace WHERE name <> 'listed'");
    this.#sql.exec('UPDATE question SET question = NULL, due_at = NULL WHERE due_at IS NOT NULL');
  }

  #value(name: string): string | null {
    const [row] = this.#sql.exec<{ value: string }>('SELECT value FROM workspace WHERE name = ?', name).toArray();
    return row?.value ?? null;
  }

  #save(name: string, value: string): void {
    this.#sql.exec('INSERT OR REPLACE INTO workspace (name, value) VALUES (?, ?)', name, value);
  }
}
