/**
 * The type of an expression. In: an expression and its context. Out: its type; complaints go to the report.
 * One case for each kind of expression; an operand that has been complained of makes the whole unknown, in silence.
 */
import type { BinaryOperator, Expression } from "../../source/ast.ts";
import { inferCalculus, inferCall } from "./infer_call.ts";
import {
  additive,
  commonBase,
  commonShape,
  multiplicative,
  nonlinear,
  numbersOnly,
  tensorsOnly,
  sameShape,
  type Tensor,
} from "./combine.ts";
import { fault, refuseTwice, within, type Context } from "./context.ts";
import { inferIndex } from "./infer_index.ts";
import { inferComprehension, inferFold, inferReduction } from "./infer_loops.ts";
import { inferName } from "./infer_name.ts";
import { matrixProduct } from "./matrix_product.ts";
import { addSizes, multiplySizes, numberOf, scaleSize, sizeOf, subtractSizes, type Size } from "../types/size.ts";
import { printType, tensor, unknown, whole, type Type } from "../types/type.ts";

export function infer(e: Expression, context: Context): Type {
  switch (e.kind) {
    case "number":
      return e.integer
        ? whole(sizeOf(e.value))
        : tensor("real", [], { constant: true, degree: e.value === 0 ? "zero" : "known" });
    case "name":
      return inferName(e.text, e.span, context);
    case "unary":
      return e.operator === "-" ? inferMinus(e, context) : inferLogic([e.operand], e, "not", context);
    case "calculus":
      return inferCalculus(e, context);
    case "binary":
      return inferBinary(e, context);
    case "call":
      return inferCall(e, context);
    case "reduce":
      return inferReduction(e, context);
    case "index":
      return inferIndex(e, context);
    case "list":
      return inferList(e, context);
    case "comprehension":
      return inferComprehension(e, context);
    case "block":
      return inferBlock(e, context);
    case "fold":
      return inferFold(e, context);
  }
}

type Of<K extends Expression["kind"]> = Extract<Expression, { kind: K }>;

function inferMinus(e: Of<"unary">, context: Context): Type {
  const operand = { type: infer(e.operand, context), span: e.operand.span };
  const [only] = numbersOnly([operand], "`-`", context) ?? [];
  if (!only) return unknown;
  const { base, shape, degree, orders, constant, value } = only.type;
  return tensor(base, shape, {
    degree,
    orders,
    constant,
    ...(value === undefined ? {} : { value: scaleSize(value, -1) }),
  });
}

function inferLogic(operands: readonly Expression[], e: Expression, operation: string, context: Context): Type {
  const types = operands.map((x) => ({ type: infer(x, context), span: x.span }));
  const tensors = tensorsOnly(types, `an operand of \`${operation}\``, context);
  if (!tensors) return unknown;
  const wrong = tensors.filter((t) => t.type.base !== "bool");
  for (const t of wrong)
    fault(context, "ADK0309", t.span, {
      operation: `\`${operation}\``,
      expected: "a condition, such as `i < j`",
      found: printType(t.type),
    });
  const shape = commonShape(tensors, `\`${operation}\``, e.span, context);
  if (wrong.length > 0 || !shape) return unknown;
  return tensor("bool", shape, { constant: tensors.every((t) => t.type.constant) });
}

function inferBinary(e: Of<"binary">, context: Context): Type {
  const { operator } = e;
  if (operator === "and" || operator === "or") return inferLogic([e.left, e.right], e, operator, context);
  const operands = [e.left, e.right].map((x) => ({ type: infer(x, context), span: x.span }));
  const operation = `\`${operator}\``;
  const numbers = numbersOnly(operands, operation, context);
  if (!numbers) return unknown;
  if (operator === "@") return matrixProduct(numbers, e.span, context);
  const shape = commonShape(numbers, operation, e.span, context),
    dependence = shape && dependenceOf(operator, numbers, operation, e, context);
  if (!shape || !dependence) return unknown;
  const base = isComparison(operator) ? "bool" : baseOf(operator, numbers);
  const value = base === "int" ? valueOf(operator, numbers) : undefined;
  return tensor(base, shape, { ...dependence, ...(value === undefined ? {} : { value }) });
}

const isComparison = (operator: BinaryOperator): boolean => ["<", "<=", ">", ">=", "==", "!="].includes(operator);

function dependenceOf(
  operator: BinaryOperator,
  numbers: readonly Tensor[],
  operation: string,
  e: Expression,
  context: Context,
): ReturnType<typeof additive> {
  const [left, right] = numbers;
  switch (operator) {
    case "+":
    case "-":
      return additive(numbers, operation, e.span, context);
    case "*":
      return multiplicative(numbers, operation, e.span, context);
    case "/": {
      const divisor = right && nonlinear([right], "division by an expression", e.span, context);
      return (
        divisor &&
        left && { degree: left.type.degree, orders: left.type.orders, constant: left.type.constant && divisor.constant }
      );
    }
    case "^":
      return nonlinear(numbers, "a power", e.span, context);
    default:
      return nonlinear(numbers, "a comparison", e.span, context);
  }
}

function baseOf(operator: BinaryOperator, numbers: readonly Tensor[]): "int" | "real" {
  const common = commonBase(numbers) === "int" ? "int" : "real";
  if (operator === "/") return "real";
  if (operator !== "^") return common;
  const exponent = numbers[1]?.type.value,
    n = exponent && numberOf(exponent);
  return common === "int" && n !== undefined && n >= 0 ? "int" : "real";
}

function valueOf(operator: BinaryOperator, numbers: readonly Tensor[]): Size | undefined {
  const [a, b] = numbers.map((t) => t.type.value);
  if (a === undefined || b === undefined) return undefined;
  const n = numberOf(b);
  switch (operator) {
    case "+":
      return addSizes(a, b);
    case "-":
      return subtractSizes(a, b);
    case "*":
      return multiplySizes(a, b);
    case "^":
      return n === undefined || n > 8 ? undefined : Array.from({ length: n }, () => a).reduce(multiplySizes, sizeOf(1));
    default:
      return undefined;
  }
}

function inferList(e: Of<"list">, context: Context): Type {
  const items = e.items.map((x) => ({ type: infer(x, context), span: x.span }));
  const tensors = tensorsOnly(items, "an entry of an array", context);
  const [first] = tensors ?? [];
  if (!tensors || !first) return unknown;
  const odd = tensors.find(
    (t) => !sameShape(t.type.shape, first.type.shape) || (t.type.base === "bool") !== (first.type.base === "bool"),
  );
  if (odd) {
    fault(context, "ADK0311", odd.span, {
      what: "this entry of the array",
      expected: `${printType(first.type)}, as the first entry`,
      found: printType(odd.type),
    });
    return unknown;
  }
  const dependence = additive(tensors, "this array", e.span, context);
  return dependence ? tensor(commonBase(tensors), [sizeOf(tensors.length), ...first.type.shape], dependence) : unknown;
}

function inferBlock(e: Of<"block">, context: Context): Type {
  refuseTwice(
    context,
    e.lets.map((step) => step.name),
  );
  let inner = context;
  for (const step of e.lets) inner = within(inner, new Map([[step.name.text, infer(step.value, inner)]]));
  return infer(e.result, inner);
}
