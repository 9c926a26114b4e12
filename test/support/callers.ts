/** Callers of two accounts, the same in every test. */
import type { Caller, Limits } from '../../src/accounts/accounts.ts';
import { accountIdOf, keyIdOf } from '../../src/accounts/ids.ts';
import type { KeyIssue } from '../../src/accounts/keyring.ts';

export const caller = callerNumbered(1);
/** Has an account of its own, and no business with what `caller` does. */
export const stranger = callerNumbered(2);

function callerNumbered(number: number): Caller {
  const bytes = new Uint8Array(24).fill(number);
  return { account: accountIdOf(bytes.subarray(0, 16)), key: keyIdOf(bytes), secretHash: `${number}`.repeat(64) };
}

/** Limits that no test reaches. */
export const plentiful: Limits = {
  requests_per_minute: 1_000_000,
  tokens_per_minute: 1_000_000_000,
  concurrent_runs: 10_000,
  daily_usd: 1_000_000,
  refused_per_minute: 1_000_000,
};

/** What a caller's account is told of the key. */
export function issueOf({ key, secretHash }: Caller, limits: Partial<Limits> = plentiful): KeyIssue {
  const secret = { hash: secretHash, last4: secretHash.slice(-4), webhookSecret: 'whsec_bWFkZSB1cA==' };
  const scopes = ['reflect', 'read', 'export'] as const;
  return { id: key, name: 'of the tests', scopes, limits, expiresAt: null, secret, newAccount: true };
}
