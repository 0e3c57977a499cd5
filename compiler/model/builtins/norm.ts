/** `norm(x)`: √Σx² over all entries, as a power of the sum of squares, so that 1 / norm(x) is one power. */
import { lit, pow, sum } from "../../ir/expr.ts";
import { nonlinear, numbersOnly } from "../check/combine.ts";
import { axesOf, scalar } from "../lower/value.ts";
import { tensor, unknown } from "../types/type.ts";
import { primitive } from "./builtin.ts";

export const norm = primitive({
  name: "norm",
  arguments: ["x"],
  page: { group: "tensors", call: "norm(x)", gives: "√Σxᵢ² of all entries", example: "norm(x + 1) * u" },
  type: (args, { span, context }) => {
    const numbers = numbersOnly(args, "`norm`", context),
      dependence = numbers && nonlinear(numbers, "`norm`", span, context);
    return dependence ? tensor("real", [], dependence) : unknown;
  },
  value: ([x]) => {
    const axes = axesOf(x!.shape);
    return scalar("real", pow(sum(axes, pow(x!.entry(axes), lit(2))), lit(0.5)));
  },
});
