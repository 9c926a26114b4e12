/** What the simulator must be for its verdict to count: the same world for the same seed, and a witness that sees what breaks. */
import { beforeAll, expect, test } from 'vitest';
import { installInstantCrypto } from './instant-crypto.ts';
import { liveThrough } from './world.ts';

beforeAll(installInstantCrypto);

test('the same seed tells the same story, whatever was lived through before', async () => {
  const seeds = Array.from({ length: 40 }, (_, index) => 7_000 + index);
  const hashes: string[] = [];
  for (const seed of seeds) hashes.push((await liveThrough(seed)).hash);
  const again: string[] = [];
  for (const seed of seeds.toReversed()) again.push((await liveThrough(seed)).hash);
  expect(again.toReversed()).toEqual(hashes);
  expect(new Set(hashes).size).toBe(seeds.length);
});
