/**
 * Sizes and declared types. In: the expressions that stand in `[…]` of a type or after `in` of a loop. Out:
 * polynomials, shapes, annotations, and whether a value can stand where a type is declared.
 * A whole number that no polynomial expresses becomes a symbol of its own, which agrees with anything until it is
 * bound.
 */
import type { BinaryOperator, Expression, TypeNode } from "../../source/ast.ts";
import type { Span } from "../../source/span.ts";
import type { Annotation, Typed } from "../tree.ts";
import {
  addSizes,
  atomSize,
  divideSize,
  hasLoops,
  multiplySizes,
  numberOf,
  printSize,
  sizeOf,
  subtractSizes,
  type Size,
} from "../types/size.ts";
import { printType, tensor, unknown, whole, type TensorType, type Type } from "../types/type.ts";
import { sameShape } from "./combine.ts";
import { fault, type Context } from "./context.ts";

export const textOf = (span: Span): string => span.source.text.slice(span.start, span.end).replace(/\s+/g, " ");

/** An expression that is a size, and the polynomial that it is: undefined after a report. */
export interface TypedSize {
  readonly typed: Typed;
  readonly size: Size | undefined;
}

/** A size: whole-number arithmetic that is known when compiling and the same in every round of the loops around it. */
export function sizeFrom(e: Expression, context: Context): TypedSize {
  const { typed, size } = arithmetic(e, context);
  if (size === undefined) return { typed, size };
  const n = numberOf(size);
  if (!hasLoops(size) && (n === undefined || (Number.isInteger(n) && n >= 0))) return { typed, size };
  fault(context, "ADK0310", e.span, {
    found: hasLoops(size) ? `${printSize(size)}, which changes with a loop` : String(n),
  });
  return { typed, size: undefined };
}

/** Between sizes the quotient is a size, where it comes out whole. */
function arithmetic(e: Expression, context: Context): TypedSize {
  if (e.kind !== "binary" || !["+", "-", "*", "/"].includes(e.operator)) return wholeNumber(e, context);
  const { operator, span } = e;
  const left = arithmetic(e.left, context),
    right = arithmetic(e.right, context);
  const size =
    left.size === undefined || right.size === undefined ? undefined : combined(operator, left.size, right.size, span);
  const type = size === undefined ? unknown : whole(size);
  return { typed: { kind: "binary", operator, left: left.typed, right: right.typed, span, type }, size };
}

function combined(operator: BinaryOperator, left: Size, right: Size, span: Span): Size {
  if (operator === "+") return addSizes(left, right);
  if (operator === "-") return subtractSizes(left, right);
  if (operator === "*") return multiplySizes(left, right);
  const dividend = numberOf(left),
    divisor = numberOf(right);
  // Between numbers the quotient is known; `sizeFrom` refuses it where it is a fraction.
  if (dividend !== undefined && divisor !== undefined) return sizeOf(dividend / divisor);
  const exact = divisor === undefined ? undefined : divideSize(left, divisor);
  return exact ?? atomSize({ id: `(${printSize(left)})/(${printSize(right)})`, kind: "opaque", text: textOf(span) });
}

function wholeNumber(e: Expression, context: Context): TypedSize {
  const typed = context.checking.infer(e, context),
    { type } = typed;
  if (type.kind === "unknown") return { typed, size: undefined };
  const single = type.kind === "tensor" && type.base === "int" && type.shape.length === 0;
  if (!single || !type.constant) {
    fault(context, "ADK0310", e.span, { found: printType(type) + (single ? " that is not known when compiling" : "") });
    return { typed, size: undefined };
  }
  const symbol = { id: `${e.span.source.name}@${e.span.start}`, kind: "opaque", text: textOf(e.span) } as const;
  return { typed, size: type.value ?? atomSize(symbol) };
}

/** A declared type with its sizes; the shape is undefined after a report. */
export function annotationOf(
  { base, sizes, span }: TypeNode,
  context: Context,
): { readonly annotation: Annotation; readonly shape: readonly Size[] | undefined } {
  const found = sizes.map((s) => sizeFrom(s, context)),
    shape = found.map((s) => s.size);
  context.checking.roots.push(...found.map((s) => s.typed));
  return {
    annotation: { base, sizes: found.map((s) => s.typed), span },
    shape: shape.every((s) => s !== undefined) ? shape : undefined,
  };
}

/** Whether a value's base and shape fit a declared type: whole numbers are real, nothing else changes. */
export function fits(found: TensorType, declared: TensorType): boolean {
  const base = found.base === declared.base || (found.base === "int" && declared.base === "real");
  return base && sameShape(found.shape, declared.shape);
}

/** Complains unless a value can stand where a type is declared; says whether it can. */
export function conform(found: Type, declared: TensorType, what: string, span: Span, context: Context): boolean {
  if (found.kind === "unknown") return true;
  if (found.kind === "function") {
    fault(context, "ADK0317", span, { found: "a function", where: what });
    return false;
  }
  if (fits(found, declared)) return true;
  fault(context, "ADK0311", span, { what, expected: printType(declared), found: printType(found) });
  return false;
}

/** The value as what is declared: a whole number becomes real, the rest of what is known of it stays. */
export function asDeclared(found: TensorType, declared: TensorType): TensorType {
  if (found.base === declared.base) return { ...found, shape: declared.shape };
  const { degree, orders, constant } = found;
  return tensor(declared.base, declared.shape, { degree, orders, constant });
}
