/**
 * Permutation groups. In: generators. Out: order, elements, orbits, a small set of generators.
 * The order comes from a chain of stabilisers (Schreier and Sims): the product of the lengths of its orbits. So a group
 * is
 * known without its elements, which may be too many to list. A permutation P acts as (P x)ᵢ = x_P[i].
 */

/** P as the list of its values. */
export type Permutation = readonly number[];

export const identity = (n: number): Permutation => Array.from({ length: n }, (_, i) => i);
/** (p q)[i] = p[q[i]]. */
export const compose = (p: Permutation, q: Permutation): Permutation => q.map((i) => p[i]!);
export const isIdentity = (p: Permutation): boolean => p.every((image, i) => image === i);
const keyOf = (p: Permutation): string => p.join();

export function inverse(p: Permutation): Permutation {
  const out = new Array<number>(p.length);
  p.forEach((image, i) => {
    out[image] = i;
  });
  return out;
}

/** Order by first difference. */
export const compareLists = (a: readonly number[], b: readonly number[]): number => {
  const at = a.findIndex((value, i) => value !== b[i]);
  return at < 0 ? 0 : a[at]! - b[at]!;
};

/**
 * All elements of the group that permutations of n points generate, the identity first, then in order of their values.
 * Undefined where there are more than `limit`.
 */
export function closure(generators: readonly Permutation[], n: number, limit = Infinity): Permutation[] | undefined {
  const found = new Map<string, Permutation>([[keyOf(identity(n)), identity(n)]]);
  const useful = generators.filter((g) => !isIdentity(g));
  for (const p of found.values()) {
    for (const g of useful) {
      const next = compose(g, p);
      const key = keyOf(next);
      if (found.has(key)) continue;
      if (found.size >= limit) return undefined;
      found.set(key, next);
    }
  }
  return [...found.values()].sort(compareLists);
}

/** One level of the chain: the orbit of its point under the group that fixes the points of the levels before it. */
interface Level {
  readonly point: number;
  readonly generators: Permutation[];
  /** For each point of the orbit, an element that takes the level's point there. */
  readonly transversal: Map<number, Permutation>;
}

/** A group of permutations of n points, known by a base and strong generating set. */
export class PermutationGroup {
  readonly n: number;
  /** Generators without those that the ones before them make. */
  readonly generators: readonly Permutation[];
  private readonly levels: Level[] = [];

  constructor(generators: readonly Permutation[], n: number) {
    this.n = n;
    const kept: Permutation[] = [];
    for (const g of generators) {
      if (this.has(g)) continue;
      kept.push(g);
      this.insert(g, 0);
    }
    this.generators = kept;
  }

  /** Number of elements. */
  get order(): bigint {
    return this.levels.reduce((product, level) => product * BigInt(level.transversal.size), 1n);
  }

  has(p: Permutation): boolean {
    return isIdentity(this.sift(p, 0).rest);
  }

  /** Points that the group takes to each other, each list ascending, by first point; fixed points too. */
  orbits(): number[][] {
    const seen = new Set<number>();
    const orbits: number[][] = [];
    for (let start = 0; start < this.n; start++) {
      if (seen.has(start)) continue;
      const orbit = new Set([start]);
      for (const point of orbit) for (const g of this.generators) orbit.add(g[point]!);
      orbit.forEach((point) => seen.add(point));
      orbits.push([...orbit].sort((a, b) => a - b));
    }
    return orbits;
  }

  /** All elements, or undefined where there are more than `limit`. */
  elements(limit: number): Permutation[] | undefined {
    return this.order > BigInt(limit) ? undefined : closure(this.generators, this.n);
  }

  /** The elements one after another, the identity first: products of one element of each transversal. */
  *walk(level = this.levels.length - 1): Generator<Permutation> {
    if (level < 0) yield identity(this.n);
    else
      for (const last of this.levels[level]!.transversal.values())
        for (const first of this.walk(level - 1)) yield compose(first, last);
  }

  /** Divides p by elements of the transversals, level by level; the identity is left where p is an element. */
  private sift(p: Permutation, from: number): { readonly rest: Permutation; readonly level: number } {
    let rest = p;
    for (let l = from; l < this.levels.length; l++) {
      const { point, transversal } = this.levels[l]!;
      const taken = transversal.get(rest[point]!);
      if (taken === undefined) return { rest, level: l };
      rest = compose(inverse(taken), rest);
    }
    return { rest, level: this.levels.length };
  }

  /** Adds a generator of the stabiliser at a level, and all Schreier generators that this makes necessary below it. */
  private insert(g: Permutation, at: number): void {
    const level = (this.levels[at] ??= newLevel(
      g.findIndex((image, i) => image !== i),
      this.n,
    ));
    level.generators.push(g);
    const { transversal, generators } = level;
    // The orbit grows while it's walked; pairs of points and generators that were seen before are harmless.
    for (const [point, taking] of transversal) {
      for (const s of generators) {
        const image = s[point]!;
        const product = compose(s, taking);
        const known = transversal.get(image);
        if (known === undefined) {
          transversal.set(image, product);
          continue;
        }
        const { rest } = this.sift(compose(inverse(known), product), at + 1);
        if (!isIdentity(rest)) this.insert(rest, at + 1);
      }
    }
  }
}

const newLevel = (point: number, n: number): Level => ({
  point,
  generators: [],
  transversal: new Map([[point, identity(n)]]),
});
