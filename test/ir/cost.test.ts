/** Costs of expressions, worked out by hand: powers, products, special functions, sums over axes, what is shared. */
import { describe, expect, it } from "vitest";
import { flops, nodeCount, nodeFlops, powerFlops } from "../../compiler/ir/cost.ts";
import {
  add,
  at,
  axis,
  bindMap,
  bindProduct,
  bindSum,
  build,
  delta,
  lit,
  map,
  mul,
  param,
  pow,
  sum,
  type Expr,
  type MapNode,
} from "../../compiler/ir/expr.ts";
import { ops } from "../../compiler/ir/ops.ts";

const [i, j] = [axis(3, "i"), axis(4, "j")];
const x = at(param("x", [4]), [j]),
  y = at(param("y", [4]), [j]),
  z = at(param("z", [4]), [j]),
  m = at(param("m", [3, 4]), [i, j]);
const cost = (e: Expr): number => nodeFlops(e as MapNode);

describe("operations", () => {
  it.each([
    [1, 0],
    [2, 1],
    [3, 2],
    [4, 2],
    [5, 3],
    [7, 4],
    [8, 3],
    [0.5, 1],
    [1.5, 2],
    [2.5, 3],
    [-0.5, 2],
    [-1, 1],
    [-2, 2],
    [-1.5, 3],
    [1 / 3, 1],
    [3.25, 1],
  ])("of the power %d: %d", (p, expected) => {
    expect(powerFlops(p)).toBe(expected);
    expect(cost(bindMap("pow", [x, lit(p)]))).toBe(expected);
  });

  it("of a power that isn't a number: one", () => {
    expect(cost(bindMap("pow", [x, y]))).toBe(1);
  });

  it("of a sum: one fewer than terms", () => {
    expect(cost(bindMap("add", [x, y, z]))).toBe(2);
  });

  it("of a product: signs, Deltas and divisions are free, as the reciprocal is paid for", () => {
    const over = bindMap("pow", [z, lit(-1)]);
    expect(cost(bindMap("mul", [x, y, z]))).toBe(2);
    expect(cost(bindMap("mul", [lit(-1), x, y]))).toBe(1);
    expect(cost(bindMap("mul", [lit(1), x, y]))).toBe(1);
    expect(cost(bindMap("mul", [lit(2), x, y]))).toBe(2);
    expect(cost(bindMap("mul", [x, y, over]))).toBe(1);
    expect(cost(bindMap("mul", [x, bindMap("pow", [y, lit(-1)]), over]))).toBe(1);
    expect(cost(bindMap("mul", [x, y, delta(i, j)]))).toBe(1);
  });

  it("of Matérn functions: an exponential and a polynomial, and a quotient below order 0", () => {
    const matern = (order: number): number => cost(map("matern", lit(order), x));
    expect([0, 1, 2, 3].map(matern)).toEqual([1, 3, 5, 7]);
    expect([-1, -2, -3].map(matern)).toEqual([3, 5, 7]);
  });

  it("of other primitives: what their entries say", () => {
    expect(cost(map("exp", x))).toBe(ops.exp.flops);
    expect(cost(map("atan2", x, y))).toBe(ops.atan2.flops);
  });
});

describe("costs", () => {
  it("are paid once for each value of the free axes", () => {
    expect(flops(mul(x, y))).toBe(4);
    expect(flops(mul(m, x))).toBe(12);
    expect(flops(lit(3))).toBe(0);
  });

  it("of sums: one operation a term", () => {
    expect(flops(sum([j], mul(x, y)))).toBe(4 + 4);
    expect(flops(sum([j], mul(m, x)))).toBe(12 + 12);
    expect(flops(build([i], sum([j], mul(m, x))))).toBe(12 + 12);
  });

  it("leave out axes that a Delta fixes", () => {
    const picked = bindProduct(delta(i, j), x, y);
    expect(flops(picked)).toBe(3);
    expect(flops(bindSum([j], picked))).toBe(3 + 3);
  });

  it("count what is shared once", () => {
    const e = map("exp", x);
    expect(flops(e, e)).toBe(4 * ops.exp.flops);
    expect(flops(bindMap("add", [bindProduct(e, y), bindProduct(e, z)]))).toBe(4 * (ops.exp.flops + 1 + 1 + 1));
  });
});

it("nodes are counted once each", () => {
  expect(nodeCount(x)).toBe(2);
  expect(nodeCount(x, y)).toBe(4);
  expect(nodeCount(x, x)).toBe(2);
  expect(nodeCount(add(pow(x, lit(2)), y))).toBe(1 + 2 + 2 + 2);
});
