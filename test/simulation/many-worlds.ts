/** Many worlds lived through one after the other: what happened in all of them, and which of them broke. */
import { installInstantCrypto } from './instant-crypto.ts';
import { type Counts, noCounts } from './story.ts';
import { liveThrough, type Told } from './world.ts';

/** How many broken worlds are kept to be told of. */
const mostTold = 5;

export interface ManyTold {
  readonly counts: Counts;
  /** The first of them. */
  readonly broken: readonly Told[];
}

export async function liveThroughMany(from: number, count: number): Promise<ManyTold> {
  installInstantCrypto();
  const counts = noCounts();
  const broken: Told[] = [];
  for (let seed = from; seed < from + count; seed += 1) {
    const told = await liveThrough(seed);
    addCounts(counts, told.counts);
    if (told.breaches.length > 0 && broken.length < mostTold) broken.push(told);
  }
  return { counts, broken };
}

export function addCounts(sum: Counts, counts: Counts): void {
  for (const [what, count] of Object.entries(counts)) Object.assign(sum, { [what]: Reflect.get(sum, what) + count });
}

/** What broke, and the one command that shows it again. */
export function tellBroken({ seed, breaches }: Told): string {
  const lines = breaches.map(({ invariant, detail }) => `  ${invariant}: ${detail.slice(0, 500)}`);
  return [`npm run simulate -- --seed ${seed}`, ...lines].join('\n');
}
