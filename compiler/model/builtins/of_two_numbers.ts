/**
 * Functions of two numbers, entry by entry, one entry an item. In: tensors of one shape, or a scalar and a tensor.
 * Out: one of that shape. Each is the primitive of that name in ir/ops.ts.
 */
import { map, type Op } from "../../ir/expr.ts";
import { commonShape, nonlinear, numbersOnly } from "../check/combine.ts";
import { elementwise } from "../lower/arithmetic.ts";
import { numericBase, tensor, unknown, type Base } from "../types/type.ts";
import { primitive, type Primitive } from "./builtin.ts";

function ofTwoNumbers(
  name: Op,
  names: readonly [string, string],
  gives: string,
  base: (bases: readonly Base[]) => "int" | "real",
): Primitive {
  const what = `\`${name}\``,
    call = `${name}(${names.join(", ")})`;
  return primitive({
    name,
    arguments: names,
    page: { group: "numbers", call, gives, example: `${name}(x[0] + 2, 1 + x[1]^2) * u` },
    type: (args, { span, context }) => {
      const numbers = numbersOnly(args, what, context),
        shape = numbers && commonShape(numbers, what, span, context),
        dependence = numbers && shape && nonlinear(numbers, what, span, context);
      return dependence ? tensor(base(numbers.map((n) => n.type.base)), shape, dependence) : unknown;
    },
    value: (args, site) => elementwise(base(args.map((a) => a.base)), args, (a, b) => map(name, a!, b!), what, site),
  });
}

const real = (): "real" => "real";

export const functionsOfTwoNumbers: readonly Primitive[] = [
  ofTwoNumbers("pow", ["x", "p"], "xᵖ, also written `x^p`", real),
  ofTwoNumbers("atan2", ["y", "x"], "the angle of the point (x, y), −π to π", real),
  ofTwoNumbers("max", ["a", "b"], "the greater", numericBase),
  ofTwoNumbers("min", ["a", "b"], "the lesser", numericBase),
];
