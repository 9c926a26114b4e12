/** The ten thousand worlds that every run of the tests lives through, in shares that run beside each other. */
import { expect, test } from 'vitest';
import { liveThroughMany, tellBroken } from './many-worlds.ts';
import { happenings } from './story.ts';

const seeds = 10_000;
const shares = 4;
const seedsAShare = seeds / shares;

/** `share`: from 1. */
export function testShare(share: 1 | 2 | 3 | 4): void {
  const from = (share - 1) * seedsAShare + 1;
  const to = from + seedsAShare - 1;
  test(`every invariant holds in the worlds ${from} to ${to}, and everything happens in them`, {
    timeout: 600_000,
  }, async () => {
    const { counts, broken } = await liveThroughMany(from, seedsAShare);
    expect(broken.map(tellBroken).join('\n')).toBe('');
    expect(happenings.filter((what) => counts[what] === 0)).toEqual([]);
  });
}
