/** An account's keys and limits in its object's SQLite database. */
import type { ObjectStorage } from '../object-storage.ts';
import type { KeyId, Limits } from './accounts.ts';
import type { KeyStore, RevokedKey, StoredKey } from './key-store.ts';

const tables = `
  CREATE TABLE IF NOT EXISTS keys (id TEXT PRIMARY KEY, facts TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS limits (one INTEGER PRIMARY KEY CHECK (one = 1), sizes TEXT NOT NULL) STRICT;
`;

export class SqliteKeyStore implements KeyStore {
  readonly #sql: ObjectStorage['sql'];
  /** What was read or written, since every request asks for it. An account has few keys. */
  readonly #known = new Map<KeyId, StoredKey | RevokedKey>();
  #limits: Limits | undefined;
  /** Tables are made by the first key, so that asking an account that never was stores nothing. */
  #hasTables: boolean;

  constructor(sql: ObjectStorage['sql']) {
    this.#sql = sql;
    this.#hasTables =
      sql.exec("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'limits'").toArray().length > 0;
  }

  key(id: KeyId): StoredKey | RevokedKey | undefined {
    const known = this.#known.get(id);
    if (known || !this.#hasTables) return known;
    const [row] = this.#sql.exec<{ facts: string }>('SELECT facts FROM keys WHERE id = ?', id).toArray();
    if (!row) return undefined;
    const key: StoredKey | RevokedKey = JSON.parse(row.facts);
    this.#known.set(id, key);
    return key;
  }

  keepKey(key: StoredKey | RevokedKey): void {
    this.#makeTables();
    this.#sql.exec('INSERT OR REPLACE INTO keys (id, facts) VALUES (?, ?)', key.id, JSON.stringify(key));
    this.#known.set(key.id, key);
  }

  limits(): Limits | undefined {
    if (this.#limits || !this.#hasTables) return this.#limits;
    const [row] = this.#sql.exec<{ sizes: string }>('SELECT sizes FROM limits').toArray();
    this.#limits = row && JSON.parse(row.sizes);
    return this.#limits;
  }

  keepLimits(limits: Limits): void {
    this.#makeTables();
    this.#sql.exec('INSERT OR REPLACE INTO limits (one, sizes) VALUES (1, ?)', JSON.stringify(limits));
    this.#limits = limits;
  }

  #makeTables(): void {
    if (this.#hasTables) return;
    this.#sql.exec(tables);
    this.#hasTables = true;
  }
}
