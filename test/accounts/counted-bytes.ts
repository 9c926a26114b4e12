/** Bytes that differ at every call and are the same in every run of the tests. */
import { createHash } from 'node:crypto';
import type { RandomBytes } from '../../src/accounts/ids.ts';

/** Up to 32 at a time. */
export function countedBytes(): RandomBytes {
  let calls = 0;
  return (count) => {
    calls += 1;
    return Uint8Array.from(createHash('sha256').update(String(calls)).digest().subarray(0, count));
  };
}
