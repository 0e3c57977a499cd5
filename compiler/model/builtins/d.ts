/** `d(F, x, …)`: derivatives by single coordinates of the input, one after the other. */
import { dims } from "../../ir/expr.ts";
import { numbersOnly } from "../check/combine.ts";
import { fault } from "../check/context.ts";
import { fail } from "../lower/evaluation.ts";
import { fromExpr, printValue, written } from "../lower/value.ts";
import { isScalar, printType, unknown } from "../types/type.ts";
import { primitive } from "./builtin.ts";
import { derived, differentiationAt, pointType, unit } from "./differentiation.ts";

export const d = primitive({
  name: "d",
  arguments: ["F", "x", "…"],
  page: {
    group: "operators",
    call: "d(F, x, …)",
    gives: "derivatives by coordinates of the input: `d(u, t, t)`, `d(u, R[i, 0])`",
    example: "d(u, x[0], x[1])",
  },
  type: ([F, ...by], site) => {
    const { context } = site;
    const [subject] = F ? (numbersOnly([F], "`d`", context) ?? []) : [],
      point = pointType("d", site);
    const wrong = by.filter((x) => x.type.coordinate === undefined || !isScalar(x.type));
    for (const x of wrong) {
      const whole = x.type.coordinate !== undefined;
      fault(context, "ADK0313", x.span, {
        operator: "d",
        expected: "a coordinate of the input, such as `x[0]`",
        found: whole ? `${printType(x.type)}, several coordinates` : "something else",
        ...(whole ? { hint: "`∇u` differentiates by all coordinates, `jvp(u, v)` along a direction" } : {}),
      });
    }
    if (!subject || !point || wrong.length > 0) return unknown;
    return by.reduce((type) => derived(type, type.shape), subject.type);
  },
  value: ([F, ...by], site) => {
    const differentiation = differentiationAt(site),
      { point } = differentiation;
    const e = by.reduce((inner, x) => {
      const { coordinate } = x;
      if (coordinate?.length === dims(point).length) return differentiation.along(inner, unit(point, coordinate));
      const expected = "coordinates of the input";
      return fail(site.context, "ADK0313", site.span, { operator: "d", expected, found: printValue(x) });
    }, written(F!));
    return fromExpr("real", e);
  },
});
