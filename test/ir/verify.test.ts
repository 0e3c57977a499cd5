/**
 * The verifier, the interpreter and the printer of expressions. In: expressions, ill-formed ones among them. Out: the
 * errors
 * and texts expected.
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
  lit,
  map,
  mul,
  named,
  param,
  pow,
  sub,
  sum,
  table,
  type Axis,
  type Expr,
  withNames,
} from "../../compiler/ir/expr.ts";
import { interpret } from "../../compiler/ir/interpret.ts";
import { canonicalAxis, intern } from "../../compiler/ir/node.ts";
import { print } from "../../compiler/ir/print.ts";
import { verify } from "../../compiler/ir/verify.ts";

const x = param("x", [3]),
  m = param("m", [3, 2]),
  s = param("s", []);
const [i, j] = [axis(3, "i"), axis(2, "j")] as [Axis, Axis];

describe("verify", () => {
  const c = canonicalAxis(i, 1),
    wide = canonicalAxis(axis(4), 1);
  const broken: readonly (readonly [string, Expr, string])[] = [
    ["a primitive of too many", intern({ kind: "map", op: "exp", args: [s, s] }), "exp has 2 arguments"],
    ["a sum of one", intern({ kind: "map", op: "add", args: [s] }), "add of fewer than two"],
    ["a primitive of a tensor", intern({ kind: "map", op: "exp", args: [x] }), "exp of a tensor"],
    ["a sum of a tensor", intern({ kind: "sum", axes: [c], body: x }), "the body of a sum is a tensor"],
    [
      "a tensor of a tensor",
      intern({ kind: "build", stored: false, axes: [c], body: x }),
      "the body of a build is a tensor",
    ],
    [
      "a binder over an axis of somebody else",
      intern({ kind: "sum", axes: [i], body: at(x, [i]) }),
      "a sum over an axis that isn't canonical",
    ],
    [
      "a binder that binds twice",
      intern({ kind: "build", stored: false, axes: [c, c], body: at(x, [c]) }),
      "a build binds an axis twice",
    ],
    ["too few indices", intern({ kind: "at", tensor: m, indices: [c] }), "1 indices into 2 axes"],
    ["indices into a scalar", intern({ kind: "at", tensor: s, indices: [] }), "0 indices into 0 axes"],
    [
      "an index that runs beyond",
      intern({ kind: "sum", axes: [wide], body: intern({ kind: "at", tensor: x, indices: [wide] }) }),
      "index 0 runs beyond its axis",
    ],
    [
      "a Delta of equal axes",
      intern({ kind: "build", stored: false, axes: [c], body: intern({ kind: "delta", i: c, j: c }) }),
      "a Delta of equal indices",
    ],
    ["a Delta of equal numbers", intern({ kind: "delta", i: lit(1), j: lit(1) }), "a Delta of equal indices"],
    ["a dimension that is no number", param("half", [1.5]), "a dimension is not a whole number"],
    ["a free axis", at(x, [i]), "the axis i (3) is free"],
  ];
  it.each(broken)("rejects %s", (_, e, rule) => {
    expect(() =>
      verify(
        e,
        e.free.filter((a) => a !== i),
      ),
    ).toThrow(`IR: ${rule}`);
    // Deep inside as well.
    const deep =
      e.kind === "param" || e.kind === "build"
        ? intern({ kind: "at", tensor: e, indices: [lit(0)] })
        : intern({ kind: "map", op: "sin", args: [e] });
    expect(() =>
      verify(
        deep,
        deep.free.filter((a) => a !== i),
      ),
    ).toThrow("IR: ");
  });

  it("accepts free axes that it is told of, and symbolic extents", () => {
    expect(() => verify(at(x, [i]), [i])).not.toThrow();
    const points = axis(1000, "p", "n");
    expect(() => verify(sum([points], at(param("many", [10, 3], ["n"]), [points, lit(0)])))).not.toThrow();
  });
});

describe("interpret", () => {
  const given = new Map([
    [x, { shape: [3], data: [1, 2, 3] }],
    [m, { shape: [3, 2], data: [1, 2, 3, 4, 5, 6] }],
    [s, { shape: [], data: [0.5] }],
  ]);

  it("follows the definition of each kind", () => {
    expect(interpret(lit(2))).toBe(2);
    expect(interpret(s, given)).toBe(0.5);
    expect(interpret(m, given)).toEqual(Float64Array.of(1, 2, 3, 4, 5, 6));
    expect(interpret(table("c", [2], [7, 8]))).toEqual(Float64Array.of(7, 8));
    expect(interpret(build([j, i], at(m, [i, j])), given)).toEqual(Float64Array.of(1, 3, 5, 2, 4, 6));
    expect(interpret(sum([i, j], mul(at(m, [i, j]), at(x, [i]))), given)).toBe(3 + 14 + 33);
    expect(interpret(build([i], delta(i, lit(1))))).toEqual(Float64Array.of(0, 1, 0));
    expect(
      interpret(build([i], map("where", map("lt", iota(i), lit(2)), div(lit(1), sub(lit(2), iota(i))), lit(0)))),
    ).toEqual(Float64Array.of(0.5, 1, 0));
  });

  it("gives symbolic sizes the numbers of the values", () => {
    const points = axis(1000, "p", "n"),
      many = param("many", [1000, 3], ["n"]);
    const total = sum([points], at(many, [points, lit(1)])),
      column = build([points], at(many, [points, lit(2)]));
    const two = new Map([[many, { shape: [2, 3], data: [1, 2, 3, 4, 5, 6] }]]);
    expect(interpret(total, two)).toBe(7);
    expect(interpret(column, two)).toEqual(Float64Array.of(3, 6));
    expect(interpret(total, new Map([[many, { shape: [0, 3], data: [] }]]))).toBe(0);
  });

  it("says what is missing or out of range", () => {
    expect(() => interpret(s)).toThrow("no value for s");
    expect(() => interpret(at(x, [i]), given)).toThrow("the axis i is free");
    expect(() => interpret(at(x, [add(s, lit(5))]), given)).toThrow("index 5.5 leaves 0 … 2");
    expect(() => interpret(sum([axis(9, "p", "nobody")], s), given)).toThrow("nothing gives the size nobody");
  });
});

describe("print", () => {
  it("reads like mathematics", () => {
    const d = sub(at(x, [i]), s),
      e = map("exp", sum([i], mul(at(x, [i]), at(x, [i]))));
    const called = (name: string): string => withNames(() => print(add(named(e, name), pow(e, lit(2)))));
    const texts = [
      [print(sum([i, j], mul(at(m, [i, j]), at(x, [i])))), "Σ_a0a1 x[a0] m[a0, a1]"],
      [
        print(build([i], map("where", map("lt", iota(i), lit(1)), pow(at(x, [i]), lit(-1)), lit(0)))),
        "[where(iota[a0] < 1, x[a0]^-1, 0) for a0 in 3]",
      ],
      [print(build([j], delta(j, lit(1)))), "[δ(1, a0) for a0 in 2]"],
      [print(d), "x[i0] + -1 s"],
      // Names last as long as what is done with them, whatever else they were given before.
      [called("decay"), "decay = exp(Σ_a0 x[a0]^2)\ndecay + decay^2"],
      [called("other"), "other = exp(Σ_a0 x[a0]^2)\nother + other^2"],
      [print(add(named(e, "nothing"), pow(e, lit(2)))), "t0 = exp(Σ_a0 x[a0]^2)\nt0 + t0^2"],
      [print(build([axis(1000, "p", "n")], s)), "[s for a0 in n]"],
    ];
    for (const [found, expected] of texts) expect(found).toBe(expected);
  });

  it("is the same text whatever was built before", () => {
    const make = (): Expr => {
      const a = axis(3),
        b = axis(2);
      return build([a], map("sin", sum([b], mul(at(m, [a, b]), map("tanh", add(at(x, [a]), at(m, [a, b])))))));
    };
    const before = print(make());
    for (let n = 0; n < 50; n++) sum([i], map("cos", add(at(x, [i]), lit(n))));
    expect(print(make())).toBe(before);
  });
});
