/**
 * Radial kernels where two points meet or nearly meet. In: distances from 1e-2 down to 0. Out: no NaN, no digit lost.
 * Blocks of even order tend to the block at 0, those of odd order vanish in proportion to the distance. One point is
 * the origin, so that the other can come as near as doubles allow.
 */
import { describe, expect, it } from "vitest";
import { compileUnjudged } from "../../compiler/index.ts";
import { byInterpreter, byText, type Evaluate } from "./evaluate.ts";
import { difference, largest } from "./golden.ts";
import { orders, specText, type Hyperparameters } from "./operator_specs.ts";

/** Kernels with the total order of derivatives that exists where their points meet. */
const kernels: readonly (readonly [string, number, Hyperparameters])[] = [
  ["matern12", 0, { l: 1.1 }],
  ["matern32", 2, { l: 1.2 }],
  ["matern52", 4, { l: 1.4 }],
  ["matern72", 6, { l: 0.9 }],
  ["rbf", 8, { l: 0.9 }],
  ["rational-quadratic", 8, { l: 1, alpha: 1.7 }],
  ["sum-rbf-matern52", 4, { w1: 0.7, l1: 0.9, w2: 1.3, l2: 1.4 }],
];
const distances = [1e-8, 1e-14, 1e-30, 1e-55, 1e-62, 1e-70, 1e-76, 1e-100, 1e-160, 1e-300];
const operators = ["identity", "gradient", "hessian", "laplacian", "d000", "biharmonic"];
/** What the next derivative may be, in units of this one. */
const STEEP = 100;
/** Where the slope of blocks of odd order is taken. */
const NEAR = 1e-10;

const points = (direction: readonly number[], distance: number) => ({
  x: Float64Array.from(direction, (c) => c * distance),
});

/** What is wrong with a block near 0. */
function faults(evaluate: Evaluate, order: number, direction: readonly number[], scale: number): string[] {
  const at = (distance: number): Float64Array => evaluate(points(direction, distance), points(direction, 0));
  const limit = at(0),
    slope = at(NEAR).map((value) => value / NEAR);
  return distances.flatMap((distance) => {
    const found = at(distance);
    if (order % 2 === 0)
      return difference(found, limit) <= scale * (1e-12 + STEEP * distance)
        ? []
        : [`${found.join()} at ${distance}, where ${limit.join()} is the limit`];
    const ratio = found.map((value) => value / distance);
    return largest(limit) === 0 && difference(ratio, slope) <= 1e-4 * scale
      ? []
      : [`${ratio.join()} times ${distance}, where the slope is ${slope.join()}`];
  });
}

describe.each(kernels)("%s to order %i", (kernel, exists, hyperparameters) => {
  it.each([[[0.8]], [[0.6, -0.48, 0.64]]])("in the direction %j", (direction) => {
    const compiled = compileUnjudged(specText(kernel, hyperparameters, operators, direction));
    const found = operators.flatMap((left, i) =>
      operators.slice(i).flatMap((right) => {
        const order = orders[left]! + orders[right]!;
        if (order > exists) return [];
        const text = byText(compiled, left, right),
          origin = points(direction, 0);
        const scale = Math.max(1, order % 2 === 0 ? largest(text(origin, origin)) : 1);
        return [
          ...faults(text, order, direction, scale).map((fault) => `${left}, ${right} by the printed text: ${fault}`),
          ...faults(byInterpreter(compiled, left, right), order, direction, scale).map(
            (fault) => `${left}, ${right} by the interpreter: ${fault}`,
          ),
        ];
      }),
    );
    expect(found).toEqual([]);
  });
});
