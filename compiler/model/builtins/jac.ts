/**
 * `jac(F)`: all first derivatives, derivative axes last. In: an expression of the point. Out: its Jacobian.
 * A scalar's gradient is one reverse sweep, a tensor's Jacobian a family of forward ones.
 */
import { at, build, dims } from "../../ir/expr.ts";
import { numbersOnly } from "../check/combine.ts";
import { axesOf, fromExpr, written } from "../lower/value.ts";
import { unknown } from "../types/type.ts";
import { primitive } from "./builtin.ts";
import { derived, differentiationAt, pointType, unit } from "./differentiation.ts";

export const jac = primitive({
  name: "jac",
  arguments: ["F"],
  page: { group: "operators", call: "jac(F)", gives: "all first derivatives", example: "jac(u)[0]" },
  type: (args, site) => {
    const [F] = numbersOnly(args, "a derivative", site.context) ?? [],
      point = pointType("∇", site);
    return F && point ? derived(F.type, [...F.type.shape, ...point.shape]) : unknown;
  },
  value: ([F], site) => {
    const differentiation = differentiationAt(site),
      { point } = differentiation,
      e = written(F!);
    if (F!.shape.length === 0) return fromExpr("real", differentiation.gradient(e));
    const along = axesOf(dims(point)),
      rows = axesOf(F!.shape);
    return fromExpr("real", build([...rows, ...along], at(differentiation.along(e, unit(point, along)), rows)));
  },
});
