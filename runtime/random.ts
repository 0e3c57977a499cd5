/**
 * Random numbers that are the same everywhere. In: a seed. Out: whole numbers below a bound, or a permutation.
 * xoshiro128** (Blackman and Vigna 2018) on 32-bit arithmetic, its state filled from the two halves of the seed by
 * SplitMix32.
 */

/** 2^32 over the golden ratio. */
const GOLDEN = 0x9e3779b9;

/** The finaliser of SplitMix32: every bit of the result depends on every bit of z. */
function mix(z: number): number {
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return z ^ (z >>> 15);
}

export class Random {
  private readonly state = new Uint32Array(4);

  /** @param seed a whole number from 0 to 2^53 - 1; both halves of it count. */
  constructor(seed: number) {
    if (!Number.isSafeInteger(seed) || seed < 0)
      throw new RangeError(`a seed is a whole number from 0 to 2^53 - 1, not ${seed}`);
    const low = (seed % 2 ** 32) | 0;
    const high = Math.floor(seed / 2 ** 32);
    for (let i = 0; i < 4; i++)
      this.state[i] = mix(low + Math.imul(i + 1, GOLDEN)) ^ mix(high + Math.imul(i + 5, GOLDEN));
    // The one state that the generator can't leave.
    if (this.state.every((word) => word === 0)) this.state[0] = 1;
  }

  /** The next 32 random bits, as a number from 0 to 2^32 - 1. */
  next(): number {
    const s = this.state;
    const product = Math.imul(s[1]!, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const t = s[1]! << 9;
    s[2]! ^= s[0]!;
    s[3]! ^= s[1]!;
    s[1]! ^= s[2]!;
    s[0]! ^= s[3]!;
    s[2]! ^= t;
    s[3] = (s[3]! << 11) | (s[3]! >>> 21);
    return result;
  }

  /**
   * A whole number from 0 to bound - 1, each equally likely: numbers beyond the last multiple of the bound are drawn
   * again.
   */
  below(bound: number): number {
    if (!(Number.isInteger(bound) && bound > 0 && bound <= 2 ** 32))
      throw new RangeError(`a bound is a whole number from 1 to 2^32, not ${bound}`);
    const limit = 2 ** 32 - (2 ** 32 % bound);
    let draw = this.next();
    while (draw >= limit) draw = this.next();
    return draw % bound;
  }

  /** The numbers 0 … count - 1 in random order (Fisher and Yates). */
  permutation(count: number): number[] {
    const order = Array.from({ length: count }, (_, i) => i);
    for (let i = count - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    return order;
  }
}
