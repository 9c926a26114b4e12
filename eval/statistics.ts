/** Paired statistics of two arms over the same items. Pure. */

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** The two-sided 95 % quantile of the normal distribution. */
const z95 = 1.959963984540054;

/** Wilson's score interval of a share, 95 %. https://en.wikipedia.org/wiki/Binomial_proportion_confidence_interval#Wilson_score_interval */
export function wilson(hits: number, count: number): Interval {
  if (count === 0) return { low: 0, high: 1 };
  const share = hits / count;
  const squared = z95 ** 2;
  const middle = (share + squared / (2 * count)) / (1 + squared / count);
  const half = (z95 / (1 + squared / count)) * Math.sqrt((share * (1 - share)) / count + squared / (4 * count ** 2));
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

/** The exact two-sided test of McNemar: how likely at least so uneven a split of the discordant pairs is, if both kinds are equally likely. */
export function mcNemar(fixed: number, broken: number): number {
  const count = fixed + broken;
  if (count === 0) return 1;
  let tail = 0;
  for (let index = 0; index <= Math.min(fixed, broken); index += 1) tail += Math.exp(logChoose(count, index));
  return Math.min(1, 2 * tail * 0.5 ** count);
}

function logChoose(count: number, chosen: number): number {
  let sum = 0;
  for (let index = 1; index <= chosen; index += 1) sum += Math.log(count - chosen + index) - Math.log(index);
  return sum;
}

/** The difference that an arm makes, as a share of all items, with its interval of 95 %: `d ± 1.96 √((b + f − d²)/n)`, where `f` and `b` are shares. */
export function netGain(fixed: number, broken: number, count: number): Interval & { readonly value: number } {
  if (count === 0) return { value: 0, low: -1, high: 1 };
  const value = (fixed - broken) / count;
  const half = z95 * Math.sqrt(Math.max(0, ((fixed + broken) / count - value ** 2) / count));
  return { value, low: Math.max(-1, value - half), high: Math.min(1, value + half) };
}

/**
 * The upper bound of 95 % of a share of which `hits` were seen in `count`: the rule of three where none were. By Clopper and Pearson, found by halving.
 * https://en.wikipedia.org/wiki/Binomial_proportion_confidence_interval#Clopper%E2%80%93Pearson_interval
 */
export function upperBound(hits: number, count: number): number {
  if (count === 0 || hits >= count) return 1;
  let [low, high] = [hits / count, 1];
  for (let step = 0; step < 60; step += 1) {
    const share = (low + high) / 2;
    if (atMost(hits, count, share) > 0.05) low = share;
    else high = share;
  }
  return high;
}

/** How likely at most so many hits are. */
function atMost(hits: number, count: number, share: number): number {
  let sum = 0;
  for (let index = 0; index <= hits; index += 1) {
    sum += Math.exp(logChoose(count, index) + index * Math.log(share) + (count - index) * Math.log1p(-share));
  }
  return sum;
}

export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** By linear interpolation; 0 of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? 0;
  const above = sorted[Math.ceil(place)] ?? below;
  return below + (above - below) * (place - Math.floor(place));
}
