/**
 * Scalar functions of every entry, one entry an item. In: a tensor of numbers. Out: one of the same shape.
 * Each is the primitive of that name in ir/ops.ts, which holds its value, its derivatives and where it isn't smooth.
 */
import { map, type Op } from "../../ir/expr.ts";
import { nonlinear, numbersOnly, type TensorOperand } from "../check/combine.ts";
import { entries } from "../lower/arithmetic.ts";
import { tensor, unknown, type Base } from "../types/type.ts";
import { primitive, type Primitive } from "./builtin.ts";

type BaseOf = (x: { readonly base: Base }) => "int" | "real";
const real: BaseOf = () => "real";
const int: BaseOf = () => "int";
const same: BaseOf = ({ base }) => (base === "int" ? "int" : "real");

function elementwise(name: Op, gives: string, base: BaseOf = real): Primitive {
  return primitive({
    name,
    arguments: ["x"],
    page: { group: "entries", call: `${name}(x)`, gives, example: `${name}(0.5 * x[0]) * u` },
    type: (args, { span, context }) => {
      const numbers = numbersOnly(args, `\`${name}\``, context),
        x: TensorOperand | undefined = numbers?.[0];
      const dependence = numbers && x && nonlinear(numbers, `\`${name}\``, span, context);
      return x && dependence ? tensor(base(x.type), x.type.shape, dependence) : unknown;
    },
    value: ([x]) => entries(base(x!), x!, (e) => map(name, e)),
  });
}

export const elementwiseFunctions: readonly Primitive[] = [
  elementwise("exp", "eˣ"),
  elementwise("log", "the natural logarithm"),
  elementwise("sqrt", "the square root"),
  elementwise("sin", "the sine of radians"),
  elementwise("cos", "the cosine"),
  elementwise("tan", "the tangent"),
  elementwise("asin", "the angle of a sine, −π/2 to π/2"),
  elementwise("acos", "the angle of a cosine, 0 to π"),
  elementwise("atan", "the angle of a tangent, −π/2 to π/2"),
  elementwise("sinh", "the hyperbolic sine"),
  elementwise("cosh", "the hyperbolic cosine"),
  elementwise("tanh", "the hyperbolic tangent"),
  elementwise("erf", "the error function"),
  elementwise("abs", "the absolute value, an int of an int", same),
  elementwise("floor", "the next whole number below, an int; its derivative is 0", int),
  elementwise("softplus", "log(1 + eˣ)"),
  elementwise("sigmoid", "1 / (1 + e⁻ˣ)"),
];
