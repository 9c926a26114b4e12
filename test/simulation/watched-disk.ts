/** The database of one account's object: storage that may refuse a write, and what was committed told in order. */
import type { ObjectStorage, SqlRow, SqlValue } from '../../src/object-storage.ts';
import { SqliteDisk } from '../support/sqlite-disk.ts';
import { type CommitListener, isTold, tellWritten } from './committed-rows.ts';
import { type ObjectInstance, refusedWrite } from './object-instance.ts';

interface Written {
  readonly query: string;
  readonly bindings: readonly SqlValue[];
}

export class WatchedDisk {
  readonly #disk = new SqliteDisk();
  readonly #listener: CommitListener;
  readonly #refuses: () => boolean;
  #hasTables = false;

  /** `refuses`: asked before each write. */
  constructor(listener: CommitListener, refuses: () => boolean) {
    this.#listener = listener;
    this.#refuses = refuses;
  }

  /** As an instance of the object sees it; what earlier ones have not committed must have been lost. */
  open(instance: ObjectInstance): ObjectStorage {
    let written: Written[] = [];
    let writesNothing = false;
    const { sql, transactionSync } = this.#disk.open({
      mayWrite: () => {
        if (!writesNothing && this.#refuses()) throw new Error(refusedWrite);
      },
      wrote: (commit) => {
        const told = written;
        written = [];
        instance.write(() => {
          commit();
          this.#hasTables = true;
          for (const { query, bindings } of told) tellWritten(query, bindings, this.#listener);
        });
      },
    });
    return {
      sql: {
        exec: <Row extends SqlRow>(query: string, ...bindings: SqlValue[]) => {
          const before = written.length;
          // Tables that are there already are not made again.
          writesNothing = this.#hasTables && query.trimStart().startsWith('CREATE');
          // Told together with the commit that the disk announces meanwhile.
          if (isTold(query)) written.push({ query, bindings });
          try {
            return sql.exec<Row>(query, ...bindings);
          } catch (error) {
            written.length = before;
            throw error;
          }
        },
      },
      transactionSync: (work) => {
        const before = written.length;
        try {
          return transactionSync(work);
        } catch (error) {
          written.length = before;
          throw error;
        }
      },
    };
  }

  /** What is committed, for who wants to read it. Whatever else was written is lost. */
  committed(): ObjectStorage {
    this.lose();
    return this.#disk.open({ wrote: (commit) => commit() });
  }

  lose(): void {
    this.#disk.lose();
  }
}
