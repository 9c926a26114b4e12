/** Which items are measured: all, so many by a seed, or one half of them. */
import type { Item } from './benchmarks/benchmark.ts';
import { PythonRandom } from './python/random.ts';

/** What is built is judged on one half of the items, and told of the other. */
export const halves = ['all', 'develop', 'report'] as const;
export type Half = (typeof halves)[number];

/** The same halves for ever. */
const splitSeed = 20_261_127;

export function halfOf(items: readonly Item[], half: Half): readonly Item[] {
  if (half === 'all') return items;
  const drawn = new PythonRandom(splitSeed).shuffled(items.map(({ id }) => id));
  const develop = new Set(drawn.slice(0, Math.floor(drawn.length / 2)));
  return items.filter(({ id }) => develop.has(id) === (half === 'develop'));
}

/** In the order of the data set. A larger sample of the same seed holds the smaller one. */
export function sampled(items: readonly Item[], limit: number | undefined, seed: number): readonly Item[] {
  if (limit === undefined || limit >= items.length) return items;
  const places = new PythonRandom(seed).shuffled(items.map((_, index) => index)).slice(0, limit);
  const chosen = new Set(places);
  return items.filter((_, index) => chosen.has(index));
}
