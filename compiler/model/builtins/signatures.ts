/**
 * The types of what is built in. In: arguments that are tensors, in order. Out: the result's type, or unknown after a
 * report.
 * One entry for each name; the number of arguments has been checked already.
 */
import type { Span } from "../../source/span.ts";
import { elementwise, type BuiltinName, type Elementwise } from "./builtin_names.ts";
import {
  additive,
  commonBase,
  commonShape,
  multiplicative,
  nonlinear,
  numbersOnly,
  sameShape,
  type Dependence,
  type Tensor,
} from "../check/combine.ts";
import { fault, type Context } from "../check/context.ts";
import { operatorSignatures } from "./operator_signatures.ts";
import { addSizes, compareSizes, productOf, type Size } from "../types/size.ts";
import { isScalar, printType, tensor, unknown, type TensorType, type Type } from "../types/type.ts";

export interface Application {
  readonly span: Span;
  readonly context: Context;
}
export type Signature = (args: readonly Tensor[], application: Application) => Type;

const of = (base: TensorType["base"], shape: readonly Size[] | undefined, dependence: Dependence | undefined): Type =>
  shape && dependence ? tensor(base, shape, dependence) : unknown;

/** A scalar function of every entry. */
function unary(name: Elementwise): Signature {
  return (args, { span, context }) => {
    const numbers = numbersOnly(args, `\`${name}\``, context),
      [x] = numbers ?? [];
    if (!numbers || !x) return unknown;
    const whole = name === "floor" || (name === "abs" && x.type.base === "int");
    return of(whole ? "int" : "real", x.type.shape, nonlinear(numbers, `\`${name}\``, span, context));
  };
}

/** A function of two numbers, entry by entry. */
function binary(name: BuiltinName, base: (numbers: readonly Tensor[]) => "int" | "real"): Signature {
  return (args, { span, context }) => {
    const numbers = numbersOnly(args, `\`${name}\``, context);
    if (!numbers) return unknown;
    const shape = commonShape(numbers, `\`${name}\``, span, context);
    return of(base(numbers), shape, shape && nonlinear(numbers, `\`${name}\``, span, context));
  };
}
const real = (): "real" => "real";
const numeric = (numbers: readonly Tensor[]): "int" | "real" => (commonBase(numbers) === "int" ? "int" : "real");

/** The argument has as many axes as the function needs; otherwise a report. */
function ofRank(name: BuiltinName, ranks: readonly number[], expected: string, x: Tensor, context: Context): boolean {
  if (ranks.includes(x.type.shape.length)) return true;
  fault(context, "ADK0313", x.span, { operator: name, expected, found: printType(x.type) });
  return false;
}

const where: Signature = (args, { span, context }) => {
  const [condition, ...arms] = args;
  if (!condition) return unknown;
  if (condition.type.base !== "bool") {
    fault(context, "ADK0309", condition.span, {
      operation: "the condition of `where`",
      expected: "a condition, such as `r < rc`",
      found: printType(condition.type),
    });
    return unknown;
  }
  const shape = commonShape(args, "`where`", span, context),
    dependence = shape && additive(arms, "`where`", span, context);
  const bools = arms.filter((a) => a.type.base === "bool").length;
  if (bools === 1) {
    fault(context, "ADK0311", arms[1]!.span, {
      what: "this arm of `where`",
      expected: printType(arms[0]!.type),
      found: printType(arms[1]!.type),
    });
    return unknown;
  }
  return of(
    commonBase(arms),
    shape,
    dependence && { ...dependence, constant: dependence.constant && condition.type.constant },
  );
};

const dot: Signature = (args, { span, context }) => {
  const numbers = numbersOnly(args, "`dot`", context),
    [a, b] = numbers ?? [];
  if (!numbers || !a || !b) return unknown;
  if (!sameShape(a.type.shape, b.type.shape)) {
    fault(context, "ADK0301", span, { operation: "`dot`", left: printType(a.type), right: printType(b.type) });
    return unknown;
  }
  return of(numeric(numbers), [], multiplicative(numbers, "`dot`", span, context));
};

const norm: Signature = (args, { span, context }) => {
  const numbers = numbersOnly(args, "`norm`", context);
  return numbers ? of("real", [], nonlinear(numbers, "`norm`", span, context)) : unknown;
};

const outer: Signature = (args, { span, context }) => {
  const numbers = numbersOnly(args, "`outer`", context);
  if (!numbers) return unknown;
  return of(
    numeric(numbers),
    numbers.flatMap((n) => n.type.shape),
    multiplicative(numbers, "`outer`", span, context),
  );
};

const transpose: Signature = ([a], { context }) => {
  if (!a || !ofRank("transpose", [2], "a matrix", a, context)) return unknown;
  const { base, shape, degree, orders, constant } = a.type;
  return tensor(base, [...shape].reverse(), { degree, orders, constant });
};

const trace: Signature = (args, { context }) => {
  const [a] = numbersOnly(args, "`trace`", context) ?? [];
  if (!a || !ofRank("trace", [2], "a square matrix", a, context)) return unknown;
  const { base, shape, degree, orders, constant } = a.type;
  if (compareSizes(shape[0]!, shape[1]!) === "different") {
    fault(context, "ADK0313", a.span, { operator: "trace", expected: "a square matrix", found: printType(a.type) });
    return unknown;
  }
  return tensor(base, [], { degree, orders, constant });
};

const flatten: Signature = ([x]) => {
  if (!x) return unknown;
  const { base, shape, degree, orders, constant } = x.type;
  return tensor(base, [productOf(shape)], { degree, orders, constant });
};

const concat: Signature = (args, { span, context }) => {
  const [first] = args;
  if (!first) return unknown;
  for (const part of args)
    if (isScalar(part.type))
      ofRank("concat", [], "tensors, joined along their first axis; `[…]` makes one of scalars", part, context);
  if (args.some((a) => isScalar(a.type))) return unknown;
  const rest = first.type.shape.slice(1);
  const odd = args.find((a) => !sameShape(a.type.shape.slice(1), rest));
  if (odd) {
    fault(context, "ADK0301", span, {
      operation: "`concat` (all axes but the first)",
      left: printType(first.type),
      right: printType(odd.type),
    });
    return unknown;
  }
  return of(
    commonBase(args),
    [addSizes(...args.map((a) => a.type.shape[0]!)), ...rest],
    additive(args, "`concat`", span, context),
  );
};

const eye: Signature = ([n], { context }) => {
  if (!n) return unknown;
  const { value, base, constant } = n.type;
  if (value !== undefined && base === "int") return tensor("real", [value, value], { constant: true });
  fault(context, "ADK0310", n.span, {
    found: printType(n.type) + (constant ? "" : " that is not known when compiling"),
  });
  return unknown;
};

/** For the standard library: its bodies give it scalars. */
const matern: Signature = (args, { span, context }) =>
  of("real", commonShape(args, "the Matérn function", span, context), nonlinear(args, "a kernel", span, context));

export const signatures: { readonly [K in BuiltinName]: Signature } = {
  ...(Object.fromEntries(elementwise.map((name) => [name, unary(name)])) as unknown as {
    [K in Elementwise]: Signature;
  }),
  atan2: binary("atan2", real),
  pow: binary("pow", real),
  max: binary("max", numeric),
  min: binary("min", numeric),
  where,
  dot,
  norm,
  outer,
  transpose,
  trace,
  flatten,
  concat,
  eye,
  matern,
  ...operatorSignatures,
};
