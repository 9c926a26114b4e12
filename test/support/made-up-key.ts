/** Keys for tests. */
import type { AccountId, Caller, Limits, Scope } from '../../src/accounts/accounts.ts';
import { accountOf, newAccountId, newKeyId } from '../../src/accounts/ids.ts';
import type { KeyIssue } from '../../src/accounts/keyring.ts';

/** A key that nobody has, and what an account is to be told of it. */
export function madeUpKey(
  limits: Partial<Limits> = {},
  { scopes = ['reflect', 'read'], account }: { readonly scopes?: readonly Scope[]; readonly account?: AccountId } = {},
): { readonly caller: Caller; readonly issue: KeyIssue } {
  const randomBytes = (count: number) => crypto.getRandomValues(new Uint8Array(count));
  const key = newKeyId(account ?? newAccountId(randomBytes), randomBytes);
  const secretHash = Array.from(randomBytes(32), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return {
    caller: { account: accountOf(key), key, secretHash },
    issue: {
      id: key,
      name: 'made up',
      scopes,
      limits,
      expiresAt: null,
      secret: { hash: secretHash, last4: secretHash.slice(-4), webhookSecret: 'whsec_bWFkZSB1cA==' },
      newAccount: account === undefined,
    },
  };
}
