/**
 * Derivatives of random terms against truncated Taylor series, and forward mode against reverse mode.
 * In: terms of test/ir/terms.ts. Out: directional derivatives up to order 4, adjoints, linearity, symmetry.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { add, at, axis, build, delta, lit, mul, param, sum, type Axis, type Expr } from "../../compiler/ir/expr.ts";
import { interpret } from "../../compiler/ir/interpret.ts";
import { verify } from "../../compiler/ir/verify.ts";
import { jvp } from "../../compiler/ad/jvp.ts";
import { vjp } from "../../compiler/ad/vjp.ts";
import { factorial, jets, type Jet } from "../ir/jets.ts";
import { bound, evaluate, express, inputs, params, positions, terms, type Term } from "../ir/terms.ts";

type Values = Readonly<Record<string, readonly number[]>>;
const x = params.x!,
  u = param("u", [3]),
  v = param("v", [3]);
const directions = fc.tuple(
  ...[0, 1].map(() =>
    fc.array(
      fc.integer({ min: -9, max: 9 }).map((n) => n / 8),
      { minLength: 3, maxLength: 3 },
    ),
  ),
);
const numbers = (e: Expr, values: Values, [du, dv]: readonly number[][]): number[] => {
  const found = interpret(
    e,
    bound(values, [
      [u, { shape: [3], data: du! }],
      [v, { shape: [3], data: dv! }],
    ]),
  );
  return typeof found === "number" ? [found] : [...found];
};

/** Derivatives of the orders 0 … K along a direction of x, and the largest coefficient met on the way. */
function series(
  t: Term,
  values: Values,
  direction: readonly number[],
  order: number,
  place: readonly number[],
): { derivatives: number[]; scale: number } {
  const $ = jets(order);
  const series = Object.fromEntries(
    Object.entries(values).map(([name, data]) => [
      name,
      data.map((value, n): Jet => $.lit(value).map((c, k) => (k === 1 && name === "x" ? direction[n]! : c))),
    ]),
  );
  let scale = 1;
  const result = evaluate($, t, series, place, (j) => {
    for (const c of j) scale = Math.max(scale, Math.abs(c));
  });
  return { derivatives: result.map((c, k) => c * factorial(k)), scale: scale * factorial(order) };
}

const check = (
  depth: number,
  scope: readonly number[],
  runs: number,
  property: (t: Term, values: Values, d: number[][]) => void,
): void => fc.assert(fc.property(terms(depth, scope), inputs, directions, property), { numRuns: runs, seed: 11 });
const near = (found: number, expected: number, scale: number): void =>
  expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-9 * scale);

