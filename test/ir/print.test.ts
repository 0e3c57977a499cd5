/** Expressions as people read them: brackets where precedence asks for them and nowhere else, shared nodes once. */
import { expect, it } from "vitest";
import { axis, at, bindMap, bindSum, build, delta, lit, param, type Expr } from "../../compiler/ir/expr.ts";
import type { Op } from "../../compiler/ir/ops.ts";
import { print } from "../../compiler/ir/print.ts";

const [a, b, c] = ["a", "b", "c"].map((name) => param(name, [])) as [Expr, Expr, Expr];
const node = (op: Op, ...args: Expr[]): Expr => bindMap(op, args);
const i = axis(3, "i");
const x = at(param("x", [3]), [i]);

/** The operands of a commutative primitive may stand in either order. */
it.each([
  ["mul", " ", "add", "a + b", "(a + b)"],
  ["add", " + ", "mul", "a b", "a b"],
  ["add", " + ", "or", "a or b", "(a or b)"],
  ["and", " and ", "le", "a ≤ b", "a ≤ b"],
  ["and", " and ", "or", "a or b", "(a or b)"],
  ["or", " or ", "and", "a and b", "a and b"],
  ["eq", " = ", "ne", "a ≠ b", "(a ≠ b)"],
  ["lt", " < ", "add", "a + b", "a + b"],
] satisfies [Op, string, Op, string, string][])("%s (%s) of %s", (outer, sign, inner, alone, inside) => {
  const e = node(inner, a, b);
  expect(print(e)).toBe(alone);
  expect([`c${sign}${inside}`, `${inside}${sign}c`]).toContain(print(node(outer, c, e)));
});

it.each([
  [node("pow", node("mul", a, b), c), "(a b)^c"],
  [node("pow", node("pow", a, b), c), "(a^b)^c"],
  [node("exp", node("add", a, b)), "exp(a + b)"],
  [node("where", node("and", a, b), c, lit(0)), "where(a and b, c, 0)"],
] satisfies [Expr, string][])("%#", (e, expected) => {
  expect(print(e)).toBe(expected);
});

it("sums and arrays", () => {
  expect(print(bindSum([i], x))).toBe("Σ_a0 x[a0]");
  expect(print(bindSum([i], node("add", x, a)))).toMatch(/^Σ_a0 \((x\[a0\] \+ a|a \+ x\[a0\])\)$/);
  expect(print(node("pow", bindSum([i], x), lit(2)))).toBe("(Σ_a0 x[a0])^2");
  expect(print(build([i], node("pow", x, lit(2))))).toBe("[x[a0]^2 for a0 in 3]");
  expect(print(build([axis(5, "m", "m")], lit(1)))).toBe("[1 for a0 in m]");
  expect(print(delta(i, axis(3, "j")))).toMatch(/^δ\([ij]0, [ij]1\)$/);
});

it("names what is used twice, where it is more than an entry", () => {
  const e = node("exp", node("add", x, a));
  expect(print(node("mul", e, node("pow", e, b)))).toMatch(/^t0 = exp\(.*\)\n(t0 t0\^b|t0\^b t0)$/);
  const entry = node("exp", a);
  expect(print(node("mul", entry, node("pow", entry, b)))).not.toContain("=");
});
