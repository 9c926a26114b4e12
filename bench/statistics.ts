/** Medians, percentiles and bootstrap intervals. Pure. */

/** A value and the interval that holds it with 95 % confidence. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** A number from 0 up to 1. */
export type Random = () => number;

/** The same numbers for the same seed. https://gist.github.com/tommyettinger/46a874533244883189143505d203312c (mulberry32) */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The value that the share `p` (0 to 1) of all values does not exceed, by linear interpolation. NaN of none. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = Float64Array.from(values).sort();
  if (sorted.length === 0) return Number.NaN;
  const place = p * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? below;
  return below + (above - below) * (place - Math.floor(place));
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** What one round gave for the target and for what it is compared with. */
export type Pair = readonly [target: number, base: number];

/** What a target adds to its base: the median of the differences within a round. */
export function addedMedian(pairs: readonly Pair[]): number {
  return median(pairs.map(([target, base]) => target - base));
}

/** What a target adds to its base in the tail: the difference of the two 99th percentiles. */
export function addedTail(pairs: readonly Pair[]): number {
  return (
    percentile(
      pairs.map(([target]) => target),
      0.99,
    ) -
    percentile(
      pairs.map(([, base]) => base),
      0.99,
    )
  );
}

/** The statistic of the sample, with the interval of the same statistic over samples drawn from it with replacement. */
export function bootstrap<Item>(
  sample: readonly Item[],
  statistic: (sample: readonly Item[]) => number,
  random: Random,
  draws = 1000,
): Estimate {
  const drawn = Array.from({ length: draws }, () =>
    statistic(sample.map((item) => sample[Math.floor(random() * sample.length)] ?? item)),
  );
  return { value: statistic(sample), low: percentile(drawn, 0.025), high: percentile(drawn, 0.975) };
}

/** The items in an order of chance. */
export function shuffled<Item>(items: readonly Item[], random: Random): Item[] {
  return items
    .map((item) => ({ item, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
