/** The real Worker's runs in workerd, whose models are one made-up server. Importing this configures the Worker of the test file. */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, beforeEach, vi } from 'vitest';
import type { ReflectionRequest } from '../../../src/reflection/request.ts';
import { durableRuns } from '../../../src/runs/durable-runs.ts';
import { startIn } from '../../contracts/runs.ts';
import { caller, issueOf, stranger } from '../../support/callers.ts';
import { type ChatMessages, MockUpstream, type Said } from '../../support/mock-upstream.ts';
import { orderOf } from '../../support/orders.ts';

// A test file has its own isolate, and its Worker reads these at the first request.
Object.assign(env, {
  MODEL_PROVIDER: 'openai-compatible',
  UPSTREAM_URL: 'http://upstream.test/v1',
  UPSTREAM_MODEL: 'test-model',
  UPSTREAM_CLASS: 'large',
  KEY_TAG_SECRETS: 'a tag secret for tests',
});

beforeAll(async () => {
  for (const owner of [caller, stranger]) await env.ACCOUNTS.getByName(owner.account).issueKey(issueOf(owner));
});

/** Whose the runs are. */
export const { account } = caller;

export const runs = durableRuns(env.ACCOUNTS, (count) => crypto.getRandomValues(new Uint8Array(count)));

/** Starts a run of `caller`'s. */
export function start(request: ReflectionRequest): Promise<string> {
  return startIn(runs, orderOf(request));
}

/** The object that hosts the runs of `caller`'s. */
export function hostObject() {
  return env.ACCOUNTS.getByName(account);
}

/** How many rows of this run there are in its object, but for what it cost. */
export function rowCount(id: string): Promise<number> {
  return runInDurableObject(hostObject(), (_account, { storage: { sql } }) => {
    const runs = sql.exec('SELECT id FROM run WHERE id = ? AND spec IS NOT NULL', id).toArray().length;
    return runs + sql.exec('SELECT first FROM log WHERE run = ?', id).toArray().length;
  });
}

/** A fresh upstream in each test. */
export function useUpstream(say: (messages: ChatMessages) => Said): () => MockUpstream {
  let upstream = new MockUpstream(say);
  beforeEach(() => {
    upstream = new MockUpstream(say);
    vi.spyOn(globalThis, 'fetch').mockImplementation((input, init) => upstream.fetch(input, init));
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });
  return () => upstream;
}

export function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

export async function until(done: () => boolean): Promise<void> {
  for (let tries = 0; !done(); tries++) {
    if (tries > 2_000) throw new Error('It never came to be.');
    await wait(2);
  }
}