describe("jvp", () => {
  it.each([
    [1, 4, 500],
    [2, 4, 300],
    [3, 3, 200],
    [4, 3, 100],
  ])("of order %i is the Taylor coefficient", (order, depth, runs) => {
    check(depth, [2], runs, (t, values, d) => {
      const a = axis(2, "f");
      let e = build([a], express(t, [a]));
      for (let k = 0; k < order; k++) e = jvp(e, x, u);
      verify(e);
      const found = numbers(e, values, d);
      positions([2]).forEach((p, n) => {
        const { derivatives, scale } = series(t, values, d[0]!, order, p);
        near(found[n]!, derivatives[order]!, scale);
      });
    });
  });

  it("is linear in the tangent", () => {
    check(4, [], 300, (t, values, d) => {
      const e = express(t),
        k = axis(3);
      const joint = jvp(e, x, build([k], add(mul(lit(2), at(u, [k])), mul(lit(-3), at(v, [k])))));
      const [whole, alongU, alongV] = [joint, jvp(e, x, u), jvp(e, x, v)].map((f) => numbers(f, values, d)[0]!);
      near(
        whole!,
        2 * alongU! - 3 * alongV!,
        series(t, values, d[0]!, 1, []).scale + Math.abs(alongU!) + Math.abs(alongV!),
      );
    });
  });

  it("in two directions doesn't depend on their order, and polarises", () => {
    check(3, [], 300, (t, values, d) => {
      const e = express(t),
        plus = d[0]!.map((c, n) => c + d[1]![n]!),
        minus = d[0]!.map((c, n) => c - d[1]![n]!);
      const [uv, vu] = [jvp(jvp(e, x, u), x, v), jvp(jvp(e, x, v), x, u)].map((f) => numbers(f, values, d)[0]!);
      const [p, m] = [plus, minus].map((w) => series(t, values, w, 2, []));
      near(uv!, vu!, p!.scale + m!.scale);
      near(uv!, (p!.derivatives[2]! - m!.derivatives[2]!) / 4, p!.scale + m!.scale);
    });
  });

  it("takes families of directions, whose axes stay free", () => {
    check(3, [3], 200, (t, values, d) => {
      const [a, k, q] = [axis(3, "f"), axis(3, "k"), axis(3, "q")] as [Axis, Axis, Axis];
      // Along the unit vectors, the family named by an axis of the term itself as well.
      const unit = build([q], delta(q, k));
      const gradient = build([k, a], jvp(express(t, [a]), x, unit));
      const contracted = build([a], sum([k], mul(at(gradient, [k, a]), at(u, [k]))));
      const found = numbers(contracted, values, d);
      positions([3]).forEach((p, n) => {
        const { derivatives, scale } = series(t, values, d[0]!, 1, p);
        near(found[n]!, derivatives[1]!, scale * 3);
      });
      const diagonal = build([a], jvp(express(t, [a]), x, build([q], delta(q, a))));
      const own = numbers(diagonal, values, d);
      positions([3]).forEach((p, n) => {
        const { derivatives, scale } = series(
          t,
          values,
          [0, 1, 2].map((c) => Number(c === n)),
          1,
          p,
        );
        near(own[n]!, derivatives[1]!, scale);
      });
    });
  });

  it("refuses a tangent of another shape", () => {
    expect(() => jvp(at(x, [lit(0)]), x, param("t", [2]))).toThrow("a tangent of shape [2] for a point of shape [3]");
  });
});

describe("vjp", () => {
  it("is the adjoint of jvp: ⟨seed, J u⟩ = ⟨Jᵀ seed, u⟩, free axes in both", () => {
    check(4, [2, 3], 400, (t, values, d) => {
      const axes = [axis(2, "f"), axis(3, "f")],
        e = express(t, axes),
        seed = at(params.y!, axes),
        k = axis(3);
      const forward = sum(axes, mul(seed, jvp(e, x, u)));
      const adjoint = vjp(sum(axes, mul(seed, e)), x),
        perEntry = vjp(e, x, seed);
      verify(build(axes, at(perEntry, [lit(0)])));
      const reverse = sum([k], mul(at(adjoint, [k]), at(u, [k]))),
        later = sum([k, ...axes], mul(at(perEntry, [k]), at(u, [k])));
      const [f, r, l] = [forward, reverse, later].map((g) => numbers(g, values, d)[0]!);
      const scale = 6 * Math.max(...positions([2, 3]).map((p) => series(t, values, d[0]!, 1, p).scale)) * 3;
      near(f!, r!, scale);
      near(f!, l!, scale);
    });
  });

  it("of a derivative is symmetric: the Hessian by forward over reverse, and reverse over forward", () => {
    check(3, [], 300, (t, values, d) => {
      const e = express(t),
        k = axis(3),
        dotted = (g: Expr, w: Expr): Expr => sum([k], mul(at(g, [k]), at(w, [k])));
      const over = dotted(jvp(vjp(e, x), x, u), v),
        under = dotted(vjp(jvp(e, x, v), x), u),
        twice = dotted(vjp(dotted(vjp(e, x), u), x), v);
      const [a, b, c] = [over, under, twice].map((g) => numbers(g, values, d)[0]!);
      const scale = 9 * (series(t, values, d[0]!, 2, []).scale + series(t, values, d[1]!, 2, []).scale);
      near(a!, b!, scale);
      near(a!, c!, scale);
    });
  });

  it("is zero of the Param's shape where nothing depends on it", () => {
    expect(interpret(vjp(at(params.w!, [lit(1)]), x), bound({ x: [1, 2, 3], y: [], w: [1, 2], s: [1] }))).toEqual(
      new Float64Array(3),
    );
  });

  it("refuses tensors", () => {
    expect(() => vjp(params.y!, x)).toThrow("the gradient of a tensor");
  });
});
