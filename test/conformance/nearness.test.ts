/**
 * Radial kernels at points that are near each other and far from the origin. In: points with coordinates of a thousand
 * or of one. Out: the blocks of the same differences at the origin, and
 * those of closed forms in the printed text: no digit is lost to what cancels.
 */
import { describe, expect, it } from "vitest";
import { compileUnjudged } from "../../compiler/index.ts";
import { byInterpreter, byText, type Evaluate } from "./evaluate.ts";
import { difference, largest } from "./golden.ts";
import { orders, specText, type Hyperparameters } from "./operator_specs.ts";

const DIRECTION = [0.5, -0.375, 0.625];
const operators = ["identity", "gradient", "hessian", "laplacian", "biharmonic"];

const distances = [1e-3, 1e-7, 1e-11];
const FAR = [1000.123456789, -777.987654321, 1311.192837465];
/** A point beside another. */
const beside = (y: Float64Array, distance: number): Float64Array =>
  y.map((value, k) => value + distance * DIRECTION[k]!);

const both = (compiled: ReturnType<typeof compileUnjudged>, left: string, right: string): [string, Evaluate][] => [
  ["printed text", byText(compiled, left, right)],
  ["interpreter", byInterpreter(compiled, left, right)],
];

const kernels: readonly (readonly [string, number, Hyperparameters])[] = [
  ["matern12", 0, { l: 1.1 }],
  ["matern52", 4, { l: 1.4 }],
  ["rbf", 8, { l: 0.9 }],
  ["rational-quadratic", 8, { l: 1, alpha: 1.7 }],
];

/** Where a block far from the origin isn't that of the same difference, which is exact as the points are near. */
function faults(left: string, right: string, ways: readonly [string, Evaluate][]): string[] {
  const y = Float64Array.from(FAR),
    origin = new Float64Array(y.length);
  return ways.flatMap(([how, evaluate]) =>
    distances.flatMap((distance) => {
      const x = beside(y, distance);
      const expected = evaluate({ x: x.map((value, k) => value - y[k]!) }, { x: origin }),
        found = evaluate({ x }, { x: y });
      return difference(found, expected) <= 1e-13 * largest(expected)
        ? []
        : [`${left}, ${right} by the ${how} at ${distance}: ${found.join()} in place of ${expected.join()}`];
    }),
  );
}

describe.each(kernels)("%s far from the origin", (kernel, exists, hyperparameters) => {
  it("has the blocks that it has at the origin", () => {
    const compiled = compileUnjudged(specText(kernel, hyperparameters, operators, DIRECTION));
    const found = operators.flatMap((left, i) =>
      operators
        .slice(i)
        .flatMap((right) =>
          orders[left]! + orders[right]! > exists ? [] : faults(left, right, both(compiled, left, right)),
        ),
    );
    expect(found).toEqual([]);
  });
});

describe("sums of differences far from the origin", () => {
  it.each([
    ["in a kernel", "exp(-sum(a[i] - b[i] for i in 3)^2)", "∇u"],
    ["in a derivative", "rbf(a, b, 1)", "sum(d(u, x[i]) for i in 3)"],
  ])("lose no digits %s", (_, kernel, operator) => {
    const compiled = compileUnjudged(
      `model Sums\ninput x : real[3]\nkernel k(a, b) = ${kernel}\nu ~ GP(k)\nobserve s : ${operator}\nobserve v : u\n`,
    );
    expect(["s", "v"].flatMap((right) => faults("s", right, both(compiled, "s", right)))).toEqual([]);
  });
});

/** Δ² of the kernel in three dimensions, in units of its length, for s = √(2ν) r / l. */
const biharmonics: readonly (readonly [string, number, (s: number) => number])[] = [
  ["matern12", 0.5, (s) => Math.exp(-s) * (1 - 4 / s)],
  ["matern32", 1.5, (s) => Math.exp(-s) * (s - 7 + 8 / s)],
];

describe.each(biharmonics)("%s near the point where its biharmonic is infinite", (kernel, nu, closed) => {
  const length = 1.25;
  const compiled = compileUnjudged(specText(kernel, { l: length }, operators, DIRECTION));

  it.each([
    ["biharmonic", "identity"],
    ["laplacian", "laplacian"],
  ])("has the digits of the closed form as %s of %s", (left, right) => {
    const evaluate = byText(compiled, left, right);
    const found = [1, 1e-2, 1e-4, 1e-6, 1e-8].flatMap((distance) => {
      const y = Float64Array.of(1, 1, 1),
        x = beside(y, distance);
      const s = (Math.sqrt(2 * nu) * Math.hypot(...x.map((value, k) => value - y[k]!))) / length;
      const expected = closed(s) * (Math.sqrt(2 * nu) / length) ** 4,
        value = evaluate({ x }, { x: y })[0]!;
      return Math.abs(value / expected - 1) <= 1e-12 ? [] : [`${value} in place of ${expected} at ${distance}`];
    });
    expect(found).toEqual([]);
  });
});
