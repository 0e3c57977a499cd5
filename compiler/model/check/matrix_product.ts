/**
 * Types of products of matrices and vectors. In: two operands. Out: the product's type.
 * Shared by `@` and by the functions of the same kind.
 */
import type { Span } from "../../source/span.ts";
import { multiplicative, type TensorOperand } from "./combine.ts";
import { fault, type Context } from "./context.ts";
import { compareSizes } from "../types/size.ts";
import { numericBase, printType, tensor, unknown, type Type } from "../types/type.ts";

/** A @ B: of matrices and vectors, over the last axis of the first and the first of the second. */
export function matrixProduct(numbers: readonly TensorOperand[], span: Span, context: Context): Type {
  const [a, b] = numbers;
  if (!a || !b) return unknown;
  const left = a.type.shape,
    right = b.type.shape;
  const ranks = [left.length, right.length].every((n) => n === 1 || n === 2);
  if (!ranks) {
    fault(context, "ADK0313", span, {
      operator: "@",
      expected: "matrices and vectors",
      found: `${printType(a.type)} @ ${printType(b.type)}`,
    });
    return unknown;
  }
  if (compareSizes(left.at(-1)!, right[0]!) === "different") {
    fault(context, "ADK0301", span, {
      operation: "`@`",
      left: `${printType(a.type)} (its last axis)`,
      right: `${printType(b.type)} (its first axis)`,
    });
    return unknown;
  }
  const dependence = multiplicative([a, b], "`@`", span, context);
  const base = numericBase([a.type.base, b.type.base]);
  return dependence ? tensor(base, [...left.slice(0, -1), ...right.slice(1)], dependence) : unknown;
}
