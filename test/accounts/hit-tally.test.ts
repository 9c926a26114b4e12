/** Hits of one isolate, gathered before their account is told of them. */
import { expect, test } from 'vitest';
import type { AccountId } from '../../src/accounts/accounts.ts';
import { gatheringMs, HitTally } from '../../src/accounts/hit-tally.ts';
import { madeUpKey } from '../support/made-up-key.ts';

function world() {
  const told: [AccountId, number][] = [];
  const pauses: (() => void)[] = [];
  const time = { now: 1_000_000 };
  const tally = new HitTally({
    accounts: { countHits: async (account, hits) => void told.push([account, hits]) },
    now: () => time.now,
    pause: (milliseconds) => {
      expect(milliseconds).toBe(gatheringMs);
      return new Promise((resolve) => pauses.push(resolve));
    },
  });
  return { tally, told, time, endPauses: () => pauses.splice(0).map((end) => end()) };
}

const newAccount = (): AccountId => madeUpKey().caller.account;

test('hits of one second are told together, and those of each account to it alone', async () => {
  const { tally, told, endPauses } = world();
  const [one, other] = [newAccount(), newAccount()];
  const tellings = [tally.count(one), tally.count(one), tally.count(other), tally.count(one)];
  expect(tellings.map((telling) => telling !== undefined)).toEqual([true, false, true, false]);
  expect(told).toEqual([]);
  endPauses();
  await Promise.all(tellings);
  expect(told).toEqual([
    [one, 3],
    [other, 1],
  ]);
});

test('a hit after that is told by itself', async () => {
  const { tally, told, time, endPauses } = world();
  const account = newAccount();
  for (let count = 0; count < 2; count += 1) {
    const telling = tally.count(account);
    time.now += gatheringMs;
    endPauses();
    await telling;
  }
  expect(told).toEqual([
    [account, 1],
    [account, 1],
  ]);
});

test('hits whose telling was lost with its request are told with a later one', async () => {
  const { tally, told, time, endPauses } = world();
  const account = newAccount();
  expect(tally.count(account)).toBeDefined();
  expect(tally.count(account)).toBeUndefined();
  time.now += 60_000;
  const telling = tally.count(account);
  expect(telling).toBeDefined();
  endPauses();
  await telling;
  expect(told).toEqual([[account, 3]]);
});
