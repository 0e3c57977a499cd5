/**
 * Elementwise operations and products of values. In: tensors. Out: tensors by their entries.
 * Equal shapes, or a scalar with anything; the shapes are numbers here, so what checking left open is decided.
 */
import type { BinaryOperator } from "../../source/ast.ts";
import { add, axis, div, map, mul, pow, sub, sum, type Expr, type Index } from "../../ir/expr.ts";
import type { ValueSite } from "../builtins/builtin.ts";
import { numericBase, type Base } from "../types/type.ts";
import { fail } from "./evaluation.ts";
import { cheap, printValue, virtual, type TensorValue } from "./value.ts";

/** Applies a scalar function to every entry. */
export function elementwise(
  base: Base,
  args: readonly TensorValue[],
  f: (...xs: Expr[]) => Expr,
  operation: string,
  { span, context }: ValueSite,
): TensorValue {
  const whole = args.filter((a) => a.shape.length > 0),
    [first] = whole;
  const odd = first && whole.find((a) => a.shape.join() !== first.shape.join());
  if (odd) return fail(context, "ADK0301", span, { operation, left: printValue(first), right: printValue(odd) });
  const scalars = args.map((a) => (a.shape.length === 0 ? a.entry([]) : undefined));
  return virtual(base, first?.shape ?? [], (indices) => f(...args.map((a, n) => scalars[n] ?? a.entry(indices))));
}

const scalarOperations: { readonly [K in Exclude<BinaryOperator, "@">]: (a: Expr, b: Expr) => Expr } = {
  "+": (a, b) => add(a, b),
  "-": sub,
  "*": (a, b) => mul(a, b),
  "/": div,
  "^": pow,
  "<": (a, b) => map("lt", a, b),
  "<=": (a, b) => map("le", a, b),
  ">": (a, b) => map("lt", b, a),
  ">=": (a, b) => map("le", b, a),
  "==": (a, b) => map("eq", a, b),
  "!=": (a, b) => map("ne", a, b),
  and: (a, b) => map("and", a, b),
  or: (a, b) => map("or", a, b),
};

const comparisons: ReadonlySet<BinaryOperator> = new Set(["<", "<=", ">", ">=", "==", "!=", "and", "or"]);

export function binary(operator: BinaryOperator, a: TensorValue, b: TensorValue, application: ValueSite): TensorValue {
  if (operator === "@") return matrixProduct(a, b, application);
  return elementwise(baseOf(operator, a, b), [a, b], scalarOperations[operator], `\`${operator}\``, application);
}

function baseOf(operator: BinaryOperator, a: TensorValue, b: TensorValue): Base {
  if (comparisons.has(operator)) return "bool";
  if (operator === "/") return "real";
  const wholePower = b.whole?.kind === "lit" && b.whole.value >= 0;
  return operator === "^" && !wholePower ? "real" : numericBase([a.base, b.base]);
}

/** Σ over the last axis of the first and the first of the second. */
export function matrixProduct(first: TensorValue, second: TensorValue, { span, context }: ValueSite): TensorValue {
  const inner = first.shape.at(-1),
    rows = first.shape.slice(0, -1);
  if (inner === undefined || inner !== second.shape[0]) {
    return fail(context, "ADK0301", span, {
      operation: "`@`",
      left: `${printValue(first)} (its last axis)`,
      right: `${printValue(second)} (its first axis)`,
    });
  }
  const a = cheap(first),
    b = cheap(second),
    k = axis(inner);
  return virtual(numericBase([a.base, b.base]), [...rows, ...second.shape.slice(1)], (indices) =>
    sum([k], mul(a.entry([...indices.slice(0, rows.length), k]), b.entry([k, ...indices.slice(rows.length)]))),
  );
}

/** Applies a function of entries to a tensor, without a check. */
export const entries = (base: Base, x: TensorValue, f: (e: Expr, indices: readonly Index[]) => Expr): TensorValue =>
  virtual(base, x.shape, (indices) => f(x.entry(indices), indices));
