/**
 * How types combine: shapes under elementwise operations, degrees under sums and products, and what is no tensor at
 * all.
 * In: the types of operands with their places. Out: shapes and degrees, or `undefined` after a report.
 * An operation is additive (linear in all operands together), multiplicative (linear in each) or neither.
 */
import type { Span } from "../../source/span.ts";
import { fault, type Context } from "./context.ts";
import { compareSizes, type Size } from "../types/size.ts";
import {
  commonBaseOf,
  isScalar,
  mergeOrders,
  printType,
  type Base,
  type Degree,
  type Orders,
  type TensorType,
  type Type,
} from "../types/type.ts";

export interface Operand<T extends Type = Type> {
  readonly type: T;
  readonly span: Span;
}
export type TensorOperand = Operand<TensorType>;

export interface Dependence {
  readonly degree: Degree;
  readonly orders: Orders;
  readonly constant: boolean;
}

/** The operands as tensors; functions are reported, unknown ones are silent. */
export function tensorsOnly(
  operands: readonly Operand[],
  where: string,
  context: Context,
): readonly TensorOperand[] | undefined {
  const tensors: TensorOperand[] = [];
  for (const { type, span } of operands) {
    if (type.kind === "tensor") tensors.push({ type, span });
    else if (type.kind === "function") fault(context, "ADK0317", span, { found: printType(type), where });
  }
  return tensors.length === operands.length ? tensors : undefined;
}

/** Numbers alone: bools are reported. */
export function numbersOnly(
  operands: readonly Operand[],
  operation: string,
  context: Context,
): readonly TensorOperand[] | undefined {
  const tensors = tensorsOnly(operands, `an operand of ${operation}`, context);
  const wrong = tensors?.filter((t) => t.type.base === "bool") ?? [];
  for (const { type, span } of wrong)
    fault(context, "ADK0309", span, { operation, expected: "numbers", found: printType(type) });
  return wrong.length > 0 ? undefined : tensors;
}

/** Whether two shapes agree; what only binding decides counts as agreement here. */
export function sameShape(a: readonly Size[], b: readonly Size[]): boolean {
  return a.length === b.length && a.every((size, n) => compareSizes(size, b[n]!) !== "different");
}

/** The common shape of an elementwise operation. */
export function commonShape(
  tensors: readonly TensorOperand[],
  operation: string,
  span: Span,
  context: Context,
): readonly Size[] | undefined {
  const whole = tensors.filter((t) => !isScalar(t.type));
  const [first] = whole;
  if (!first) return [];
  const other = whole.find((t) => !sameShape(first.type.shape, t.type.shape));
  if (!other) return first.type.shape;
  fault(context, "ADK0301", span, { operation, left: printType(first.type), right: printType(other.type) });
  return undefined;
}

export const commonBase = (tensors: readonly TensorOperand[]): Base => commonBaseOf(tensors.map((t) => t.type.base));

const all = (tensors: readonly TensorOperand[]): Omit<Dependence, "degree"> => ({
  orders: mergeOrders(tensors.map((t) => t.type)),
  constant: tensors.every((t) => t.type.constant),
});

/** Sums, lists, concatenations and choices: linear where every operand is linear or zero. */
export function additive(
  tensors: readonly TensorOperand[],
  operation: string,
  span: Span,
  context: Context,
): Dependence | undefined {
  const has = (degree: Degree): boolean => tensors.some((t) => t.type.degree === degree);
  if (has("linear") && has("known")) {
    fault(context, "ADK0403", span, { operation });
    return undefined;
  }
  return { ...all(tensors), degree: has("linear") ? "linear" : has("known") ? "known" : "zero" };
}

/** Products: linear where one operand at most is. */
export function multiplicative(
  tensors: readonly TensorOperand[],
  operation: string,
  span: Span,
  context: Context,
): Dependence | undefined {
  if (tensors.filter((t) => t.type.degree === "linear").length > 1) {
    fault(context, "ADK0402", span, { operation });
    return undefined;
  }
  const degree = tensors.some((t) => t.type.degree === "zero")
    ? "zero"
    : tensors.some((t) => t.type.degree === "linear")
      ? "linear"
      : "known";
  return { ...all(tensors), degree };
}

/** Everything else: known operands alone. */
export function nonlinear(
  tensors: readonly TensorOperand[],
  operation: string,
  span: Span,
  context: Context,
): Dependence | undefined {
  if (tensors.some((t) => t.type.degree === "linear")) {
    fault(context, "ADK0401", span, { operation });
    return undefined;
  }
  return { ...all(tensors), degree: "known" };
}
