/** The real Worker's runs in workerd, whose models are one made-up server. Importing this configures the Worker of the test file. */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, vi } from 'vitest';
import type { ReflectionRequest } from '../../../src/reflection/request.ts';
import { durableRuns } from '../../../src/runs/durable-runs.ts';
import { addressOf } from '../../../src/runs/run-address.ts';
import type { RunId } from '../../../src/runs/runs.ts';
import { startIn } from '../../contracts/runs.ts';
import { caller } from '../../support/callers.ts';
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

/** Whose the runs are. */
export const { account } = caller;

export const runs = durableRuns(env.RUNS);

/** Starts a run that was admitted by nobody. */
export function start(request: ReflectionRequest): Promise<RunId> {
  return startIn(runs, orderOf(request));
}

export function objectOf(id: string) {
  const address = addressOf(id);
  if (address === undefined) throw new Error(`${id} is no run's id`);
  return env.RUNS.get(env.RUNS.idFromString(address));
}

/** How many of the tables of a run there are in its object. */
export function tableCount(id: string): Promise<number> {
  return runInDurableObject(
    objectOf(id),
    (_run, state) =>
      state.storage.sql.exec("SELECT name FROM sqlite_master WHERE name IN ('run', 'log')").toArray().length,
  );
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
