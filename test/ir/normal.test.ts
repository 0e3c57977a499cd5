/**
 * The normal form that constructors keep. In: expressions built in different ways. Out: one object, of the form
 * expected.
 */
import { describe, expect, it } from "vitest";
import {
  add,
  at,
  axis,
  build,
  delta,
  div,
  iota,
  isZero,
  lit,
  map,
  mul,
  neg,
  open,
  param,
  pow,
  stack,
  sub,
  substitute,
  sum,
  table,
  termsOf,
  type Axis,
  type Expr,
  type Index,
  type Sum,
} from "../../compiler/ir/expr.ts";
import { counters } from "../../compiler/ir/node.ts";
import { print } from "../../compiler/ir/print.ts";

const x = param("x", [3]),
  y = param("y", [3]),
  m = param("m", [3, 3]),
  s = param("s", []),
  t = param("t", []),
  r = param("r", []);
const xs = (i: Index): Expr => at(x, [i]),
  ys = (i: Index): Expr => at(y, [i]);
const [i, j, k] = [axis(3, "i"), axis(3, "j"), axis(3, "k")] as [Axis, Axis, Axis];

describe("sums of terms", () => {
  it("collect like terms and constants, in one order", () => {
    expect(add(s, t, s, lit(2), lit(-5))).toBe(add(lit(-3), mul(lit(2), s), t));
    expect(add(t, s)).toBe(add(s, t));
    expect(add(add(s, t), add(r, s))).toBe(add(s, s, t, r));
    expect(sub(add(s, t), add(t, s))).toBe(lit(0));
    expect(add(s)).toBe(s);
    expect(add()).toBe(lit(0));
    expect(add(mul(s, t), mul(lit(3), t, s))).toBe(mul(lit(4), s, t));
  });

  it("keep a difference of entries whole, so that its square loses no digits", () => {
    const d = sub(xs(i), ys(i));
    expect(pow(d, lit(2)).kind).toBe("map");
    expect(print(mul(d, d)).includes("^2")).toBe(true);
    expect(sum([i], mul(d, d)).kind).toBe("sum");
  });

  it("give their content up: a difference and its negative are one factor", () => {
    const d = sub(s, t),
      reversed = sub(t, s);
    expect(mul(reversed, r)).toBe(neg(mul(d, r)));
    expect(pow(reversed, lit(2))).toBe(pow(d, lit(2)));
    expect(pow(mul(lit(2), d), lit(2))).toBe(mul(lit(4), pow(d, lit(2))));
    expect(mul(add(mul(lit(3), s), mul(lit(3), t)), r)).toBe(mul(lit(3), add(s, t), r));
  });
});

describe("products", () => {
  it("are multisets of powers", () => {
    expect(mul(s, t, s)).toBe(mul(pow(s, lit(2)), t));
    expect(mul(pow(s, lit(2)), pow(s, lit(-2)))).toBe(lit(1));
    expect(mul(pow(s, lit(0.5)), pow(s, lit(0.5)))).toBe(s);
    expect(div(mul(s, t), t)).toBe(s);
    expect(mul(lit(2), s, lit(0.5))).toBe(s);
    expect(mul(s, lit(0))).toBe(lit(0));
    expect(mul()).toBe(lit(1));
    expect(pow(mul(s, t), lit(3))).toBe(mul(pow(s, lit(3)), pow(t, lit(3))));
  });

  it("join powers only where that is true for negative bases", () => {
    expect(pow(pow(s, lit(3)), lit(2))).toBe(pow(s, lit(6)));
    expect(pow(pow(s, lit(0.5)), lit(2))).toBe(s);
    // √(s²) is |s|.
    expect(pow(pow(s, lit(2)), lit(0.5))).not.toBe(s);
    expect(pow(lit(2), lit(10))).toBe(lit(1024));
    expect(pow(s, lit(0))).toBe(lit(1));
    expect(pow(lit(1), s)).toBe(lit(1));
    expect(map("sqrt", s)).toBe(pow(s, lit(0.5)));
  });

  it("stand inside guards, so that what isn't chosen isn't met by a zero", () => {
    const c = map("lt", s, lit(0)),
      guarded = map("where", c, t, lit(0));
    expect(mul(guarded, pow(s, lit(-1)), lit(2))).toBe(map("where", c, mul(lit(2), t, pow(s, lit(-1))), lit(0)));
    expect(mul(guarded, guarded)).toBe(mul(map("where", c, t, lit(0)), map("where", c, t, lit(0))));
    expect(map("where", lit(1), s, t)).toBe(s);
    expect(map("where", lit(0), s, t)).toBe(t);
    expect(map("where", c, s, s)).toBe(s);
  });

  it("fold constants through every primitive", () => {
    expect(map("exp", lit(0))).toBe(lit(1));
    expect(map("matern", lit(2), lit(0))).toBe(lit(1));
    expect(map("lt", lit(1), lit(2))).toBe(lit(1));
    expect(lit(-0)).toBe(lit(0));
    expect(() => map("exp", s, t)).toThrow("exp takes 1 arguments, not 2");
  });
});

