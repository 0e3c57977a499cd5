/**
 * `matern(m, w)`, for the standard library alone: the half-integer Matérn function of order m + 1/2 of a squared,
 * scaled distance. The library's bodies give it scalars.
 */
import { map } from "../../ir/expr.ts";
import { commonShape, nonlinear } from "../check/combine.ts";
import { elementwise } from "../lower/arithmetic.ts";
import { tensor, unknown } from "../types/type.ts";
import { primitive } from "./builtin.ts";

const what = "the Matérn function";

export const matern = primitive({
  name: "matern",
  arguments: ["m", "w"],
  page: { group: "hidden", call: "matern(m, w)", gives: what, example: "u" },
  type: (args, { span, context }) => {
    const shape = commonShape(args, what, span, context),
      dependence = nonlinear(args, "a kernel", span, context);
    return shape && dependence ? tensor("real", shape, dependence) : unknown;
  },
  value: (args, site) => elementwise("real", args, (m, w) => map("matern", m!, w!), what, site),
});
