/** `outer(a, b)`: the products of all pairs of entries; the axes of a, then those of b. Linear in each. */
import { mul } from "../../ir/expr.ts";
import { multiplicative, numbersOnly } from "../check/combine.ts";
import { virtual } from "../lower/value.ts";
import { numericBase, tensor, unknown } from "../types/type.ts";
import { primitive } from "./builtin.ts";

export const outer = primitive({
  name: "outer",
  arguments: ["a", "b"],
  page: { group: "tensors", call: "outer(a, b)", gives: "all products aᵢbⱼ", example: "outer(x, ∇u)[0, 1]" },
  type: (args, { span, context }) => {
    const numbers = numbersOnly(args, "`outer`", context),
      dependence = numbers && multiplicative(numbers, "`outer`", span, context);
    if (!dependence) return unknown;
    const shape = numbers.flatMap((n) => n.type.shape);
    return tensor(numericBase(numbers.map((n) => n.type.base)), shape, dependence);
  },
  value: (args) => {
    const [a, b] = [args[0]!, args[1]!],
      rank = a.shape.length;
    return virtual(numericBase([a.base, b.base]), [...a.shape, ...b.shape], (i) =>
      mul(a.entry(i.slice(0, rank)), b.entry(i.slice(rank))),
    );
  },
});
