/** A million operations on limits, over the stores of service. */
import { expect, test } from 'vitest';
import { type Tally, World } from './million-world.ts';

const operations = 1_000_000;
const seeds = 40;

function summed(tallies: readonly Tally[]): Tally {
  const { tally } = new World(0);
  for (const each of tallies) {
    for (const [name, count] of Object.entries(each)) {
      if (typeof count === 'number') Object.assign(tally, { [name]: Reflect.get(tally, name) + count });
    }
    for (const [name, count] of Object.entries(each.by)) tally.by[name] = (tally.by[name] ?? 0) + count;
  }
  return tally;
}

test('a million operations: none admitted beyond a limit, and none refused within them but for a loss', {
  timeout: 240_000,
}, () => {
  const tallies = Array.from({ length: seeds }, (_, seed) => {
    const world = new World(seed + 1);
    for (let count = 0; count < operations / seeds; count++) world.step();
    const { overAdmitted, falselyRefused, largeLosses, wrongStandings } = world.tally;
    expect({ seed, overAdmitted, falselyRefused, largeLosses, wrongStandings }).toEqual({
      seed,
      overAdmitted: 0,
      falselyRefused: 0,
      largeLosses: 0,
      wrongStandings: 0,
    });
    return world.tally;
  });
  const { by, ...counts } = summed(tallies);
  expect(counts.admitted).toBeGreaterThan(operations / 20);
  expect(counts.refused).toBeGreaterThan(operations / 20);
  expect(counts.late).toBeGreaterThan(operations / 50);
  expect(counts.raised).toBeGreaterThan(operations / 100);
  expect(counts.refusedMore).toBeGreaterThan(operations / 200);
  for (const count of [counts.settled, counts.overran, counts.stepsBack, counts.limitChanges, counts.losses]) {
    expect(count).toBeGreaterThan(100);
  }
  for (const count of [counts.refusedForLosses, counts.lostRuns, counts.neverTold, counts.refusedByStorage]) {
    expect(count).toBeGreaterThan(100);
  }
  for (const limit of ['requests_per_minute', 'tokens_per_minute', 'concurrent_runs', 'daily_usd']) {
    expect(by[`rate_limited ${limit}`], limit).toBeGreaterThan(100);
  }
  expect(by['budget_exhausted daily_usd']).toBeGreaterThan(100);
  expect(by['request_exceeds_limit tokens_per_minute']).toBeGreaterThan(100);
  expect(by['request_exceeds_limit daily_usd']).toBeGreaterThan(100);
});