describe("Deltas", () => {
  it("are symmetric, idempotent, and constant where indices are", () => {
    expect(delta(i, j)).toBe(delta(j, i));
    expect(delta(i, i)).toBe(lit(1));
    expect(delta(lit(1), lit(1))).toBe(lit(1));
    expect(delta(lit(1), lit(2))).toBe(lit(0));
    expect(mul(delta(i, j), delta(i, j))).toBe(delta(i, j));
    expect(pow(delta(i, j), lit(3))).toBe(delta(i, j));
  });

  it("are eliminated by sums over one of their axes", () => {
    expect(sum([i], mul(delta(i, j), xs(i)))).toBe(xs(j));
    expect(sum([i, j], mul(delta(i, j), xs(i), ys(j)))).toBe(sum([k], mul(xs(k), ys(k))));
    expect(sum([i], delta(i, lit(1)))).toBe(lit(1));
    const shuffle = table("shuffle", [3], [2, 0, 1]);
    expect(sum([i], mul(delta(i, at(shuffle, [j])), xs(i)))).toBe(xs(at(shuffle, [j])));
    // The trace of the unit matrix.
    expect(sum([i, j], mul(delta(i, j), delta(i, j)))).toBe(lit(3));
  });

  it("are met by sums over their axes, which alone take products apart", () => {
    const e = mul(add(delta(i, j), mul(xs(i), xs(j))), s);
    expect(termsOf(e)).toHaveLength(1);
    expect(sum([j], mul(e, ys(j)))).toBe(add(mul(s, ys(i)), mul(s, xs(i), sum([j], mul(xs(j), ys(j))))));
    // The Laplacian of |x|²: Σ_ij δ_ij ∂_i∂_j with second derivatives 2 δ_ij.
    expect(sum([i, j], mul(delta(i, j), lit(2), delta(i, j)))).toBe(lit(6));
  });

  it("make their axes one: equal terms look equal", () => {
    expect(mul(delta(i, j), xs(i))).toBe(mul(delta(i, j), xs(j)));
    expect(sub(mul(delta(i, j), xs(i), ys(j)), mul(delta(i, j), xs(j), ys(i)))).toBe(lit(0));
  });

  it("are read out of tensors, which other tensors are not", () => {
    const unit = build([i, j], delta(i, j));
    expect(at(unit, [k, lit(1)])).toBe(delta(k, lit(1)));
    const work = build([i], map("exp", xs(i)));
    expect(at(work, [k]).kind).toBe("at");
    expect(at(stack([s, t]), [lit(1)])).toBe(t);
  });
});

