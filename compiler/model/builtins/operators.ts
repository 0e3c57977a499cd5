/**
 * Linear operators, from jvp and vjp alone. In: expressions of the point, directions, points. Out: derivatives,
 * derivative axes last.
 * A direction along a coordinate is a Build of Deltas, which the derivative's sums eliminate; a scalar's gradient is
 * one
 * reverse sweep, a tensor's Jacobian a family of forward ones.
 */
import {
  at as readAt,
  build,
  delta,
  dims,
  lit,
  mul,
  param,
  replaceParams,
  sum,
  type Axis,
  type Expr,
  type Index,
} from "../../ir/expr.ts";
import { dependence, jvp as forward } from "../../ad/jvp.ts";
import { vjp as reverse } from "../../ad/vjp.ts";
import type { Application } from "../lower/arithmetic.ts";
import { fail } from "../lower/evaluation.ts";
import { curlDefinition } from "./operator_signatures.ts";
import { axesOf, fromExpr, printValue, scalar, written, type TensorValue } from "../lower/value.ts";
import type { Callable } from "../types/type.ts";
import { lookUp } from "../names/scope.ts";

type Meaning = (args: readonly TensorValue[], application: Application) => TensorValue;

function pointOf({ span, context }: Application): Expr {
  return context.place.point ?? fail(context, "ADK0319", span, { operator: "∇", place: "this place" });
}

/** An operand that the derivative sees as an expression of the point: constants stay what they are. */
function derivative(e: Expr, point: Expr, direction: Expr): Expr {
  if (dependence(point)(e)) return forward(e, point, direction);
  return build(axesOf(dims(e)), lit(0));
}

/** The direction of one coordinate. */
function unit(point: Expr, coordinate: readonly Index[]): Expr {
  if (dims(point).length === 0) return lit(1);
  const axes = axesOf(dims(point));
  return build(axes, mul(...axes.map((a, n) => delta(a, coordinate[n]!))));
}

const jac: Meaning = ([F], application) => {
  const point = pointOf(application),
    e = written(F!);
  if (F!.shape.length === 0)
    return fromExpr("real", dependence(point)(e) ? reverse(e, point) : build(axesOf(dims(point)), lit(0)));
  const along = axesOf(dims(point)),
    rows = axesOf(F!.shape);
  return fromExpr("real", build([...rows, ...along], readAt(derivative(e, point, unit(point, along)), rows)));
};

const jvp: Meaning = ([F, v], application) =>
  fromExpr("real", derivative(written(F!), pointOf(application), written(v!)));

/** Σ w ∂F/∂x: the weights are put in after the sweep, so that they are not differentiated. */
const vjp: Meaning = ([F, w], application) => {
  const point = pointOf(application),
    e = written(F!),
    axes = axesOf(F!.shape);
  const weights = param("weights of vjp", F!.shape),
    contracted = sum(axes, mul(readAt(e, axes), readAt(weights, axes)));
  if (!dependence(point)(contracted)) return fromExpr("real", build(axesOf(dims(point)), lit(0)));
  return fromExpr("real", replaceParams(reverse(contracted, point), new Map([[weights, written(w!)]])));
};

/** The trace of the Jacobian over the last axes. */
const div: Meaning = ([F], application) => {
  const { span, context } = application,
    point = pointOf(application),
    shape = dims(point);
  const rest = F!.shape.length - shape.length;
  if (rest < 0 || F!.shape.slice(rest).join() !== shape.join()) {
    return fail(context, "ADK0313", span, {
      operator: "div",
      expected: `a field whose last axes are the point's: real[${shape.join(", ")}]`,
      found: printValue(F!),
    });
  }
  const rows = axesOf(F!.shape.slice(0, rest)),
    along: Axis[] = axesOf(shape);
  const column = derivative(written(F!), point, unit(point, along));
  return fromExpr("real", build(rows, sum(along, readAt(column, [...rows, ...along]))));
};

const curl: Meaning = (args, application) => {
  const { span, context } = application,
    [F] = args,
    shape = dims(pointOf(application));
  const name = curlDefinition(shape.length === 1 ? shape[0] : undefined, F!.shape.length, F!.shape[0]);
  const found =
    name === undefined
      ? undefined
      : context.program.standard.map((file) => lookUp(file, name)).find((f) => f?.kind === "entry");
  if (found?.kind !== "entry" || found.entry.declaration.kind !== "fn") {
    return fail(context, "ADK0313", span, {
      operator: "curl",
      expected: "real[3] at points real[3], or a scalar or real[2] at points real[2]",
      found: printValue(F!),
    });
  }
  const callable: Callable = { kind: "declared", declaration: found.entry.declaration, file: found.entry.file };
  const result = context.program.invoke(callable, [{ value: F!, span }], span, context);
  return result.kind === "tensor" ? result : fail(context, "ADK0317", span, { found: "a function", where: "a curl" });
};

const d: Meaning = ([F, ...by], application) => {
  const point = pointOf(application);
  const e = by.reduce((inner, x) => {
    const { coordinate } = x;
    if (coordinate?.length !== dims(point).length) {
      return fail(application.context, "ADK0313", application.span, {
        operator: "d",
        expected: "coordinates of the input",
        found: printValue(x),
      });
    }
    return derivative(inner, point, unit(point, coordinate));
  }, written(F!));
  return fromExpr("real", e);
};

/** Everything that depends on the point moves. */
const at: Meaning = ([L, p], application) => {
  const point = pointOf(application),
    moved = replaceParams(written(L!), new Map([[point, written(p!)]]));
  return L!.shape.length === 0 ? scalar(L!.base, moved) : fromExpr(L!.base, moved);
};

export const operatorMeanings = { jac, jvp, vjp, div, curl, d, at };
