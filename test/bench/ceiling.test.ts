/** What one request may do at most in rows, statements, alarms, commits and calls. A change that needs more says so here; one that needs less lowers it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Client } from '../../bench/client.ts';
import type { Counted } from '../../bench/counted.ts';
import { parseOptions } from '../../bench/options.ts';
import type { CountedCase } from '../../bench/results.ts';
import { measureCounts } from '../../bench/suites/counts.ts';
import { buildWorker } from '../../bench/targets/build.ts';
import { startOurs } from '../../bench/targets/ours.ts';
import { startUpstream } from '../../bench/upstream.ts';
import { findPort } from '../../local/free-port.ts';

/** A stream costs no more than an answer in one piece. */
const notCached: Partial<Counted> = {
  objectCalls: 1,
  objectsMade: 0,
  gatesBeforeModel: 0,
  gatesBeforeAnswer: 0,
  statements: 4.2,
  rowsWritten: 4.2,
  alarms: 1,
  commits: 1.2,
};

/** Means over the five requests of a case, what follows the answer included. In one of them the escrow may be closed, which is a fifth of a write each. */
const ceilings: Readonly<Record<string, Partial<Counted>>> = {
  'blocking, not cached': notCached,
  'blocking, then cached': {
    objectCalls: 1,
    objectsMade: 0,
    gatesBeforeModel: 0,
    gatesBeforeAnswer: 0,
    statements: 5.2,
    rowsWritten: 6.2,
    alarms: 1,
    commits: 2.2,
    cacheReads: 1,
    cacheWrites: 1,
  },
  // Hits are told together once a second; the five take two.
  'blocking, cache hit': {
    objectCalls: 0.8,
    objectsMade: 0,
    statements: 0.2,
    rowsWritten: 0.2,
    alarms: 0,
    commits: 0.2,
  },
  'streamed, not cached': notCached,
};

let counted: readonly CountedCase[];
const closing: (() => Promise<void> | void)[] = [];

beforeAll(async () => {
  const client = new Client();
  closing.push(() => client.close());
  const upstream = await startUpstream(await findPort(0));
  closing.push(upstream.stop);
  const built = await buildWorker();
  counted = await measureCounts({
    options: parseOptions(['--quick']),
    client,
    upstream,
    startOurs: async (choice = {}) =>
      startOurs(built, { ...choice, port: await findPort(0), upstream: upstream.address }),
  });
}, 120_000);

afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

test.each(Object.entries(ceilings))('a request that is %s does no more than it may', (name, ceiling) => {
  const requests = counted.find((candidate) => candidate.name === name)?.requests ?? [];
  expect(requests.length).toBeGreaterThan(0);
  const means = Object.keys(ceiling).map((field) => {
    const most = Reflect.get(ceiling, field);
    const mean = requests.reduce((sum, one) => sum + Number(Reflect.get(one, field)), 0) / requests.length;
    return { field, mean, most, within: mean <= most };
  });
  expect(means.filter(({ within }) => !within)).toEqual([]);
});

test('every request that is counted has a ceiling', () => {
  expect(counted.map(({ name }) => name)).toEqual(Object.keys(ceilings));
});
