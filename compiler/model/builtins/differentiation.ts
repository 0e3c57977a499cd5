/**
 * What the linear operators share. In: the point that they differentiate by. Out: types with one derivative more,
 * and directions. Derivative axes come last; a direction along a coordinate is a Build of Deltas, which the
 * derivative's sums eliminate.
 */
import { build, delta, dims, lit, mul, type Expr, type Index } from "../../ir/expr.ts";
import { sameShape, type TensorOperand } from "../check/combine.ts";
import { fault, type Context } from "../check/context.ts";
import type { Differentiation } from "../lower/differentiation.ts";
import { fail } from "../lower/evaluation.ts";
import { axesOf } from "../lower/value.ts";
import type { Size } from "../types/size.ts";
import { printShape, printType, raised, tensor, type TensorType } from "../types/type.ts";
import type { TypeSite, ValueSite } from "./builtin.ts";

/** The type of the point by which operators differentiate; a report where there is none. */
export function pointType(operator: string, { span, context }: TypeSite): TensorType | undefined {
  const { sees, checking } = context;
  if (sees.input && checking.point) return checking.point;
  if (!sees.input) fault(context, "ADK0319", span, { operator: calledBy(context) ?? operator, place: sees.place });
  return undefined;
}

/** The library's definition that the text calls, where this is inside one. */
function calledBy({ call }: Context): string | undefined {
  let name: string | undefined;
  for (let site = call; site?.standard === true; site = site.outer) name = site.callee;
  return name;
}

/** One derivative more. */
export function derived(x: TensorType, shape: readonly Size[]): TensorType {
  return tensor("real", shape, { degree: x.degree, orders: raised(x.orders) });
}

/** Complains unless `x` has the shape that the operator needs. */
export function hasShape(
  operator: string,
  argument: string,
  x: TensorOperand,
  shape: readonly Size[],
  context: Context,
): boolean {
  if (sameShape(x.type.shape, shape)) return true;
  fault(context, "ADK0302", x.span, {
    callee: operator,
    argument,
    expected: printShape("real", shape),
    found: printType(x.type),
  });
  return false;
}

/** How derivatives by the point are taken; a place without a point has none. */
export function differentiationAt({ span, context }: ValueSite): Differentiation {
  return context.place.differentiation ?? fail(context, "ADK0319", span, { operator: "∇", place: "this place" });
}

/** The direction of one coordinate. */
export function unit(point: Expr, coordinate: readonly Index[]): Expr {
  if (dims(point).length === 0) return lit(1);
  const axes = axesOf(dims(point));
  return build(axes, mul(...axes.map((a, n) => delta(a, coordinate[n]!))));
}
