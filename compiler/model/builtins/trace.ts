/** `trace(A)`: Σ of the diagonal of a square matrix. */
import { axis, sum } from "../../ir/expr.ts";
import { numbersOnly } from "../check/combine.ts";
import { fault } from "../check/context.ts";
import { fail } from "../lower/evaluation.ts";
import { printValue, scalar } from "../lower/value.ts";
import { compareSizes } from "../types/size.ts";
import { numericBase, printType, tensor, unknown } from "../types/type.ts";
import { primitive } from "./builtin.ts";
import { ofRank } from "./rank.ts";

const expected = "a square matrix";

export const trace = primitive({
  name: "trace",
  arguments: ["A"],
  page: { group: "tensors", call: "trace(A)", gives: "of a square matrix", example: "trace(∇²u)" },
  type: (args, { context }) => {
    const [a] = numbersOnly(args, "`trace`", context) ?? [];
    if (!a || !ofRank("trace", [2], expected, a, context)) return unknown;
    const { base, shape, degree, orders, constant } = a.type;
    if (compareSizes(shape[0]!, shape[1]!) === "different") {
      fault(context, "ADK0313", a.span, { operator: "trace", expected, found: printType(a.type) });
      return unknown;
    }
    return tensor(base, [], { degree, orders, constant });
  },
  value: ([a], { span, context }) => {
    const [rows, columns] = a!.shape;
    if (rows === undefined || rows !== columns)
      return fail(context, "ADK0313", span, { operator: "trace", expected, found: printValue(a!) });
    const i = axis(rows);
    return scalar(numericBase([a!.base]), sum([i], a!.entry([i, i])));
  },
});
