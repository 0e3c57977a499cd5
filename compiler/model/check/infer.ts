/**
 * From an expression to its typed tree. In: an expression and its context. Out: the tree; complaints go to the report.
 * One case for each kind of expression; an operand that has been complained of makes the whole unknown, in silence.
 */
import type { BinaryOperator, Expression } from "../../source/ast.ts";
import type { Typed } from "../tree.ts";
import { addSizes, multiplySizes, numberOf, scaleSize, sizeOf, subtractSizes, type Size } from "../types/size.ts";
import { numericBase, printType, tensor, unknown, whole, type Type } from "../types/type.ts";
import {
  additive,
  commonBase,
  commonShape,
  multiplicative,
  nonlinear,
  numbersOnly,
  sameShape,
  tensorsOnly,
  type TensorOperand,
} from "./combine.ts";
import { fault, refuseTwice, within, type Context } from "./context.ts";
import { inferCalculus, inferCall } from "./infer_call.ts";
import { inferIndex } from "./infer_index.ts";
import { inferComprehension, inferFold, inferReduction } from "./infer_loops.ts";
import { inferName } from "./infer_name.ts";
import { matrixProduct } from "./matrix_product.ts";

type Of<K extends Expression["kind"]> = Extract<Expression, { kind: K }>;

export function infer(e: Expression, context: Context): Typed {
  switch (e.kind) {
    case "number":
      return { ...e, type: numberType(e) };
    case "name":
      return inferName(e.text, e.span, context);
    case "unary": {
      const operand = infer(e.operand, context);
      return {
        ...e,
        operand,
        type: e.operator === "-" ? minusType(operand, context) : logicType([operand], e, context),
      };
    }
    case "calculus":
      return inferCalculus(e, context);
    case "binary": {
      const left = infer(e.left, context),
        right = infer(e.right, context);
      return { ...e, left, right, type: binaryType(e, [left, right], context) };
    }
    case "call":
      return inferCall(e, context);
    case "reduce":
      return inferReduction(e, context);
    case "index":
      return inferIndex(e, context);
    case "list": {
      const items = e.items.map((x) => infer(x, context));
      return { ...e, items, type: listType(items, e, context) };
    }
    case "comprehension":
      return inferComprehension(e, context);
    case "block":
      return inferBlock(e, context);
    case "fold":
      return inferFold(e, context);
  }
}

const numberType = (e: Of<"number">): Type =>
  e.integer ? whole(sizeOf(e.value)) : tensor("real", [], { constant: true, degree: e.value === 0 ? "zero" : "known" });

function minusType(operand: Typed, context: Context): Type {
  const [only] = numbersOnly([operand], "`-`", context) ?? [];
  if (!only) return unknown;
  const { base, shape, degree, orders, constant, value } = only.type;
  const negative = value === undefined ? {} : { value: scaleSize(value, -1) };
  return tensor(base, shape, { degree, orders, constant, ...negative });
}

function logicType(operands: readonly Typed[], e: Of<"unary"> | Of<"binary">, context: Context): Type {
  const operation = `\`${e.operator}\``;
  const tensors = tensorsOnly(operands, `an operand of ${operation}`, context);
  if (!tensors) return unknown;
  const wrong = tensors.filter((t) => t.type.base !== "bool");
  for (const t of wrong)
    fault(context, "ADK0309", t.span, {
      operation,
      expected: "a condition, such as `i < j`",
      found: printType(t.type),
    });
  const shape = commonShape(tensors, operation, e.span, context);
  if (wrong.length > 0 || !shape) return unknown;
  return tensor("bool", shape, { constant: tensors.every((t) => t.type.constant) });
}

function binaryType(e: Of<"binary">, operands: readonly Typed[], context: Context): Type {
  const { operator } = e;
  if (operator === "and" || operator === "or") return logicType(operands, e, context);
  const operation = `\`${operator}\``;
  const numbers = numbersOnly(operands, operation, context);
  if (!numbers) return unknown;
  if (operator === "@") return matrixProduct(numbers, e.span, context);
  const shape = commonShape(numbers, operation, e.span, context),
    dependence = shape && dependenceOf(operator, numbers, operation, e, context);
  if (!shape || !dependence) return unknown;
  const base = isComparison(operator) ? "bool" : baseOf(operator, numbers);
  const value = base === "int" ? integerValue(operator, numbers) : undefined;
  return tensor(base, shape, { ...dependence, ...(value === undefined ? {} : { value }) });
}

const isComparison = (operator: BinaryOperator): boolean => ["<", "<=", ">", ">=", "==", "!="].includes(operator);

function dependenceOf(
  operator: BinaryOperator,
  numbers: readonly TensorOperand[],
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

function baseOf(operator: BinaryOperator, numbers: readonly TensorOperand[]): "int" | "real" {
  const common = numericBase(numbers.map((n) => n.type.base));
  if (operator === "/") return "real";
  if (operator !== "^") return common;
  const exponent = numbers[1]?.type.value,
    n = exponent && numberOf(exponent);
  return common === "int" && n !== undefined && n >= 0 ? "int" : "real";
}

function integerValue(operator: BinaryOperator, numbers: readonly TensorOperand[]): Size | undefined {
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

function listType(items: readonly Typed[], e: Expression, context: Context): Type {
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

function inferBlock(e: Of<"block">, context: Context): Typed {
  refuseTwice(
    context,
    e.lets.map((step) => step.name),
  );
  let inner = context;
  const lets = e.lets.map(({ name, value: written }) => {
    const value = infer(written, inner),
      local = { name, role: "let", type: value.type } as const;
    inner = within(inner, local);
    return { local, value };
  });
  const result = infer(e.result, inner);
  return { ...e, lets, result, type: result.type };
}
