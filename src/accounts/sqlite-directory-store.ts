/** The key directory's list as a table of a Durable Object's SQLite database. */
import type { ObjectStorage } from '../object-storage.ts';
import type { KeyId } from './accounts.ts';
import type { DirectoryStore } from './key-directory.ts';

/** AUTOINCREMENT: a number is never given twice, whatever happens to the rows above it. */
const tables = `
  CREATE TABLE IF NOT EXISTS directory (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, removed INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX IF NOT EXISTS listed ON directory (number) WHERE removed = 0;
`;

export class SqliteDirectoryStore implements DirectoryStore {
  readonly #sql: ObjectStorage['sql'];

  constructor(sql: ObjectStorage['sql']) {
    this.#sql = sql;
    sql.exec(tables);
  }

  add(id: KeyId): void {
    this.#sql.exec('INSERT OR IGNORE INTO directory (id) VALUES (?)', id);
  }

  remove(id: KeyId): void {
    this.#sql.exec('UPDATE directory SET removed = 1 WHERE id = ?', id);
  }

  numberOf(id: KeyId): number | undefined {
    return this.#sql.exec<{ number: number }>('SELECT number FROM directory WHERE id = ?', id).toArray()[0]?.number;
  }

  below(number: number, count: number): readonly KeyId[] {
    return this.#sql
      .exec<{ id: KeyId }>(
        'SELECT id FROM directory WHERE removed = 0 AND number < ? ORDER BY number DESC LIMIT ?',
        number,
        count,
      )
      .toArray()
      .map(({ id }) => id);
  }
}
