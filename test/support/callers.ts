/** Callers of two accounts, the same in every test. */
import type { Caller } from '../../src/accounts/accounts.ts';
import { accountIdOf, keyIdOf } from '../../src/accounts/ids.ts';

export const caller = callerNumbered(1);
/** Has an account of its own, and no business with what `caller` does. */
export const stranger = callerNumbered(2);

function callerNumbered(number: number): Caller {
  const bytes = new Uint8Array(24).fill(number);
  return { account: accountIdOf(bytes.subarray(0, 16)), key: keyIdOf(bytes), secretHash: `${number}`.repeat(64) };
}
