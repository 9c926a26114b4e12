/** Storage of an object of its own, which takes every write and commits it at once. */
import type { ObjectStorage } from '../../src/object-storage.ts';
import { SqliteDisk } from '../support/sqlite-disk.ts';

export function freshStorage(): ObjectStorage {
  return new SqliteDisk().open({ wrote: (commit) => commit() });
}
