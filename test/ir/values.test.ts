/**
 * Constructors keep values: random terms, made in every way, against their direct evaluation.
 * In: terms of terms.ts. Out: equal numbers, well-formed nodes, and one object for what differs in names of axes alone.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  at,
  axis,
  build,
  dims,
  lit,
  mul,
  open,
  order,
  rename,
  replaceParams,
  substitute,
  sum,
  table,
  type Axis,
  type Expr,
  type Index,
} from "../../compiler/ir/expr.ts";
import { interpret } from "../../compiler/ir/interpret.ts";
import { verify } from "../../compiler/ir/verify.ts";
import { plainNumbers } from "./jets.ts";
import { bound, express, inputs, params, positions, terms, valueAndTolerance } from "./terms.ts";

const SCOPE = [2, 3];
const scopeAxes = (): Axis[] => SCOPE.map((e) => axis(e, "f"));
type Values = Readonly<Record<string, readonly number[]>>;

/** A term over the variables of SCOPE agrees with an expression of the same shape, entry by entry. */
function expectTensor(
  found: number | Float64Array,
  at: (p: readonly number[]) => { value: number; tolerance: number },
): void {
  if (typeof found === "number") throw new Error("a tensor was expected");
  positions(SCOPE).forEach((p, n) => {
    const { value, tolerance } = at(p);
    expect(Math.abs(found[n]! - value)).toBeLessThanOrEqual(tolerance);
  });
}
const check = (runs: number, property: (t: Parameters<typeof express>[0], values: Values) => void): void =>
  fc.assert(fc.property(terms(4, SCOPE), inputs, property), { numRuns: runs, seed: 7 });

describe("values", () => {
  it.each(["normal", "standing"] as const)("of %s expressions are those of the terms", (how) => {
    check(800, (t, values) => {
      const axes = scopeAxes(),
        e = build(axes, express(t, axes, how));
      verify(e);
      expectTensor(interpret(e, bound(values)), (p) => valueAndTolerance(t, values, plainNumbers, p));
    });
  });

  it("survive opening every binder", () => {
    check(250, (t, values) => {
      const axes = scopeAxes(),
        reopened = reopen(build(axes, express(t, axes)));
      expectTensor(interpret(reopened, bound(values)), (p) => valueAndTolerance(t, values, plainNumbers, p));
    });
  });

  it("follow substituted indices: swapped tables, literals, and axes that binders inside have", () => {
    check(250, (t, values) => {
      const axes = scopeAxes(),
        e = express(t, axes),
        shuffle = [
          [1, 0],
          [2, 0, 2],
        ];
      const others = scopeAxes(),
        by = axes.map((a, n): [Axis, Index] => [a, at(table(`shuffle${n}`, [a.extent], shuffle[n]!), [others[n]!])]);
      expectTensor(interpret(build(others, substitute(e, new Map(by))), bound(values)), (p) =>
        valueAndTolerance(
          t,
          values,
          plainNumbers,
          p.map((i, n) => shuffle[n]![i]!),
        ),
      );
      const fixed = substitute(
        e,
        new Map<Axis, Index>([
          [axes[0]!, lit(1)],
          [axes[1]!, lit(2)],
        ]),
      );
      const { value, tolerance } = valueAndTolerance(t, values, plainNumbers, [1, 2]);
      expect(Math.abs((interpret(fixed, bound(values)) as number) - value)).toBeLessThanOrEqual(tolerance);
    });
  });

  it("follow Params replaced by tensors with free axes", () => {
    check(250, (t, values) => {
      const axes = scopeAxes(),
        e = express(t, axes),
        i = axis(3, "k"),
        [a, b] = axes as [Axis, Axis];
      // x[k] becomes x[b] y[a, k]: a tensor whose free axes the binders inside must not capture.
      const spread = build([i], mul(at(params.x!, [b]), at(params.y!, [a, i])));
      const found = interpret(build(axes, replaceParams(e, new Map([[params.x!, spread]]))), bound(values));
      expectTensor(found, (p) =>
        valueAndTolerance(
          t,
          { ...values, x: [0, 1, 2].map((k) => values.x![p[1]!]! * values.y![p[0]! * 3 + k]!) },
          plainNumbers,
          p,
        ),
      );
    });
  });
});

describe("hash-consing", () => {
  it("gives one object whatever the axes are called and whenever they were made", () => {
    check(250, (t) => {
      const first = scopeAxes(),
        e = build(first, express(t, first));
      const filler = [axis(2), axis(3), axis(3)],
        second = scopeAxes();
      expect(filler.length).toBe(3);
      expect(build(second, express(t, second))).toBe(e);
    });
  });

  it("gives one object for renamed free axes renamed back, and reopened binders", () => {
    check(250, (t) => {
      const axes = scopeAxes(),
        e = express(t, axes),
        others = scopeAxes();
      const there = rename(e, new Map(axes.map((a, n) => [a, others[n]!])));
      expect(rename(there, new Map(others.map((a, n) => [a, axes[n]!])))).toBe(e);
      expect(order(build(axes, e), build(others, there))).toBe(0);
      expect(build(axes, e)).toBe(build(others, there));
    });
  });

  it("is reached from outside binders by rename as by construction", () => {
    check(250, (t) => {
      const axes = scopeAxes(),
        others = scopeAxes(),
        by = new Map(axes.map((a, n) => [a, others[n]!]));
      expect(substitute(express(t, axes), by)).toBe(express(t, others));
    });
  });
});

/** Takes every binder apart and puts it together over fresh axes. */
function reopen(e: Expr): Expr {
  if (e.kind !== "sum" && e.kind !== "build") return e;
  const { axes, body } = open(e),
    inside = reopen(body);
  const made = e.kind === "sum" ? sum(axes, inside) : build(axes, inside);
  expect(dims(made)).toEqual(dims(e));
  return made;
}
