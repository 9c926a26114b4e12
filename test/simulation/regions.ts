/** What a hit waits for, from wherever it is asked: a table of regions, each so far from the object that the account lives in. */

import type { Caller } from '../../src/accounts/accounts.ts';
import { durableAccounts, type RemoteAccount } from '../../src/accounts/durable-accounts.ts';
import { accountOf, newAccountId, newKeyId } from '../../src/accounts/ids.ts';
import { IsolateLimiter } from '../../src/accounts/isolate-limiter.ts';
import { Keyring } from '../../src/accounts/keyring.ts';
import { Ledger } from '../../src/accounts/ledger.ts';
import { outcomeOf } from '../../src/accounts/outcome.ts';
import { SqliteAccountStore } from '../../src/accounts/sqlite-account-store.ts';
import { SqliteKeyStore } from '../../src/accounts/sqlite-key-store.ts';
import { cacheKeyOf } from '../../src/cache/cache-key.ts';
import { kvReflectionCache } from '../../src/cache/kv-reflection-cache.ts';
import { startReflection } from '../../src/http/start-reflection.ts';
import { parseReflectionBody } from '../../src/reflection/request.ts';
import { RunRows } from '../../src/run-rows.ts';
import { durableRuns } from '../../src/runs/durable-runs.ts';
import { answered } from '../support/cached-answers.ts';
import { SqliteDisk } from '../support/sqlite-disk.ts';
import { installInstantCrypto } from './instant-crypto.ts';
import { roster } from './roster.ts';
import { Timeline, WallClock } from './timeline.ts';

/** Round trips in milliseconds: to KV near by, and to an account's object in Frankfurt. */
export const regions = [
  { region: 'Frankfurt', kvMs: 2, accountMs: 5 },
  { region: 'London', kvMs: 2, accountMs: 16 },
  { region: 'New York', kvMs: 3, accountMs: 85 },
  { region: 'São Paulo', kvMs: 4, accountMs: 200 },
  { region: 'Singapore', kvMs: 4, accountMs: 160 },
  { region: 'Sydney', kvMs: 5, accountMs: 250 },
] as const satisfies readonly Region[];

export interface Region {
  readonly region: string;
  readonly kvMs: number;
  readonly accountMs: number;
}

/** Milliseconds that each hit took: the first that an isolate answers, one just after it, one 4.9 s after the account was asked, and one 5.1 s after. */
export interface RegionHits extends Region {
  readonly firstMs: number;
  readonly nextMs: number;
  readonly heldMs: number;
  readonly laterMs: number;
}

const request = parseReflectionBody({ input: 'Why is the sky blue?' });

export async function hitsFrom(region: Region): Promise<RegionHits> {
  installInstantCrypto();
  const timeline = new Timeline();
  const { now } = new WallClock(timeline, Date.UTC(2026, 4, 11));
  const { caller, ports } = await serviceIn(region, timeline, now);
  const timeHit = async (): Promise<number> => {
    const began = timeline.now;
    const started = await startReflection(ports, request, {
      caller,
      cache: { mode: 'default', maxAgeSeconds: null },
      idempotency: null,
    });
    if (started.type !== 'hit') throw new Error('It was no hit.');
    return timeline.now - began;
  };
  let hits: RegionHits | undefined;
  const visit = async (): Promise<void> => {
    const firstMs = await timeHit();
    // What is remembered counts from when the account was asked.
    const askedAt = timeline.now - region.accountMs;
    const nextMs = await timeHit();
    await timeline.sleep(askedAt + 4_900 - timeline.now);
    const heldMs = await timeHit();
    await timeline.sleep(askedAt + 5_100 - timeline.now);
    const laterMs = await timeHit();
    hits = { ...region, firstMs, nextMs, heldMs, laterMs };
  };
  timeline.after(0, () => void visit());
  await timeline.run(60_000);
  if (!hits) throw new Error(`Nobody was answered in ${region.region}.`);
  return hits;
}

async function serviceIn({ kvMs, accountMs }: Region, timeline: Timeline, now: () => number) {
  const log = () => {};
  const storage = new SqliteDisk().open({ wrote: (commit) => commit() });
  const keyring = new Keyring(new SqliteKeyStore(storage.sql), now);
  const nothing = (): void => {};
  const services = { now, log, storedMs: 0, after: nothing, wakeAt: nothing };
  const account = new Ledger(
    new SqliteAccountStore(storage, new RunRows(storage, { now, log: () => {}, after: () => () => {} })),
    keyring,
    services,
  );
  const caller = callerOf(keyring);
  const far = async <Answer>(work: () => Answer): Promise<Answer> => {
    const thereMs = Math.floor(accountMs / 2);
    await timeline.sleep(thereMs);
    const answer = work();
    await timeline.sleep(accountMs - thereMs);
    return answer;
  };
  const nobody = (): never => {
    throw new Error('A hit asks for nothing else.');
  };
  const remote: RemoteAccount = {
    status: (asks) => far(() => outcomeOf(() => account.status(asks))),
    countHits: (hits) => far(() => account.countHits(hits)),
    stored: nobody,
    usage: nobody,
  };
  const kept = new Map<string, { readonly value: string; readonly metadata: unknown }>();
  const store = {
    async getWithMetadata(key: string) {
      await timeline.sleep(kvMs);
      return kept.get(key) ?? { value: null, metadata: null };
    },
    async put(key: string, value: string, { metadata }: { readonly metadata: unknown }) {
      kept.set(key, { value, metadata });
    },
    async delete(key: string) {
      kept.delete(key);
    },
  };
  const cache = kvReflectionCache({ store, now, log });
  await cache.write(
    cacheKeyOf(caller.account, request, roster),
    await answered('It scatters blue light the most.', now()),
    3_600,
  );
  const ports = {
    runs: durableRuns({ idFromName: nobody, getByName: nobody }, nobody),
    accounts: durableAccounts({ accounts: { getByName: () => remote }, now, log }),
    cache,
    hits: new IsolateLimiter('requests_per_minute', now),
    models: { roster: () => roster },
    keptMs: () => 86_400_000,
    now,
  };
  return { caller, ports };
}

/** Of a key issued here. */
function callerOf(keyring: Keyring): Caller {
  const randomBytes = (count: number) => new Uint8Array(count);
  const key = newKeyId(newAccountId(randomBytes), randomBytes);
  const secret = { hash: 'hash', last4: '0000', webhookSecret: 'whsec_bWFkZSB1cA==' };
  keyring.issue({ id: key, name: '', scopes: ['reflect'], limits: {}, expiresAt: null, secret, newAccount: true });
  return { account: accountOf(key), key, secretHash: secret.hash };
}

/** In Markdown. */
export function regionTable(rows: readonly RegionHits[]): string {
  const head = ['Region', 'KV', 'Account', 'First hit', 'Next hit', 'Hit after 4.9 s', 'Hit after 5.1 s'];
  const body = rows.map((row) => [
    row.region,
    ...[row.kvMs, row.accountMs, row.firstMs, row.nextMs, row.heldMs, row.laterMs].map((ms) => `${ms} ms`),
  ]);
  return [head, head.map((_, index) => (index === 0 ? '---' : '---:')), ...body]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}
