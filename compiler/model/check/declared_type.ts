/**
 * Sizes and declared types. In: the expressions that stand in `[…]` of a type or after `in` of a loop. Out:
 * polynomials, shapes,
 * and whether a value can stand where a type is declared.
 * A whole number that no polynomial expresses becomes a symbol of its own, which agrees with anything until it is
 * bound.
 */
import type { Expression, TypeNode } from "../../source/ast.ts";
import type { Span } from "../../source/span.ts";
import { sameShape } from "./combine.ts";
import { fault, type Context } from "./context.ts";
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
import { printType, tensor, type Base, type TensorType, type Type } from "../types/type.ts";

export const textOf = (span: Span): string => span.source.text.slice(span.start, span.end).replace(/\s+/g, " ");

/** A size: whole-number arithmetic that is known when compiling and the same in every round of the loops around it. */
export function sizeFrom(e: Expression, context: Context): Size | undefined {
  const size = arithmetic(e, context);
  if (size === undefined) return undefined;
  const n = numberOf(size);
  if (!hasLoops(size) && (n === undefined || (Number.isInteger(n) && n >= 0))) return size;
  fault(context, "ADK0310", e.span, {
    found: hasLoops(size) ? `${printSize(size)}, which changes with a loop` : String(n),
  });
  return undefined;
}

function arithmetic(e: Expression, context: Context): Size | undefined {
  if (e.kind !== "binary" || e.operator !== "/") return wholeNumber(e, context);
  const left = arithmetic(e.left, context),
    right = arithmetic(e.right, context);
  if (left === undefined || right === undefined) return undefined;
  const dividend = numberOf(left),
    divisor = numberOf(right);
  // Between numbers the quotient is known; `sizeFrom` refuses it where it is a fraction.
  if (dividend !== undefined && divisor !== undefined) return sizeOf(dividend / divisor);
  const exact = divisor === undefined ? undefined : divideSize(left, divisor);
  return exact ?? atomSize({ id: `(${printSize(left)})/(${printSize(right)})`, kind: "opaque", text: textOf(e.span) });
}

function wholeNumber(e: Expression, context: Context): Size | undefined {
  if (e.kind === "binary" && (e.operator === "+" || e.operator === "-" || e.operator === "*")) {
    const left = arithmetic(e.left, context),
      right = arithmetic(e.right, context);
    if (left === undefined || right === undefined) return undefined;
    return e.operator === "+"
      ? addSizes(left, right)
      : e.operator === "-"
        ? subtractSizes(left, right)
        : multiplySizes(left, right);
  }
  const type = context.checking.infer(e, context);
  if (type.kind === "unknown") return undefined;
  const single = type.kind === "tensor" && type.base === "int" && type.shape.length === 0;
  if (!single || !type.constant) {
    fault(context, "ADK0310", e.span, { found: printType(type) + (single ? " that is not known when compiling" : "") });
    return undefined;
  }
  return type.value ?? atomSize({ id: `${e.span.source.name}@${e.span.start}`, kind: "opaque", text: textOf(e.span) });
}

/** The sizes of a declared type; undefined after a report. */
export function declaredShape(type: TypeNode, context: Context): readonly Size[] | undefined {
  const sizes = type.sizes.map((s) => sizeFrom(s, context));
  return sizes.every((s) => s !== undefined) ? sizes : undefined;
}

export const baseOf = (base: Base | "index"): Base => (base === "index" ? "int" : base);

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
