/** `div(F)`: the trace of the Jacobian over the last axes, which are the point's. */
import { at, build, dims, sum } from "../../ir/expr.ts";
import { numbersOnly, sameShape } from "../check/combine.ts";
import { fault } from "../check/context.ts";
import { fail } from "../lower/evaluation.ts";
import { axesOf, fromExpr, printValue, written } from "../lower/value.ts";
import { printShape, printType, unknown } from "../types/type.ts";
import { primitive } from "./builtin.ts";
import { derived, differentiationAt, pointType, unit } from "./differentiation.ts";

const field = (point: string): string => `a field whose last axes are the point's: ${point}`;

export const div = primitive({
  name: "div",
  arguments: ["F"],
  page: {
    group: "operators",
    call: "div(F)",
    gives: "contracts the last axes, which are the point's",
    example: "div(∇u)",
  },
  type: (args, site) => {
    const { context } = site;
    const [F] = numbersOnly(args, "`div`", context) ?? [],
      point = pointType("div", site);
    if (!F || !point) return unknown;
    const { shape } = F.type,
      rest = shape.length - point.shape.length;
    if (rest >= 0 && sameShape(shape.slice(rest), point.shape)) return derived(F.type, shape.slice(0, rest));
    const expected = field(printShape("real", point.shape));
    fault(context, "ADK0313", F.span, { operator: "div", expected, found: printType(F.type) });
    return unknown;
  },
  value: ([F], site) => {
    const differentiation = differentiationAt(site),
      { point } = differentiation,
      shape = dims(point),
      rest = F!.shape.length - shape.length;
    if (rest < 0 || F!.shape.slice(rest).join() !== shape.join()) {
      const expected = field(`real[${shape.join(", ")}]`);
      return fail(site.context, "ADK0313", site.span, { operator: "div", expected, found: printValue(F!) });
    }
    const rows = axesOf(F!.shape.slice(0, rest)),
      along = axesOf(shape);
    const column = differentiation.along(written(F!), unit(point, along));
    return fromExpr("real", build(rows, sum(along, at(column, [...rows, ...along]))));
  },
});
