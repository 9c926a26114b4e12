/** The real Worker's accounts in workerd. Importing this configures the Worker of the test file. */
import { env } from 'cloudflare:workers';
import type { Caller, Limits } from '../../../src/accounts/accounts.ts';
import { durableAccounts } from '../../../src/accounts/durable-accounts.ts';
import { accountOf } from '../../../src/accounts/ids.ts';
import type { KeyIssue } from '../../../src/accounts/keyring.ts';
import { durableRuns } from '../../../src/runs/durable-runs.ts';
import { madeUpKey } from '../../support/made-up-key.ts';

// A test file has its own isolate, and its Worker reads these at the first request.
Object.assign(env, {
  MODEL_PROVIDER: 'openai-compatible',
  UPSTREAM_URL: 'http://upstream.test/v1',
  UPSTREAM_MODEL: 'test-model',
  KEY_TAG_SECRETS: 'a tag secret for tests',
});

export const accounts = durableAccounts({ accounts: env.ACCOUNTS, now: Date.now, log: () => {} });
export const runs = durableRuns(env.ACCOUNTS, (count) => crypto.getRandomValues(new Uint8Array(count)));

export async function issue(key: KeyIssue): Promise<void> {
  await env.ACCOUNTS.getByName(accountOf(key.id)).issueKey(key);
}

/** A caller with an account of its own. */
export async function newCaller(limits: Partial<Limits>): Promise<Caller> {
  const made = madeUpKey({ requests_per_minute: 10_000, concurrent_runs: 10_000, tokens_per_minute: 1e9, ...limits });
  await issue(made.issue);
  return made.caller;
}
