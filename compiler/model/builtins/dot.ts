/** `dot(a, b)`: Σ over all entries of the product of two tensors of one shape. Linear in each. */
import { mul, sum } from "../../ir/expr.ts";
import { multiplicative, numbersOnly, sameShape } from "../check/combine.ts";
import { fault } from "../check/context.ts";
import { fail } from "../lower/evaluation.ts";
import { axesOf, printValue, scalar } from "../lower/value.ts";
import { numericBase, printType, tensor, unknown } from "../types/type.ts";
import { primitive } from "./builtin.ts";

export const dot = primitive({
  name: "dot",
  arguments: ["a", "b"],
  page: { group: "tensors", call: "dot(a, b)", gives: "Σ aᵢbᵢ over all entries", example: "dot(x, ∇u)" },
  type: (args, { span, context }) => {
    const numbers = numbersOnly(args, "`dot`", context),
      [a, b] = numbers ?? [];
    if (!numbers || !a || !b) return unknown;
    if (!sameShape(a.type.shape, b.type.shape)) {
      fault(context, "ADK0301", span, { operation: "`dot`", left: printType(a.type), right: printType(b.type) });
      return unknown;
    }
    const dependence = multiplicative(numbers, "`dot`", span, context);
    return dependence ? tensor(numericBase(numbers.map((n) => n.type.base)), [], dependence) : unknown;
  },
  value: (args, { span, context }) => {
    const [a, b] = [args[0]!, args[1]!];
    if (a.shape.join() !== b.shape.join())
      return fail(context, "ADK0301", span, { operation: "`dot`", left: printValue(a), right: printValue(b) });
    const axes = axesOf(a.shape);
    return scalar(numericBase([a.base, b.base]), sum(axes, mul(a.entry(axes), b.entry(axes))));
  },
});
