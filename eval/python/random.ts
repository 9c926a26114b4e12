/** Python's `random.Random`, to the bit: the references shuffle and sample with it. https://github.com/python/cpython/blob/3.12/Lib/random.py */

const stateSize = 624;
const shift = 397;
const mask = 0xffffffff;

/** The Mersenne Twister MT19937. http://www.math.sci.hiroshima-u.ac.jp/m-mat/MT/MT2002/CODES/mt19937ar.c */
class MersenneTwister {
  readonly #state = new Uint32Array(stateSize);
  #index = stateSize;

  constructor(key: readonly number[]) {
    this.#initialise(19650218);
    this.#mix(key);
  }

  /** 32 bits. */
  next(): number {
    if (this.#index === stateSize) this.#twist();
    let word = this.#at(this.#index);
    this.#index += 1;
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    word ^= word >>> 18;
    return word >>> 0;
  }

  #at(index: number): number {
    return this.#state[index] ?? 0;
  }

  #initialise(seed: number): void {
    this.#state[0] = seed;
    for (let index = 1; index < stateSize; index += 1) {
      const before = this.#at(index - 1);
      this.#state[index] = Math.imul(1812433253, before ^ (before >>> 30)) + index;
    }
  }

  #mix(key: readonly number[]): void {
    let index = 1;
    let from = 0;
    const step = (factor: number, add: number): void => {
      const before = this.#at(index - 1);
      this.#state[index] = (this.#at(index) ^ Math.imul(before ^ (before >>> 30), factor)) + add;
      index += 1;
      if (index < stateSize) return;
      this.#state[0] = this.#at(stateSize - 1);
      index = 1;
    };
    for (let count = Math.max(stateSize, key.length); count > 0; count -= 1) {
      step(1664525, (key[from] ?? 0) + from);
      from = (from + 1) % key.length;
    }
    for (let count = stateSize - 1; count > 0; count -= 1) step(1566083941, -index);
    this.#state[0] = 0x80000000;
  }

  #twist(): void {
    for (let index = 0; index < stateSize; index += 1) {
      const joined = (this.#at(index) & 0x80000000) | (this.#at((index + 1) % stateSize) & 0x7fffffff);
      const odd = joined & 1 ? 0x9908b0df : 0;
      this.#state[index] = this.#at((index + shift) % stateSize) ^ (joined >>> 1) ^ odd;
    }
    this.#index = 0;
  }
}

export class PythonRandom {
  readonly #twister: MersenneTwister;
  #nextGauss: number | undefined;

  /** A whole number from 0 on, up to 2 ** 53. */
  constructor(seed: number) {
    const high = Math.floor(seed / 2 ** 32);
    this.#twister = new MersenneTwister(high === 0 ? [seed & mask] : [seed % 2 ** 32, high]);
  }

  /** From 0 to below 1, with 53 bits. */
  random(): number {
    const [high, low] = [this.#twister.next() >>> 5, this.#twister.next() >>> 6];
    return (high * 67108864 + low) / 9007199254740992;
  }

  /** Normal, around 0 with deviation 1, unless told otherwise. */
  gauss(mean = 0, deviation = 1): number {
    const kept = this.#nextGauss;
    this.#nextGauss = undefined;
    if (kept !== undefined) return mean + kept * deviation;
    const angle = this.random() * 2 * Math.PI;
    const radius = Math.sqrt(-2 * Math.log(1 - this.random()));
    this.#nextGauss = Math.sin(angle) * radius;
    return mean + Math.cos(angle) * radius * deviation;
  }

  /** `bits`: 1 to 32. */
  getrandbits(bits: number): number {
    return this.#twister.next() >>> (32 - bits);
  }

  /** From 0 to below `limit`. */
  below(limit: number): number {
    const bits = 32 - Math.clz32(limit);
    let drawn = this.getrandbits(bits);
    while (drawn >= limit) drawn = this.getrandbits(bits);
    return drawn;
  }

  choice<Item>(items: readonly Item[]): Item | undefined {
    return items[this.below(items.length)];
  }

  /** So many different items, in the order that Python draws them. */
  sample<Item>(items: readonly Item[], count: number): Item[] {
    const size = items.length;
    // Python draws from a shrinking pool where a set of what was drawn would take more memory.
    const pooled = 21 + (count > 5 ? 4 ** Math.ceil(Math.log(count * 3) / Math.log(4)) : 0);
    return size <= pooled ? this.#sampleOfPool(items, count) : this.#sampleOfSet(items, count);
  }

  #sampleOfPool<Item>(items: readonly Item[], count: number): Item[] {
    const pool = [...items];
    return Array.from({ length: count }, (_, index) => {
      const at = this.below(pool.length - index);
      const [drawn, last] = [pool[at], pool[pool.length - index - 1]];
      if (last !== undefined) pool[at] = last;
      return drawn;
    }).filter((item) => item !== undefined);
  }

  #sampleOfSet<Item>(items: readonly Item[], count: number): Item[] {
    const drawn = new Set<number>();
    while (drawn.size < count) {
      let at = this.below(items.length);
      while (drawn.has(at)) at = this.below(items.length);
      drawn.add(at);
    }
    return [...drawn].flatMap((at) => items.slice(at, at + 1));
  }

  /** The items in another order. */
  shuffled<Item>(items: readonly Item[]): Item[] {
    const shuffled = [...items];
    for (let index = shuffled.length - 1; index > 0; index -= 1) {
      const at = this.below(index + 1);
      const [one, other] = [shuffled[index], shuffled[at]];
      if (one === undefined || other === undefined) continue;
      shuffled[index] = other;
      shuffled[at] = one;
    }
    return shuffled;
  }
}
