/**
 * A block of a model in two ways. In: a compiled model, two labels. Out: functions of points (and coefficients).
 * The interpreter takes the expression as the operators left it, before any pass; the text is what modules hold.
 */
import { contraction, covariance, sideOf, type Side } from "../../compiler/ad/operate.ts";
import type { Compiled } from "../../compiler/index.ts";
import type { Expr } from "../../compiler/ir/expr.ts";
import { interpret, type Value } from "../../compiler/ir/interpret.ts";
import type { Points } from "../../runtime/compiled.ts";

/** The covariance of points, or where coefficients are given its product with them. */
export type Evaluate = (x: Points, y: Points, alpha?: Float64Array) => Float64Array;

/** The printed text of the kernels. */
export function byText(compiled: Compiled, left: string, right: string): Evaluate {
  return (x, y, alpha) =>
    alpha === undefined ? compiled.covariance(left, x, right, y) : compiled.contract(left, x, right, y, alpha);
}

/** The operated expressions. */
export function byInterpreter({ lowered }: Compiled, left: string, right: string): Evaluate {
  const row = sideOf(lowered, left, "", "m", 2),
    col = sideOf(lowered, right, "y ", "n", 5);
  const dense = covariance(lowered, row, col),
    contracted = contraction(lowered, row, col);
  const parameters = lowered.parameters.map((p): [Expr, Value] => [p.expr, { shape: p.shape, data: p.initial }]);
  const size = lowered.input.shape.reduce((a, b) => a * b, 1);
  const inputs = (side: Side, { x, arguments: given }: Points, alpha?: Float64Array): [Expr, Value][] => {
    const count = x.length / size;
    return [
      [side.points, { shape: [count, ...lowered.input.shape], data: x }],
      ...side.quantity.arguments.map(({ name, shape }): [Expr, Value] => [
        side.arguments.get(name)!,
        { shape: [count, ...shape], data: given![name]! },
      ]),
      ...(alpha === undefined
        ? []
        : [[side.coefficients, { shape: [count, ...side.quantity.shape], data: alpha }] as [Expr, Value]]),
    ];
  };
  return (x, y, alpha) => {
    const result = interpret(
      alpha === undefined ? dense : contracted,
      new Map([...inputs(row, x), ...inputs(col, y, alpha), ...parameters]),
    );
    return typeof result === "number" ? Float64Array.of(result) : result;
  };
}
