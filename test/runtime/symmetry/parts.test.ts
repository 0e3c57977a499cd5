/** The parts of the search for permutations: eigenvectors, assignments, groups; each against its definition. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { symmetricEigen } from "../../../runtime/symmetry/eigen.ts";
import { closure, compose, identity, inverse, PermutationGroup } from "../../../runtime/symmetry/group.ts";
import type { Permutation } from "../../../runtime/symmetry/group.ts";
import { assign } from "../../../runtime/symmetry/hungarian.ts";

const permutationOf = (n: number): fc.Arbitrary<Permutation> =>
  fc.shuffledSubarray(
    Array.from({ length: n }, (_, i) => i),
    { minLength: n, maxLength: n },
  );
const square = (n: number, value: fc.Arbitrary<number>): fc.Arbitrary<Float64Array> =>
  fc.array(value, { minLength: n * n, maxLength: n * n }).map((list) => Float64Array.from(list));
const sized = <T>(make: (n: number) => fc.Arbitrary<T>, max: number): fc.Arbitrary<readonly [number, T]> =>
  fc.integer({ min: 1, max }).chain((n) => make(n).map((value) => [n, value] as const));

describe("eigenvectors of a symmetric matrix", () => {
  it("are orthonormal and satisfy A v = λ v, largest λ first", () => {
    fc.assert(
      fc.property(
        sized((n) => square(n, fc.double({ min: -9, max: 9, noNaN: true })), 8),
        ([n, raw]) => {
          const a = raw.map((value, k) => value + raw[(k % n) * n + Math.floor(k / n)]!);
          const { values, vectors } = symmetricEigen(a, n);
          for (let k = 0; k < n; k++) {
            if (k > 0) expect(values[k]!).toBeLessThanOrEqual(values[k - 1]!);
            for (let i = 0; i < n; i++) {
              let product = 0,
                dot = 0;
              for (let j = 0; j < n; j++) {
                product += a[i * n + j]! * vectors[j * n + k]!;
                dot += vectors[j * n + i]! * vectors[j * n + k]!;
              }
              expect(Math.abs(product - values[k]! * vectors[i * n + k]!)).toBeLessThan(1e-12 * (1 + n) * 20);
              expect(Math.abs(dot - (i === k ? 1 : 0))).toBeLessThan(1e-13);
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it("refuses what isn't finite", () => {
    expect(() => symmetricEigen(Float64Array.of(1, NaN, NaN, 1), 2)).toThrow(RangeError);
  });
});

describe("the assignment", () => {
  it("costs no more than any permutation", () => {
    fc.assert(
      fc.property(
        sized((n) => square(n, fc.integer({ min: -20, max: 20 })), 5),
        ([n, cost]) => {
          const found = assign(cost, n);
          const price = (p: ArrayLike<number>): number =>
            Array.from(p).reduce((sum, column, row) => sum + cost[row * n + column]!, 0);
          const swaps = Array.from({ length: n - 1 }, (_, i) =>
            identity(n).map((x) => (x === i ? i + 1 : x === i + 1 ? i : x)),
          );
          expect(new Set(found).size).toBe(n);
          expect(price(found)).toBe(Math.min(...closure(swaps, n)!.map(price)));
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe("groups", () => {
  it("have the order, members and orbits of their closure", () => {
    fc.assert(
      fc.property(
        fc
          .integer({ min: 1, max: 6 })
          .chain((n) => fc.array(permutationOf(n), { maxLength: 3 }).map((g) => [n, g] as const)),
        ([n, generators]) => {
          const group = new PermutationGroup(generators, n);
          const all = closure(generators, n)!;
          expect(group.order).toBe(BigInt(all.length));
          expect(group.elements(1000)).toEqual(all);
          expect(closure(group.generators, n)).toEqual(all);
          const keys = new Set(all.map((p) => p.join()));
          expect(new Set([...group.walk()].map((p) => p.join()))).toEqual(keys);
          const stranger = Array.from({ length: n }, (_, i) => (i + 1) % n);
          expect(group.has(stranger)).toBe(keys.has(stranger.join()));
          for (const orbit of group.orbits())
            expect(orbit).toEqual([...new Set(all.map((p) => p[orbit[0]!]!))].sort((a, b) => a - b));
          for (const p of all) expect(compose(p, inverse(p))).toEqual(identity(n));
        },
      ),
      { numRuns: 150 },
    );
  });

  it("too large to list are known by their order", () => {
    const n = 24;
    const cycle = Array.from({ length: n }, (_, i) => (i + 1) % n),
      swap = identity(n).map((i) => (i < 2 ? 1 - i : i));
    const group = new PermutationGroup([cycle, swap], n);
    expect(group.order).toBe(620448401733239439360000n);
    expect(group.elements(10_000)).toBeUndefined();
    expect(closure([cycle, swap], n, 50)).toBeUndefined();
    expect(group.generators).toHaveLength(2);
    expect(group.orbits()).toEqual([identity(n)]);
  });
});