describe("sums over axes", () => {
  it("pull out what lacks their axes, and split into independent ones", () => {
    expect(sum([i], mul(s, xs(i)))).toBe(mul(s, sum([i], xs(i))));
    expect(sum([i, j], mul(xs(i), ys(j)))).toBe(mul(sum([i], xs(i)), sum([j], ys(j))));
    expect(sum([i], s)).toBe(mul(lit(3), s));
    expect(sum([i, j], xs(i))).toBe(mul(lit(3), sum([i], xs(i))));
    expect(sum([i], lit(2))).toBe(lit(6));
    expect(sum([], s)).toBe(s);
  });

  it("are linear, and nested ones are one", () => {
    expect(sum([i], add(map("exp", xs(i)), map("sin", ys(i))))).toBe(
      add(sum([j], map("exp", xs(j))), sum([k], map("sin", ys(k)))),
    );
    const whole = sum([i, j], mul(at(m, [i, j]), xs(j)));
    expect(sum([i], sum([j], mul(at(m, [i, j]), xs(j))))).toBe(whole);
    expect(sum([j, i], mul(xs(j), at(m, [i, j])))).toBe(whole);
  });

  it("over points keep their axis, whose extent is only nominal", () => {
    const point = axis(1000, "point", "n"),
      e = sum([point], s);
    expect(e.kind === "map" ? e.args.some((a) => a.kind === "sum") : e.kind === "sum").toBe(true);
    expect(sum([axis(1000, "p", "n")], s)).not.toBe(sum([axis(1000, "p")], s));
  });

  it("of inner products agree whatever their axes are called, however deep", () => {
    const inner = (a: Axis, b: Axis): Expr =>
      map("exp", sum([b], mul(at(m, [a, b]), map("sin", sum([k], mul(at(m, [b, k]), xs(k)))))));
    expect(sum([i], inner(i, j))).toBe(sum([j], inner(j, i)));
  });
});

describe("tensors", () => {
  it("that read another one whole are that one", () => {
    expect(build([i], xs(i))).toBe(x);
    expect(build([i, j], at(m, [i, j]))).toBe(m);
    expect(build([i, j], at(m, [j, i]))).not.toBe(m);
    expect(isZero(build([i], lit(0)))).toBe(true);
  });

  it("of constants fold where indices are numbers", () => {
    const c = table("c", [2, 2], [1, 2, 3, 4]);
    expect(at(c, [lit(1), lit(0)])).toBe(lit(3));
    expect(table("c", [], [7])).toBe(lit(7));
    expect(() => table("c", [2], [1])).toThrow("table c: 1 values for shape [2]");
    expect(() => at(m, [i])).toThrow("1 indices into a tensor of 2 axes");
    expect(at(c, [i, j])).toBe(at(table("c", [2, 2], [1, 2, 3, 4]), [i, j]));
    expect(at(c, [i, j])).not.toBe(at(table("c", [2, 2], [1, 2, 3, 5]), [i, j]));
  });
});

describe("substitution", () => {
  it("renames binders out of the way of what it puts in", () => {
    const row = sum([i], mul(at(m, [j, i]), xs(i))),
      opened = open(row as Sum);
    // j is replaced by the very axis that an opened body sums over.
    const inside = substitute(row, new Map<Axis, Index>([[j, opened.axes[0]!]]));
    expect(inside.free).toEqual([opened.axes[0]]);
    expect(sum([opened.axes[0]!], inside)).toBe(sum([j], row));
    const canonical = (row as Sum).axes[0]!;
    const captured = substitute(row, new Map<Axis, Index>([[j, canonical]]));
    expect(captured.free).toEqual([canonical]);
    expect(build([canonical], captured)).toBe(build([j], row));
  });

  it("swaps axes at once, not one after the other", () => {
    expect(
      substitute(
        at(m, [i, j]),
        new Map<Axis, Index>([
          [i, j],
          [j, i],
        ]),
      ),
    ).toBe(at(m, [j, i]));
  });

  it("takes time linear in the depth of binders", () => {
    const chain = (depth: number): number => {
      let e: Expr = map("tanh", xs(j));
      for (let n = 0; n < depth; n++) {
        const [a, b] = [axis(3), axis(3)];
        e = substitute(
          map("tanh", add(sum([a], mul(at(m, [b, a]), substitute(e, new Map([[j, a]])))), xs(b))),
          new Map([[b, j]]),
        );
      }
      const before = counters.constructed;
      substitute(e, new Map<Axis, Index>([[j, lit(1)]]));
      return counters.constructed - before;
    };
    const [four, eight, sixteen] = [chain(4), chain(8), chain(16)];
    expect(sixteen - eight).toBeLessThanOrEqual(2.2 * (eight - four) + 40);
  });
});

describe("iota", () => {
  it("is the axis as a number", () => {
    expect(substitute(iota(i), new Map<Axis, Index>([[i, lit(2)]]))).toBe(lit(2));
  });
});
